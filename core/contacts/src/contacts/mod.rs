//! Contacts: the people a tenant deals with.
mod actions;
mod api;
mod db;
mod draft;
mod export;
mod filters;
mod jobs;
mod model;
mod personal;

pub(crate) use actions::{UNDO, check_list, check_room, facts, owner_in_reach, rewrite, room};
pub use actions::{convert, create, delete, duplicates, match_or_create, restore, set_hold, update};
pub(crate) use api::ContactsApi;
pub use db::many::relink;
pub use db::{closest, count, find, require, set_last_contact, set_scores};
pub(crate) use db::{count_up_to, lock_all_keys, lock_keys, many, set_custom};
pub(crate) use draft::{Draft, MAX_TAGS};
pub(crate) use export::exported_column;
pub(crate) use filters::check_rules;
pub(crate) use jobs::{ContactRecords, PurgeContact, PurgeContacts};
pub use model::{
    Address, Contact, ContactEmail, ContactId, ContactMade, ContactPatch, ContactPhone, ContactTier, Duplicate,
    EmailKind, Match, MatchRule, Matched, NewContact, Owners, PhoneKind, ScoreBand, SegmentId, Touch,
};
pub use personal::{Person, erase_person, export_person, people, person};
