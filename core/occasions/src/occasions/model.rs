//! What an occasion is and what may be sent for one.
use super::dates::{DateKind, Kept, LeapPolicy, Reading, When, word};
use chrono::{DateTime, NaiveDate, Utc};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::row;
use poem_openapi::{Object, types::MaybeUndefined};
use std::collections::BTreeMap;

kernel::id!(OccasionId, "occ", "A day that matters to a contact or a company.");

word! {
    /// What is remembered.
    pub enum OccasionKind {
        /// When somebody was born.
        Birthday = "birthday",
        /// When something began: of a marriage, of working together.
        Anniversary = "anniversary",
        /// When a contract is renewed.
        Renewal = "renewal",
        /// Something that was reached; its label says what.
        Milestone = "milestone",
        /// Anything else; its label says what.
        Custom = "custom",
    }
}

/// Whose records the caller reaches, by kind.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    /// Owners of contacts.
    pub contacts: Owners,
    /// Owners of companies.
    pub companies: Owners,
}

row! {
    /// A day that matters to a contact or a company.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Occasion {
        /// Its id.
        pub id: OccasionId,
        /// The contact it is about.
        pub contact: Option<ContactId>,
        /// What that contact is called.
        pub contact_name: Option<String>,
        /// The company it is about.
        pub company: Option<CompanyId>,
        /// What that company is called.
        pub company_name: Option<String>,
        /// What is remembered.
        pub kind: OccasionKind,
        /// More about it, in a few words.
        pub label: Option<String>,
        /// How its date is said.
        pub date_kind: DateKind,
        /// The year it began, of the calendar of the date; absent when nobody knows.
        pub year: Option<i32>,
        /// Month of its calendar, 1 to 12.
        pub month: i16,
        /// Day of the month; absent for a weekday of a month.
        pub day: Option<i16>,
        /// Which one of these weekdays of the month: 1 to 5, or -1 for the last.
        pub nth: Option<i16>,
        /// Which weekday: 1 Monday to 7 Sunday (ISO 8601).
        pub weekday: Option<i16>,
        /// When it falls in years without 29 February; absent when the settings decide, or it is on another day.
        pub leap_policy: Option<LeapPolicy>,
        /// How many days before it its owner is told; empty when the settings decide.
        pub notices: Vec<i32>,
        /// The next day it falls on, today in the account's time zone included; absent when it does not come again.
        pub next_on: Option<NaiveDate>,
        /// How many years it will have been then; absent when no year is known.
        pub next_years: Option<i32>,
        /// When it was written down, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// When it was deleted, UTC; it can be restored for 30 days.
        pub deleted_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

impl Occasion {
    /// Its date.
    pub(crate) fn when(&self) -> Option<When> {
        Draft::of(self).date.when().ok()
    }

    /// With the next day it falls on.
    pub(crate) fn seen(mut self, today: NaiveDate, reading: Reading) -> Self {
        if let Some((when, day)) = self.when().and_then(|when| Some((when, when.next(today, reading)?))) {
            self.next_on = Some(day);
            self.next_years = when.years(day, reading);
        }
        self
    }
}

/// A new occasion, of a contact or of a company.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewOccasion {
    /// The contact it is about.
    pub contact: Option<ContactId>,
    /// The company it is about.
    pub company: Option<CompanyId>,
    /// What is remembered.
    pub kind: OccasionKind,
    /// More about it, at most 100 characters; milestones and custom occasions need it.
    pub label: Option<String>,
    /// How its date is said.
    pub date_kind: DateKind,
    /// The year it began: 1850 to 2200, of a Hijri date 1250 to 1600.
    pub year: Option<i32>,
    /// Month, 1 to 12.
    pub month: i16,
    /// Day of the month: up to 30 for a Hijri date, where the 30th of a shorter month is its last day.
    pub day: Option<i16>,
    /// Which one of these weekdays of the month: 1 to 5, or -1 for the last.
    pub nth: Option<i16>,
    /// Which weekday: 1 Monday to 7 Sunday.
    pub weekday: Option<i16>,
    /// For a date of 29 February: when it falls in other years.
    pub leap_policy: Option<LeapPolicy>,
    /// How many days before it its owner is told: at most 5, each 0 to 90. Empty for those of the settings.
    #[oai(default)]
    pub notices: Vec<i32>,
}

/// A change: absent fields stay, null empties. Parts of the date are checked together.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct OccasionPatch {
    /// What is remembered.
    pub kind: Option<OccasionKind>,
    /// More about it.
    pub label: MaybeUndefined<String>,
    /// How its date is said; parts that the kind does not have must be emptied with it.
    pub date_kind: Option<DateKind>,
    /// The year it began.
    pub year: MaybeUndefined<i32>,
    /// Month.
    pub month: Option<i16>,
    /// Day of the month.
    pub day: MaybeUndefined<i16>,
    /// Which one of these weekdays of the month.
    pub nth: MaybeUndefined<i16>,
    /// Which weekday.
    pub weekday: MaybeUndefined<i16>,
    /// For a date of 29 February: when it falls in other years.
    pub leap_policy: MaybeUndefined<LeapPolicy>,
    /// How many days before it its owner is told.
    pub notices: Option<Vec<i32>>,
}

/// An occasion as it will be stored.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub kind: OccasionKind,
    pub label: Option<String>,
    pub date: Kept,
    pub notices: Vec<i32>,
}

impl Draft {
    /// What an occasion is made of.
    pub fn of(occasion: &Occasion) -> Self {
        Draft {
            kind: occasion.kind,
            label: occasion.label.clone(),
            date: Kept {
                date_kind: occasion.date_kind,
                year: occasion.year,
                month: occasion.month,
                day: occasion.day,
                nth: occasion.nth,
                weekday: occasion.weekday,
                leap_policy: occasion.leap_policy,
            },
            notices: occasion.notices.clone(),
        }
    }

    /// Of what was sent.
    pub fn new(new: &NewOccasion) -> Self {
        Draft {
            kind: new.kind,
            label: new.label.clone(),
            date: Kept {
                date_kind: new.date_kind,
                year: new.year,
                month: new.month,
                day: new.day,
                nth: new.nth,
                weekday: new.weekday,
                leap_policy: new.leap_policy,
            },
            notices: new.notices.clone(),
        }
    }

    /// This with a change.
    pub fn patched(&self, patch: OccasionPatch) -> Self {
        let mut next = self.clone();
        next.kind = patch.kind.unwrap_or(next.kind);
        patch.label.update_to(&mut next.label);
        next.date.date_kind = patch.date_kind.unwrap_or(next.date.date_kind);
        next.date.month = patch.month.unwrap_or(next.date.month);
        patch.year.update_to(&mut next.date.year);
        patch.day.update_to(&mut next.date.day);
        patch.nth.update_to(&mut next.date.nth);
        patch.weekday.update_to(&mut next.date.weekday);
        patch.leap_policy.update_to(&mut next.date.leap_policy);
        next.notices = patch.notices.unwrap_or(next.notices);
        next
    }

    /// Names of fields that differ.
    pub fn changed_fields(&self, next: &Self) -> Vec<&'static str> {
        let date = |d: &Draft| {
            let k = &d.date;
            (k.date_kind, k.year, k.month, k.day, k.nth, k.weekday, k.leap_policy)
        };
        [
            ("kind", self.kind != next.kind),
            ("label", self.label != next.label),
            ("date", date(self) != date(next)),
            ("notices", self.notices != next.notices),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

/// What there is in some days.
#[derive(Object, Debug, Clone)]
pub struct UpcomingDays {
    /// Today in the account's time zone.
    pub today: NaiveDate,
    /// Days on which there is something, the first one first.
    pub items: Vec<UpcomingDay>,
}

/// What there is on a day.
#[derive(Object, Debug, Clone)]
pub struct UpcomingDay {
    /// The day.
    pub day: NaiveDate,
    /// How many occasions there are in all.
    pub count: i64,
    /// The first of them by name. Of a day with more than 50, and more than `per_day`, only those that were written down first are
    /// looked at; the day's own list has all of them.
    pub occasions: Vec<UpcomingOccasion>,
    /// How many contracts renew or can be ended for the last time, and how many services end.
    pub renewal_count: i64,
    /// The first of them, as far as the caller may see the companies and deals.
    pub renewals: Vec<UpcomingRenewal>,
    /// Feasts of the packs that the settings name.
    pub feasts: Vec<UpcomingFeast>,
}

kernel::word! {
    /// What comes to its day.
    pub enum RenewalKind {
        /// A company's contract renews.
        #[default]
        Renewal = "renewal",
        /// It is the last day on which a company's contract can be ended before it renews.
        CancelBy = "cancel_by",
        /// A service of a won deal has its last day.
        ServiceEnd = "service_end",
    }
}

row! {
    /// A contract or a service that comes to its day.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct UpcomingRenewal {
        /// The day.
        pub on: NaiveDate,
        /// What comes to its day.
        pub kind: RenewalKind,
        /// The company.
        pub company: Option<CompanyId>,
        /// The deal that sold the service.
        pub deal: Option<DealId>,
        /// What the company, or else the deal, is called.
        pub name: String,
        /// What the service is.
        pub label: Option<String>,
    }
}

/// A feast on a day.
#[derive(Object, Debug, Clone)]
pub struct UpcomingFeast {
    /// Its key.
    pub key: String,
    /// Its name by language.
    pub name: BTreeMap<String, String>,
    /// Countries of the settings that keep it.
    pub countries: Vec<String>,
}

row! {
    /// An occasion on a day.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct UpcomingOccasion {
        /// Its id.
        pub id: OccasionId,
        /// The day.
        pub on: NaiveDate,
        /// The contact it is about.
        pub contact: Option<ContactId>,
        /// The company it is about.
        pub company: Option<CompanyId>,
        /// What the contact or company is called.
        pub name: String,
        /// What is remembered.
        pub kind: OccasionKind,
        /// More about it.
        pub label: Option<String>,
        /// How many years it will have been; absent when no year is known.
        pub years: Option<i32>,
    }
}
