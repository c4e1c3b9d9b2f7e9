//! What somebody bought.
use crate::deals::{Billing, DealId};
use chrono::NaiveDate;
use companies::ClientValue;
use kernel::row;
use poem_openapi::Object;

/// Most services, and most projects, that are shown.
pub(super) const MOST: i64 = 200;

kernel::word! {
    /// Where something stands in time.
    pub enum TermState {
        /// Its first day is still to come.
        Coming = "coming",
        /// Today is one of its days.
        #[default]
        Running = "running",
        /// Its last day is over.
        Ended = "ended",
        /// It was paid once and has no last day.
        Done = "done",
    }
}

row! {
    /// A line of a won deal.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "ClientService", skip_serializing_if_is_none)]
    pub struct Service {
        /// The deal that sold it.
        pub deal: DealId,
        /// What that deal is called.
        pub deal_title: String,
        /// What was bought.
        pub name: String,
        /// How many, in thousandths.
        pub quantity: i64,
        /// What is paid each time, in minor units of `currency`.
        pub total: i64,
        /// ISO 4217.
        pub currency: String,
        /// How often.
        pub billing: Billing,
        /// Its first day: its own, that of the deal, or the day on which it was won.
        pub starts_on: NaiveDate,
        /// Its last day; absent when it runs until somebody ends it.
        pub ends_on: Option<NaiveDate>,
        /// Where it stands today.
        pub state: TermState,
    }
}

row! {
    /// A won deal, from its first to its last day.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "ClientProject", skip_serializing_if_is_none)]
    pub struct Project {
        /// The deal.
        pub deal: DealId,
        /// What it is called.
        pub title: String,
        /// What it was worth, in minor units of `currency`.
        pub amount: i64,
        /// ISO 4217.
        pub currency: String,
        /// The day on which it was won.
        pub won_on: NaiveDate,
        /// Its first day; the day on which it was won when it names none.
        pub starts_on: NaiveDate,
        /// Its last day.
        pub ends_on: Option<NaiveDate>,
        /// Where it stands today.
        pub state: TermState,
    }
}

/// What somebody bought, as far as the caller may see the deals.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct ClientServices {
    /// Lines of won deals: those that run first, then those that come, then the others; the latest first, at most 200.
    pub services: Vec<Service>,
    /// Won deals in the same order, at most 200.
    pub projects: Vec<Project>,
    /// What the person is worth, counted from won deals that belong to no company. A company has that itself.
    pub value: Option<ClientValue>,
}
