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
pub(crate) mod rank;

pub(crate) use actions::{
    Clients, UNDO, below, check_list, contacts_touched, create, facts, follow_words, owner_in_reach, put_contact,
    remind, touch,
};
pub(crate) use api::{DealsApi, reach};
pub(crate) use db::custom::{COMPANY_REFERENCES, REFERENCES};
pub(crate) use db::{FIELDS, Narrow, Outcome, WORDS, columns, count, many, reach_clause};
pub use db::{hold, require};
pub(crate) use draft::{DAYS, Draft, Ending, MAX_AMOUNT, is_day};
pub use items::Billing;
pub(crate) use jobs::{DealRecords, FollowWords, PurgeDeal, PurgeDeals, RemindStep};
pub(crate) use model::{Deal, DealRole, NewDeal, NewDealContact, NewOutcome, Reach, in_home};
pub use model::{DealId, DealStatus};
pub use personal::{erase_person, export_person};
