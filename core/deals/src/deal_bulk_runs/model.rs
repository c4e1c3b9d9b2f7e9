//! What a bulk run over deals is and what may be sent for one. What a change makes of a deal is in `change.rs`.
use crate::deals::{DAYS, DealId, Ending, NewOutcome, below, is_day};
use crate::pipelines::StageId;
use chrono::NaiveDate;
use contacts::ContactId;
use fields::Custom;
use kernel::{Error, Result, bulk, ids::UserId, row};
use poem_openapi::{Object, types::MaybeUndefined};

/// One change, the same for every deal. Absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default, PartialEq)]
#[oai(deny_unknown_fields)]
pub struct DealBulkChange {
    /// The stage they go to, at its top; also of another pipeline. A deal that is closed, or lacks what the stage asks for, stays as
    /// it is, and its row says so.
    #[oai(skip_serializing_if_is_none)]
    pub stage: Option<StageId>,
    /// The member responsible; null for nobody.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub owner: MaybeUndefined<UserId>,
    /// The day on which they should be decided, between 1970 and 9998; null for none.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub expected_close: MaybeUndefined<NaiveDate>,
    /// Values of the fields that the tenant defined, by key; null empties.
    #[oai(default)]
    pub custom: Custom,
    /// Close the open ones so; nothing else is changed then.
    #[oai(skip_serializing_if_is_none)]
    pub outcome: Option<NewOutcome>,
    /// True: open closed ones again, where they stood; nothing else is changed then.
    #[oai(skip_serializing_if_is_none)]
    pub reopened: Option<bool>,
    /// Delete them, or bring deleted ones back; nothing else is changed then. Needs `deals.delete` as far as
    /// `deals.mass_update`.
    #[oai(skip_serializing_if_is_none)]
    pub deleted: Option<bool>,
}

kernel::jsonb_as_sent!(DealBulkChange);

impl DealBulkChange {
    /// A change that says something, and one thing when it ends or deletes.
    pub fn checked(self) -> Result<Self> {
        if self.reopened == Some(false) {
            return Err(Error::invalid("/change/reopened", "value", "Only true."));
        }
        let fields = DealBulkChange { outcome: None, reopened: None, deleted: None, ..self.clone() };
        let alone = [self.outcome.is_some(), self.reopened.is_some(), self.deleted.is_some()];
        let alone = alone.into_iter().filter(|said| *said).count();
        match (alone, fields == DealBulkChange::default()) {
            (0, true) => return Err(Error::invalid("/change", "required", "Say what is to be changed.")),
            (0, false) | (1, true) => {}
            _ => {
                let detail = "Whatever ends, opens again, is deleted or brought back keeps the rest.";
                return Err(Error::invalid("/change", "alone", detail));
            }
        }
        if self.expected_close.value().is_some_and(|day| !is_day(*day)) {
            return Err(Error::invalid("/change/expected_close", "date_range", DAYS));
        }
        if let Some(outcome) = &self.outcome {
            Ending::new(outcome.clone()).map_err(|error| below(error, "/change/outcome"))?;
        }
        Ok(self)
    }
}

/// Deals of a list, as they are in the moment in which the run is made.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct DealSelection {
    /// Words that each deal or one of its contacts holds, at most 100 characters.
    pub q: Option<String>,
    /// A contact that is on each.
    pub contact: Option<ContactId>,
    /// A stage to which each came, as in the list.
    pub reached: Option<StageId>,
    /// A stage in which each was.
    pub was_in: Option<StageId>,
    /// Filters of the list, `field:op:value`; all must hold.
    #[oai(default)]
    pub filter: Vec<String>,
    /// Deals that are not meant, at most 10,000.
    #[oai(default)]
    pub excluded: Vec<DealId>,
}

/// A run to begin. Either `deals` or `matching` says which deals are meant.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewDealBulkRun {
    /// Which ones, 1 to 10,000.
    #[oai(default)]
    pub deals: Vec<DealId>,
    /// All in reach that a list shows, 1 to 500,000. To bring deals back the list of deleted ones is meant.
    pub matching: Option<DealSelection>,
    /// What is changed.
    pub change: DealBulkChange,
}

impl NewDealBulkRun {
    /// As it may begin.
    pub fn checked(self) -> Result<Self> {
        let excluded = self.matching.as_ref().map(|wish| wish.excluded.len());
        bulk::check_meant("deals", self.deals.len(), excluded)?;
        let change = self.change.checked()?;
        Ok(NewDealBulkRun { change, ..self })
    }
}

kernel::bulk_runs! {
    "deal", "deals",
    [
        "deal_bulk_run.created",
        "deal_bulk_run.cancelled",
        "deal_bulk_run.finished",
        "deal_bulk_run.failed",
        "deal_bulk_run.undo_started",
        "deal_bulk_run.undone",
    ],
    /// One change to many deals.
    pub struct DealBulkRun { change: DealBulkChange }
}

row! {
    /// What became of one deal.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct DealBulkRunRow {
        /// Its place in the run, from 1.
        pub place: i32,
        /// The deal; absent when its words were erased, or it is out of reach.
        pub deal: Option<DealId>,
        /// What it is called; absent when it is deleted.
        pub deal_title: Option<String>,
        /// `changed`, `unchanged` because it was so already, or `skipped`; absent while it waits.
        pub outcome: Option<String>,
        /// Why it was skipped: `missing`, `deal_closed`, `deal_open`, `stage_requires`, `stage_unknown`, or the code of what is wrong with a
        /// value.
        pub reason: Option<String>,
        /// What the reason is about, as JSON pointers: the fields that are missing, or whose value is wrong.
        pub fields: Vec<String>,
        /// What an undo did: `restored`, or why it left the deal as it is: `edited` when somebody has changed the same since, `missing`,
        /// `not_unique` and the like.
        pub undo: Option<String>,
    }
}

/// How many deals a list shows.
#[derive(Object, Debug, Clone)]
pub struct DealCount {
    /// So many; counted no further than 500,001.
    pub count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem_openapi::types::ParseFromJSON;
    use serde_json::json;

    #[test]
    fn one_thing_is_done_and_kept_as_it_was_sent() {
        for said in [
            json!({}),
            json!({"owner": null, "title": "x"}),
            json!({"owner": null, "deleted": true}),
            json!({"reopened": true, "deleted": true}),
            json!({"reopened": false}),
            json!({"outcome": {"status": "lost"}}),
            json!({"expected_close": "1969-12-31"}),
        ] {
            let read = DealBulkChange::parse_from_json(Some(said.clone()));
            assert!(read.map_or(true, |change| change.checked().is_err()), "{said}");
        }
        for said in [
            json!({"owner": null}),
            json!({"expected_close": "2026-12-24", "custom": {"seats": null}}),
            json!({"outcome": {"status": "lost", "reason": "Price"}}),
            json!({"deleted": false}),
        ] {
            let change = DealBulkChange::parse_from_json(Some(said)).unwrap().checked().unwrap();
            let again: DealBulkChange = serde_json::from_value(serde_json::to_value(&change).unwrap()).unwrap();
            assert_eq!(again, change);
        }
    }
}
