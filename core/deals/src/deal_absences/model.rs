//! What an absence is.
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use contacts::Problems;
use kernel::{Result, ids::UserId, row};
use poem_openapi::Object;

row! {
    /// A member who takes no deals from rules for a while. Deals can still be given to him by hand.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct DealAbsence {
        /// Who.
        pub member: UserId,
        /// The first day, in the tenant's zone; at once when absent.
        pub from: Option<NaiveDate>,
        /// The last day; until somebody ends it when absent.
        pub until: Option<NaiveDate>,
        /// When it was said first, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// An absence as it shall be.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewDealAbsence {
    /// The first day, in the tenant's zone; at once when absent.
    pub from: Option<NaiveDate>,
    /// The last day; until somebody ends it when absent.
    pub until: Option<NaiveDate>,
}

impl NewDealAbsence {
    /// This; 422 when the days are out of order.
    pub(super) fn checked(self) -> Result<Self> {
        let mut wrong = Problems::default();
        for (field, day) in [("/from", self.from), ("/until", self.until)] {
            if day.is_some_and(|day| !(1970..=9998).contains(&day.year())) {
                wrong.add(field, "date_range", "A day between 1970 and 9998.");
            }
        }
        if self.from.zip(self.until).is_some_and(|(from, until)| until < from) {
            wrong.add("/until", "date_order", "The last day is not before the first.");
        }
        wrong.check()?;
        Ok(self)
    }
}
