//! What a day off is.
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use contacts::Problems;
use kernel::{Result, row};
use poem_openapi::Object;

kernel::id!(HolidayId, "hol", "A day off.");

row! {
    /// A day on which the tenant does not work.
    #[derive(Object, Debug, Clone)]
    pub struct Holiday {
        /// Its id.
        pub id: HolidayId,
        /// Which day.
        pub day: NaiveDate,
        /// What it is called.
        pub name: String,
        /// Whether it comes on this day of every year; on 29 February in leap years only.
        pub yearly: bool,
        /// When it was added, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// A day on which the tenant does not work.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewHoliday {
    /// Which day.
    pub day: NaiveDate,
    /// What it is called, 1 to 100 characters.
    pub name: String,
    /// Whether it comes on this day of every year.
    #[oai(default)]
    pub yearly: bool,
}

impl NewHoliday {
    /// As it may be stored.
    pub(super) fn checked(mut self) -> Result<Self> {
        let mut wrong = Problems::default();
        self.name = wrong.text("/name", Some(self.name), 100).unwrap_or_default();
        if self.name.is_empty() {
            wrong.add("/name", "required", "A day off needs a name.");
        }
        if !(1970..=9000).contains(&self.day.year()) {
            wrong.add("/day", "date_range", "A day between 1970 and 9000.");
        }
        wrong.check()?;
        Ok(self)
    }
}
