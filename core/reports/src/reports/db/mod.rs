//! Every statement behind reports. Rows are put between the limits of days and months by `width_bucket`, so that the
//! limits are computed in one place.
pub(super) mod deals;
pub(super) mod home;
pub(super) mod people;
pub(super) mod ways;
pub(super) mod work;

use super::period::{Window, month_of};
use ::deals::PipelineId;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use contacts::Owners;
use kernel::row;

/// By what rows are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// All in one.
    All,
    /// By slot of the window, from 1.
    Slot,
    /// By owner, author or assignee.
    Member,
    /// By where they came from.
    Source,
    /// By the campaign of the first visit.
    FirstTouch,
    /// By the campaign of the last visit.
    LastTouch,
    /// By the name of the campaign of the first visit; of deals.
    FirstCampaign,
    /// By the name of the campaign of the last visit; of deals.
    LastCampaign,
    /// By pipeline.
    Pipeline,
    /// By why they were lost.
    Reason,
    /// By stage, status or kind.
    Kind,
    /// By tier.
    Tier,
}

impl By {
    /// As the statements know it.
    fn as_str(self) -> &'static str {
        match self {
            By::All => "all",
            By::Slot => "slot",
            By::Member => "member",
            By::Source => "source",
            By::FirstTouch => "first",
            By::LastTouch => "last",
            By::FirstCampaign => "first_campaign",
            By::LastCampaign => "last_campaign",
            By::Pipeline => "pipeline",
            By::Reason => "reason",
            By::Kind => "kind",
            By::Tier => "tier",
        }
    }
}

/// Whose rows count.
#[derive(Debug, Clone, Default)]
pub(super) struct Whose {
    /// Owners that the caller reaches.
    pub reach: Owners,
    /// Owners that are asked for.
    pub only: Owners,
    /// The pipeline that is asked for; of deals.
    pub pipeline: Option<PipelineId>,
}

/// When rows count: from when on, until before when, and where slots begin.
#[derive(Debug, Clone)]
pub(super) struct When {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub slots: Vec<DateTime<Utc>>,
}

impl When {
    /// Days of a zone, with these slots.
    pub fn of(window: Window, slots: &[Window], zone: Tz) -> Self {
        let (start, end) = window.moments(zone);
        When { start, end, slots: slots.iter().map(|slot| slot.moments(zone).0).collect() }
    }
}

row! {
    /// How many.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(super) struct Count {
        pub key: String,
        pub count: i64,
    }
}

row! {
    /// How many of a second kind.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(super) struct KindCount {
        pub key: String,
        pub kind: String,
        pub count: i64,
    }
}

row! {
    /// What deals of one status and currency add up to.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(super) struct Sum {
        pub key: String,
        pub status: String,
        pub currency: String,
        pub count: i64,
        pub amount: i64,
    }
}

/// First day of a month that the database said as text.
pub(super) fn month(text: &str) -> Option<NaiveDate> {
    text.parse().ok().map(month_of)
}
