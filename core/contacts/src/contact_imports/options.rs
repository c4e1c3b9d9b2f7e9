//! How rows become contacts: what whoever imports chooses.
use super::brought::DateOrder;
use crate::contacts::SegmentId;
use kernel::{Error, Result, error::FieldProblem, ids::UserId, jsonb};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

/// What happens with rows by whether their contact is known.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// New ones are made, known ones left alone.
    Create,
    /// Known ones are changed, new ones left out.
    Update,
    /// New ones are made, known ones changed.
    #[default]
    Both,
}

/// By what a row finds its contact.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ImportKey {
    /// The contact's id. A row with an id that is nobody's is refused.
    Id,
    /// An e-mail address.
    Email,
    /// A valid phone number.
    Phone,
    /// A value of one of the tenant's own fields that is unique, when a column of the file says it.
    Custom,
}

/// What to do with what cannot be used, for example a time zone that does not exist.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum BadCells {
    /// The row does not come in.
    #[default]
    Refuse,
    /// The row comes in without it.
    LeaveOut,
}

/// How rows become contacts.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
#[serde(default)]
pub struct ImportOptions {
    /// New ones, known ones, or both.
    #[oai(default)]
    pub mode: ImportMode,
    /// By what a row finds its contact, the most trusted first; the oldest contact wins when several have an address.
    /// Empty: every row is a new contact, however often it comes.
    #[oai(default = "default_keys")]
    pub match_by: Vec<ImportKey>,
    /// Whether a cell replaces what a known contact has; otherwise only what is empty is filled. An empty cell never
    /// changes anything. E-mail addresses, phone numbers and tags are always added to the known ones.
    #[oai(default = "yes")]
    pub overwrite: bool,
    /// What to do with what cannot be used.
    #[oai(default)]
    pub bad_cells: BadCells,
    /// Where phone numbers without a country code belong: ISO 3166 alpha-2; the tenant's country when absent.
    pub country: Option<String>,
    /// In which order birthdays and anniversaries are written that could be two days; as people of `country` do when absent.
    pub date_order: Option<DateOrder>,
    /// What stands between several addresses, numbers or tags in one cell: one of `;` `,` `|` `/`. A line break always does.
    #[oai(default = "semicolon")]
    pub separator: String,
    /// Tags that every contact gets.
    #[oai(default)]
    pub tags: Vec<String>,
    /// Stage of new contacts whose row says none.
    pub stage: Option<String>,
    /// Owner of new contacts whose row says none.
    pub owner: Option<UserId>,
    /// Source of new contacts whose row says none; `import` when absent.
    pub source: Option<String>,
    /// A static segment that gets everybody who comes in with the file, is changed by it or stands in it as he is. Needs
    /// `segments.write`.
    pub segment: Option<SegmentId>,
}

fn default_keys() -> Vec<ImportKey> {
    vec![ImportKey::Id, ImportKey::Email, ImportKey::Phone]
}
fn yes() -> bool {
    true
}
fn semicolon() -> String {
    ";".to_owned()
}

impl Default for ImportOptions {
    fn default() -> Self {
        ImportOptions {
            mode: ImportMode::default(),
            match_by: default_keys(),
            overwrite: true,
            bad_cells: BadCells::default(),
            country: None,
            date_order: None,
            separator: semicolon(),
            tags: vec![],
            stage: None,
            owner: None,
            source: None,
            segment: None,
        }
    }
}

impl ImportOptions {
    /// Whether the month stands first in dates that could be two days: as was said, or as it is usual where the contacts are;
    /// `None` when that is not known.
    pub fn month_first(&self, tenant: Option<&str>) -> Option<bool> {
        match self.date_order {
            Some(order) => Some(order == DateOrder::MonthFirst),
            None => Some(matches!(self.country.as_deref().or(tenant)?, "US" | "PH" | "PR" | "GU" | "AS" | "VI" | "FM")),
        }
    }

    /// Refuses what cannot be meant.
    pub fn checked(mut self) -> Result<Self> {
        let mut problems = vec![];
        let mut refuse = |field: &str, code: &str, detail: &str| {
            problems.push(FieldProblem { field: field.into(), code: code.into(), detail: detail.into() });
        };
        let mut seen = vec![];
        self.match_by.retain(|key| {
            !seen.contains(key) && {
                seen.push(*key);
                true
            }
        });
        if self.mode != ImportMode::Create && self.match_by.is_empty() {
            refuse("/options/match_by", "match_missing", "Say by what a row finds the contact that it changes.");
        }
        if !matches!(self.separator.as_str(), ";" | "," | "|" | "/") {
            refuse("/options/separator", "separator", "One of ; , | /");
        }
        if self.country.as_ref().is_some_and(|c| c.len() != 2 || !c.bytes().all(|b| b.is_ascii_uppercase())) {
            refuse("/options/country", "country_invalid", "Two upper-case letters, for example DE.");
        }
        if self.tags.len() > 20 || !self.tags.iter().all(|tag| crate::tags::is_name(tag)) {
            refuse("/options/tags", "tags", "At most 20 tags of 1 to 60 characters.");
        }
        if self.source.as_ref().is_some_and(|s| s.trim().is_empty() || s.chars().count() > 60) {
            refuse("/options/source", "length", "1 to 60 characters.");
        }
        if problems.is_empty() { Ok(self) } else { Err(Error::invalid_fields(problems)) }
    }
}

jsonb!(ImportOptions);
