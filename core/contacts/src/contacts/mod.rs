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

pub(crate) use actions::{check_list, rewrite};
pub use actions::{create, delete, duplicates, match_or_create, restore, set_hold, update};
pub(crate) use api::ContactsApi;
pub use db::{count, find, require, set_last_contact};
pub(crate) use db::{count_up_to, lock_all_keys, lock_keys, lock_room, strip_custom};
pub(crate) use draft::{Draft, FIRST_STAGE};
pub(crate) use jobs::{ContactRecords, PurgeContact};
pub use model::{
    Address, Contact, ContactEmail, ContactId, ContactMade, ContactPatch, ContactPhone, Duplicate, EmailKind, Match,
    MatchRule, Matched, NewContact, Owners, PhoneKind, Touch,
};
pub use personal::{Person, erase_person, export_person, people, person};
