//! Greetings: what is written to whom on which days, what would be, and what was.
mod actions;
mod api;
mod db;
mod decide;
mod export;
mod jobs;
mod model;
mod moments;
mod texts;

pub(crate) use actions::{
    follow_segment, follow_stage, follow_tag,
    sending::{day, first_state, has_candidates},
    wake,
};
pub(crate) use api::{GreetingsApi, SimulationsApi, UnsubscribesApi};
pub(crate) use db::{all_enabled, erase_sends, find_for_share, sends_of};
pub(crate) use jobs::{GreetPeople, PurgeGreeting, look_now};
pub use model::GreetingId;
pub(crate) use model::{Approval, Greeting};
pub(crate) use moments::days as days_of;
