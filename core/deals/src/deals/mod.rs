//! Deals: what may be sold.
mod actions;
mod api;
mod attribution;
mod db;
mod draft;
mod export;
mod items;
mod jobs;
mod model;
mod personal;
mod rank;

pub(crate) use actions::{below, check_list, contacts_touched, create, follow_words, put_contact, touch};
pub(crate) use api::{DealsApi, reach};
pub(crate) use db::custom::REFERENCES;
pub(crate) use db::{FIELDS, WORDS, columns, reach_clause};
pub use db::{hold, require};
pub(crate) use draft::MAX_AMOUNT;
pub use items::Billing;
pub(crate) use jobs::{DealRecords, FollowWords, PurgeDeal, RemindStep};
pub(crate) use model::{Deal, DealRole, NewDeal, NewDealContact, Reach, in_home};
pub use model::{DealId, DealStatus};
pub use personal::{erase_person, export_person};
