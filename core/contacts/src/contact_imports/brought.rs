//! What an import brings besides contacts, in figures, and what its start decides about it.
use super::model::ImportField;
use kernel::{jsonb, row};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

impl ImportField {
    /// What it is called as a column of a part ([`kernel::imports::ImportPart`]); none for what every contact has.
    pub fn part_column(self) -> Option<&'static str> {
        use ImportField::*;
        match self {
            Company => Some("company"),
            CompanyWebsite => Some("company_website"),
            CompanyRole => Some("company_role"),
            Birthday => Some("birthday"),
            Anniversary => Some("anniversary"),
            OptOut => Some("opt_out"),
            OptOutEmail => Some("opt_out_email"),
            OptOutPhone => Some("opt_out_phone"),
            OptOutSms => Some("opt_out_sms"),
            OptOutWhatsapp => Some("opt_out_whatsapp"),
            _ => None,
        }
    }
}

/// In which order dates like `05/04/1990` are written.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// The fifth of April.
    DayFirst,
    /// The fourth of May.
    MonthFirst,
}

row! {
    /// What an undo left of what came besides contacts.
    #[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct ImportKept {
        /// `companies`, `people`, `occasions`, `blocks` or `segment`.
        pub what: String,
        /// Why: `used` by something else, `changed` since, `contact_kept` because the contact stays, or `held` with a contact
        /// under legal hold.
        pub reason: String,
        /// How many.
        pub count: i32,
    }
}

/// What came besides contacts.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportBrought {
    /// New companies.
    pub companies: i32,
    /// Contacts that became one of a company's people, or got other roles there.
    pub people: i32,
    /// Birthdays and anniversaries that are new or different.
    pub occasions: i32,
    /// Channels that are blocked since.
    pub blocks: i32,
    /// Contacts that came into the segment.
    pub segment_members: i32,
    /// Contacts that did not, because the segment was deleted meanwhile.
    pub segment_missed: i32,
    /// What the undo left, and why.
    pub kept: Vec<ImportKept>,
}

impl ImportBrought {
    /// Adds what a part counted.
    pub fn add(&mut self, counts: &[(&str, i32)]) {
        for (what, count) in counts {
            match *what {
                "companies" => self.companies += count,
                "people" => self.people += count,
                "occasions" => self.occasions += count,
                "segment_members" => self.segment_members += count,
                "segment_missed" => self.segment_missed += count,
                _ => self.blocks += count,
            }
        }
    }

    /// This and more.
    pub fn with(mut self, more: &Self) -> Self {
        self.add(&[
            ("companies", more.companies),
            ("people", more.people),
            ("occasions", more.occasions),
            ("blocks", more.blocks),
            ("segment_members", more.segment_members),
            ("segment_missed", more.segment_missed),
        ]);
        self
    }

    /// Whether it is nothing at all.
    pub fn is_nothing(&self) -> bool {
        let records = self.companies + self.people + self.occasions + self.blocks;
        records + self.segment_members + self.segment_missed == 0
    }
}

/// By permission, whose records whoever started an import may write; everybody's when `None`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Reaches(pub HashMap<String, Option<Vec<Uuid>>>);

jsonb!(ImportBrought, Reaches);
