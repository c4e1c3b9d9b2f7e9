//! What a bulk run is and what may be sent for one. What a change makes of a contact is in `change.rs`.
use crate::{
    contacts::{ContactId, ContactTier, SegmentId},
    do_not_contact::BlockedChannel,
};
use fields::Custom;
use kernel::{Result, bulk, ids::UserId, row};
use poem_openapi::{Object, types::MaybeUndefined};

/// One change, the same for every contact. Absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default, PartialEq)]
#[oai(deny_unknown_fields)]
pub struct ContactBulkChange {
    /// Key of the new stage.
    #[oai(skip_serializing_if_is_none)]
    pub stage: Option<String>,
    /// The member responsible; null for nobody.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub owner: MaybeUndefined<UserId>,
    /// How much the contacts are worth; null for not said.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub tier: MaybeUndefined<ContactTier>,
    /// Where the contacts come from, at most 60 characters; null for not said.
    #[oai(skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub source: MaybeUndefined<String>,
    /// Values of the fields that the tenant defined, by key; null empties.
    #[oai(default)]
    pub custom: Custom,
    /// Tags to add; unknown ones are made.
    #[oai(default)]
    pub add_tags: Vec<String>,
    /// Tags to take away.
    #[oai(default)]
    pub remove_tags: Vec<String>,
    /// A static segment to put them into. Needs `segments.write`, for all when somebody else made the segment; so does
    /// `remove_from_segment`. 422 `segment_unknown`, 409 `segment_not_static`.
    #[oai(skip_serializing_if_is_none)]
    pub add_to_segment: Option<SegmentId>,
    /// A static segment to take them out of.
    #[oai(skip_serializing_if_is_none)]
    pub remove_from_segment: Option<SegmentId>,
    /// A channel by which they may not be reached any more.
    #[oai(skip_serializing_if_is_none)]
    pub block: Option<BlockedChannel>,
    /// A channel by which they may be reached again.
    #[oai(skip_serializing_if_is_none)]
    pub unblock: Option<BlockedChannel>,
    /// Delete them, or bring deleted ones back; nothing else is changed then. Needs `contacts.write` as far as
    /// `contacts.mass_update`.
    #[oai(skip_serializing_if_is_none)]
    pub deleted: Option<bool>,
}

kernel::jsonb_as_sent!(ContactBulkChange);

impl ContactBulkChange {
    /// A change that says something, and one thing when it deletes.
    pub fn checked(mut self) -> Result<Self> {
        let mut wrong = crate::Problems::default();
        if let MaybeUndefined::Value(source) = self.source {
            self.source = wrong.text("/change/source", Some(source), 60).map_or(MaybeUndefined::Null, Into::into);
        }
        let rest = ContactBulkChange { deleted: None, ..self.clone() };
        match (self.deleted.is_some(), rest == ContactBulkChange::default()) {
            (false, true) => wrong.add("/change", "required", "Say what is to be changed."),
            (true, false) => {
                wrong.add("/change/deleted", "alone", "Whatever is deleted or brought back keeps the rest.")
            }
            _ => {}
        }
        if self.block.is_some() && self.unblock.is_some() {
            wrong.add("/change/unblock", "alone", "Block or unblock.");
        }
        if self.add_to_segment.is_some() && self.remove_from_segment.is_some() {
            wrong.add("/change/remove_from_segment", "alone", "Put them into a segment, or take them out of one.");
        }
        wrong.check()?;
        Ok(self)
    }

    /// The segment that is changed, and whether contacts come into it.
    pub fn segment(&self) -> Option<(SegmentId, bool)> {
        let add = self.add_to_segment.map(|id| (id, true));
        add.or_else(|| self.remove_from_segment.map(|id| (id, false)))
    }

    /// The field that names it, as a JSON pointer.
    pub fn segment_field(&self) -> &'static str {
        if self.add_to_segment.is_some() { "/change/add_to_segment" } else { "/change/remove_from_segment" }
    }
}

/// Contacts of a list, as they are in the moment in which the run is made.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ContactSelection {
    /// Words that each contact holds, as the list searches them with a filter; at most 100 characters.
    pub q: Option<String>,
    /// Filters of the list, `field:op:value`, segments too; all must hold.
    #[oai(default)]
    pub filter: Vec<String>,
    /// Contacts that are not meant, at most 10,000.
    #[oai(default)]
    pub excluded: Vec<ContactId>,
}

/// A run to begin. Either `contacts` or `matching` says which contacts are meant.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewContactBulkRun {
    /// Which ones, 1 to 10,000.
    #[oai(default)]
    pub contacts: Vec<ContactId>,
    /// Everybody in reach whom a list shows, 1 to 500,000. To bring contacts back the list of deleted ones is meant.
    pub matching: Option<ContactSelection>,
    /// What is changed.
    pub change: ContactBulkChange,
}

impl NewContactBulkRun {
    /// As it may begin.
    pub fn checked(self) -> Result<Self> {
        let excluded = self.matching.as_ref().map(|wish| wish.excluded.len());
        bulk::check_meant("contacts", self.contacts.len(), excluded)?;
        let change = self.change.checked()?;
        Ok(NewContactBulkRun { change, ..self })
    }
}

kernel::bulk_runs! {
    "contact", "contacts",
    [
        "contact_bulk_run.created",
        "contact_bulk_run.cancelled",
        "contact_bulk_run.finished",
        "contact_bulk_run.failed",
        "contact_bulk_run.undo_started",
        "contact_bulk_run.undone",
    ],
    /// One change to many contacts.
    pub struct ContactBulkRun { change: ContactBulkChange }
}

row! {
    /// What became of one contact.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactBulkRunRow {
        /// Its place in the run, from 1.
        pub place: i32,
        /// The contact; absent when it was erased, or is out of reach.
        pub contact: Option<ContactId>,
        /// What it is called; absent when it is deleted.
        pub contact_name: Option<String>,
        /// `changed`, `unchanged` because it was so already, or `skipped`; absent while it waits.
        pub outcome: Option<String>,
        /// Why it was skipped: `missing` (not there, or not yours), `contact_on_hold`, `segment_gone`, or the code of what was
        /// refused.
        pub reason: Option<String>,
        /// The field that was refused, as a JSON pointer.
        pub field: Option<String>,
        /// What an undo did: `restored`, `edited` (somebody changed since what the run had changed, so it stays), `missing`, or
        /// the code of what was refused.
        pub undo: Option<String>,
    }
}

/// How many contacts a list shows.
#[derive(Object, Debug, Clone)]
pub struct ContactCount {
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
        for said in [
            json!({"owner": null, "tags": 1}),
            json!({"stage": "won", "deleted": true}),
            json!({}),
            json!({"block": "email", "unblock": "email"}),
            json!({"source": "x".repeat(61)}),
            json!({"add_to_segment": "seg_"}),
        ] {
            let read = ContactBulkChange::parse_from_json(Some(said.clone()));
            assert!(read.map_or(true, |change| change.checked().is_err()), "{said}");
        }
        for said in
            [json!({"owner": null}), json!({"tier": "gold", "custom": {"seats": null}}), json!({"deleted": false})]
        {
            let change = ContactBulkChange::parse_from_json(Some(said)).unwrap().checked().unwrap();
            let again: ContactBulkChange = serde_json::from_value(serde_json::to_value(&change).unwrap()).unwrap();
            assert_eq!(again, change);
        }
        let emptied = ContactBulkChange { source: MaybeUndefined::Value("  ".into()), ..Default::default() };
        assert_eq!(emptied.checked().unwrap().source, MaybeUndefined::Null);
    }
}
