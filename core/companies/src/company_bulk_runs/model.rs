//! What a bulk run over companies is and what may be sent for one. What a change makes of a company is in `change.rs`.
use crate::companies::{CompanyId, Status, Tier};
use contacts::Problems;
use fields::Custom;
use kernel::{Error, Result, bulk, ids::UserId, row};
use poem_openapi::{Object, types::MaybeUndefined};

/// One change, the same for every company. Absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default, PartialEq)]
#[oai(deny_unknown_fields)]
pub struct CompanyBulkChange {
    /// Where the relationships stand now.
    #[oai(skip_serializing_if_is_none)]
    pub status: Option<Status>,
    /// How much they matter; null for not said.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub tier: MaybeUndefined<Tier>,
    /// The member responsible; null for nobody.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub owner: MaybeUndefined<UserId>,
    /// What they do, at most 100 characters; null for not said.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub industry: MaybeUndefined<String>,
    /// Values of the fields that the tenant defined, by key; null empties.
    #[oai(default)]
    pub custom: Custom,
    /// Delete them, or bring deleted ones back; nothing else is changed then. Needs `companies.delete` as far as
    /// `companies.mass_update`.
    #[oai(skip_serializing_if_is_none)]
    pub deleted: Option<bool>,
}

kernel::jsonb_as_sent!(CompanyBulkChange);

impl CompanyBulkChange {
    /// A change that says something, and one thing when it deletes.
    pub fn checked(mut self) -> Result<Self> {
        if let MaybeUndefined::Value(industry) = self.industry {
            let mut wrong = Problems::default();
            let text = wrong.text("/change/industry", Some(industry), 100);
            wrong.check()?;
            self.industry = text.map_or(MaybeUndefined::Null, Into::into);
        }
        let rest = CompanyBulkChange { deleted: None, ..self.clone() };
        match (self.deleted.is_some(), rest == CompanyBulkChange::default()) {
            (false, true) => Err(Error::invalid("/change", "required", "Say what is to be changed.")),
            (true, false) => {
                let detail = "Whatever is deleted or brought back keeps the rest.";
                Err(Error::invalid("/change/deleted", "alone", detail))
            }
            _ => Ok(self),
        }
    }
}

/// Companies of a list, as they are in the moment in which the run is made.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct CompanySelection {
    /// Words that each company holds, as the list searches them with a filter; at most 100 characters.
    pub q: Option<String>,
    /// Filters of the list, `field:op:value`; all must hold.
    #[oai(default)]
    pub filter: Vec<String>,
    /// Companies that are not meant, at most 10,000.
    #[oai(default)]
    pub excluded: Vec<CompanyId>,
}

/// A run to begin. Either `companies` or `matching` says which companies are meant.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewCompanyBulkRun {
    /// Which ones, 1 to 10,000.
    #[oai(default)]
    pub companies: Vec<CompanyId>,
    /// All in reach that a list shows, 1 to 500,000. To bring companies back the list of deleted ones is meant.
    pub matching: Option<CompanySelection>,
    /// What is changed.
    pub change: CompanyBulkChange,
}

impl NewCompanyBulkRun {
    /// As it may begin.
    pub fn checked(self) -> Result<Self> {
        let excluded = self.matching.as_ref().map(|wish| wish.excluded.len());
        bulk::check_meant("companies", self.companies.len(), excluded)?;
        let change = self.change.checked()?;
        Ok(NewCompanyBulkRun { change, ..self })
    }
}

kernel::bulk_runs! {
    "company", "companies",
    [
        "company_bulk_run.created",
        "company_bulk_run.cancelled",
        "company_bulk_run.finished",
        "company_bulk_run.failed",
        "company_bulk_run.undo_started",
        "company_bulk_run.undone",
    ],
    /// One change to many companies.
    pub struct CompanyBulkRun { change: CompanyBulkChange }
}

row! {
    /// What became of one company.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct CompanyBulkRunRow {
        /// Its place in the run, from 1.
        pub place: i32,
        /// The company; absent when its words were erased, or it is out of reach.
        pub company: Option<CompanyId>,
        /// What it is called; absent when it is deleted.
        pub company_name: Option<String>,
        /// `changed`, `unchanged` because it was so already, or `skipped`; absent while it waits.
        pub outcome: Option<String>,
        /// Why it was skipped: `missing`, or the code of what is wrong with a value.
        pub reason: Option<String>,
        /// The fields whose values are wrong, as JSON pointers.
        pub fields: Vec<String>,
        /// What an undo did: `restored`, or why it left the company as it is: `edited` when somebody has changed the same since,
        /// `missing`, `not_unique` and the like.
        pub undo: Option<String>,
    }
}

/// How many companies a list shows.
#[derive(Object, Debug, Clone)]
pub struct CompanyCount {
    /// So many; counted no further than 500,001.
    pub count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem_openapi::types::ParseFromJSON;
    use serde_json::json;

    #[test]
    fn what_is_null_and_what_is_absent_stay_apart() {
        for said in [json!({}), json!({"status": "active", "deleted": true}), json!({"industry": "x".repeat(101)})] {
            let read = CompanyBulkChange::parse_from_json(Some(said.clone()));
            assert!(read.map_or(true, |change| change.checked().is_err()), "{said}");
        }
        for said in
            [json!({"owner": null}), json!({"tier": "gold", "custom": {"seats": null}}), json!({"deleted": false})]
        {
            let change = CompanyBulkChange::parse_from_json(Some(said)).unwrap().checked().unwrap();
            let again: CompanyBulkChange = serde_json::from_value(serde_json::to_value(&change).unwrap()).unwrap();
            assert_eq!(again, change);
        }
        let emptied = CompanyBulkChange { industry: MaybeUndefined::Value("  ".into()), ..Default::default() };
        assert_eq!(emptied.checked().unwrap().industry, MaybeUndefined::Null);
    }
}
