//! Which events are signs of life, and figures made of them.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::db::Here;
use poem_openapi::Enum;
use uuid::Uuid;

/// What a sign of life is about.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[oai(rename = "StarKind", rename_all = "snake_case")]
pub enum StarKind {
    /// Somebody new.
    Lead,
    /// Something was said: an answer to a form, a mail, a call.
    Message,
    /// Work on somebody: a note, a stage, an owner.
    Change,
}

impl StarKind {
    /// As the statements and the wire write it.
    pub fn as_str(self) -> &'static str {
        match self {
            StarKind::Lead => "lead",
            StarKind::Message => "message",
            StarKind::Change => "change",
        }
    }

    /// From what statements write.
    pub fn parse(text: &str) -> Self {
        match text {
            "lead" => StarKind::Lead,
            "message" => StarKind::Message,
            _ => StarKind::Change,
        }
    }
}

/// A kind of event that counts as a sign of life.
#[derive(Debug, Clone, Copy)]
pub struct Star {
    /// The event.
    pub event: &'static str,
    /// What it is about.
    pub kind: StarKind,
    /// How much it matters, 1 to 4.
    pub weight: i32,
}

const fn star(event: &'static str, kind: StarKind, weight: i32) -> Star {
    Star { event, kind, weight }
}

/// Every kind of event that counts. What only concerns settings is no sign of life of a business.
pub const STARS: [Star; 15] = [
    star("contact.created", StarKind::Lead, 3),
    star("contact_import.finished", StarKind::Lead, 3),
    star("form.submitted", StarKind::Message, 3),
    star("form.quarantined", StarKind::Message, 2),
    star("activity.logged", StarKind::Message, 2),
    star("email.queued", StarKind::Message, 1),
    star("data_request.created", StarKind::Change, 2),
    star("contact.stage_changed", StarKind::Change, 2),
    star("contact.consent_granted", StarKind::Change, 1),
    star("contact.consent_withdrawn", StarKind::Change, 2),
    star("contact.assigned", StarKind::Change, 1),
    star("contact.tagged", StarKind::Change, 1),
    star("contact.updated", StarKind::Change, 1),
    star("note.created", StarKind::Change, 1),
    star("submission.released", StarKind::Change, 1),
];

/// Their names, for subscriptions.
pub const KINDS: [&str; STARS.len()] = {
    let mut names = [""; STARS.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = STARS[i].event;
        i += 1;
    }
    names
};

/// Days of figures that are kept.
pub(crate) const KEPT_DAYS: i64 = 40;
/// Days that a strip shows, today being the last.
pub(crate) const DAYS: i64 = 7;
/// Hours in one part of a strip.
pub(crate) const PART_HOURS: i64 = 3;
/// Parts of a strip.
pub(crate) const PARTS: usize = (DAYS * 24 / PART_HOURS) as usize;

kernel::row! {
    /// Up to where a tenant is counted.
    #[derive(Debug, Clone)]
    pub(crate) struct Head {
        pub(crate) seq: i64,
        pub(crate) contacts_seq: i64,
    }
}

/// Where days begin at a tenant.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    /// The first of this week's seven days.
    pub(crate) since: DateTime<Utc>,
    /// The first of the seven days before.
    pub(crate) before: DateTime<Utc>,
}

impl Window {
    /// The weeks that end with the day that it is.
    pub(crate) fn of(here: Here) -> Self {
        let begin = |days: i64| here.begin(here.today() - TimeDelta::days(days - 1));
        Window { since: begin(DAYS), before: begin(2 * DAYS) }
    }
}

kernel::row! {
    /// What happened at one tenant in one part of a strip; part -1 is the week before.
    #[derive(Debug, Clone)]
    pub(crate) struct PartRow {
        pub(crate) tenant: String,
        pub(crate) part: i32,
        pub(crate) events: i64,
        pub(crate) contacts: i64,
        pub(crate) answers: i64,
    }
}

kernel::row! {
    /// The latest of one tenant.
    #[derive(Debug, Clone)]
    pub(crate) struct LatestRow {
        pub(crate) tenant: String,
        pub(crate) last_at: Option<DateTime<Utc>>,
        pub(crate) contacts: i64,
    }
}

/// How much of what there was.
#[derive(poem_openapi::Object, Debug, Clone, Copy, Default, PartialEq, Eq)]
#[oai(rename = "ActivityCounts")]
pub struct Counts {
    /// Signs of life.
    pub events: i64,
    /// New contacts, also those that came with a file.
    pub contacts: i64,
    /// Answers to forms, those kept aside too.
    pub answers: i64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.events += other.events;
        self.contacts += other.contacts;
        self.answers += other.answers;
    }
}

/// Seven days of a tenant, today being the last.
#[derive(poem_openapi::Object, Debug, Clone, Default, PartialEq, Eq)]
#[oai(rename = "ActivityWeek")]
pub struct Week {
    /// Signs of life in each part of the seven days, oldest first: three hours a part.
    pub parts: Vec<i64>,
    /// The seven days.
    pub week: Counts,
    /// The seven days before.
    pub before: Counts,
    /// When there last was a sign of life.
    pub last_at: Option<DateTime<Utc>>,
    /// Each of the seven days.
    #[oai(skip)]
    pub(crate) days: [Counts; DAYS as usize],
    /// How many contacts it has.
    #[oai(skip)]
    pub(crate) has_contacts: i64,
}

impl Week {
    pub(crate) fn quiet() -> Self {
        Week { parts: vec![0; PARTS], ..Week::default() }
    }

    /// Adds another tenant's week.
    pub(crate) fn add(&mut self, other: &Week) {
        self.week.add(other.week);
        self.before.add(other.before);
        self.parts.iter_mut().zip(&other.parts).for_each(|(sum, part)| *sum += part);
        self.days.iter_mut().zip(other.days).for_each(|(sum, day)| sum.add(day));
    }

    /// Adds one part.
    pub(crate) fn take(&mut self, row: &PartRow) {
        let counts = Counts { events: row.events, contacts: row.contacts, answers: row.answers };
        match usize::try_from(row.part) {
            Ok(part) => {
                // A week in which the clocks went back has an hour more: it belongs to the last part.
                let part = part.min(PARTS - 1);
                self.week.add(counts);
                self.parts[part] += row.events;
                self.days[part / (24 / PART_HOURS as usize)].add(counts);
            }
            Err(_) => self.before.add(counts),
        }
    }
}

kernel::row! {
    /// A tenant's name in the shared tables.
    #[derive(Debug, Clone)]
    pub(crate) struct RoleRow {
        pub(crate) id: Uuid,
        pub(crate) role_name: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Clocks in Havana show midnight at four and at five: the week begins the first time.
    #[test]
    fn weeks_begin_when_midnight_comes_first() {
        let now = "2026-11-07T12:00:00Z".parse().unwrap();
        let window = Window::of(Here { now, zone: chrono_tz::America::Havana });
        let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(window.since, moment("2026-11-01T04:00:00Z"));
        assert_eq!(window.before, moment("2026-10-25T04:00:00Z"));
    }

    proptest! {
        #[test]
        fn a_week_adds_up(rows in proptest::collection::vec((-1..57_i32, 0..50_i64, 0..9_i64, 0..9_i64), 0..80)) {
            let mut week = Week::quiet();
            for (part, events, contacts, answers) in &rows {
                let (events, contacts, answers) = (*events, *contacts, *answers);
                week.take(&PartRow { tenant: String::new(), part: *part, events, contacts, answers });
            }
            let of = |now: bool| rows.iter().filter(move |r| (r.0 >= 0) == now);
            prop_assert_eq!(week.parts.iter().sum::<i64>(), of(true).map(|r| r.1).sum::<i64>());
            prop_assert_eq!(week.parts.len(), PARTS);
            prop_assert_eq!(week.week.events, of(true).map(|r| r.1).sum::<i64>());
            prop_assert_eq!(week.week.answers, of(true).map(|r| r.3).sum::<i64>());
            prop_assert_eq!(week.days.iter().map(|d| d.contacts).sum::<i64>(), week.week.contacts);
            prop_assert_eq!(week.before.contacts, of(false).map(|r| r.2).sum::<i64>());
        }
    }

    #[test]
    fn kinds_are_named_once() {
        let names: std::collections::BTreeSet<_> = KINDS.iter().collect();
        assert_eq!(names.len(), STARS.len());
        assert!(STARS.iter().all(|s| (1..=4).contains(&s.weight) && StarKind::parse(s.kind.as_str()) == s.kind));
    }
}
