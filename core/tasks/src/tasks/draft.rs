//! The rules of a task: what is accepted, what counts as a change, when it comes again.
use super::{
    model::{NewTask, Priority, Repeats, Task, TaskKind, TaskPatch},
    recurrence::Rule,
    when,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use companies::CompanyId;
use contacts::{ContactId, Problems};
use deals::DealId;
use kernel::{Result, ids::UserId};
use poem_openapi::types::MaybeUndefined;

/// Most collaborators of a task.
const MOST: usize = 20;

/// Most reminders of a task.
const MOST_REMINDERS: usize = 5;
/// How many minutes before it is due somebody can be reminded: four weeks.
const FARTHEST: i32 = 40_320;

/// A task as it will be stored: every write builds one, validates it and compares it with what was there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub title: String,
    pub kind: TaskKind,
    pub priority: Priority,
    pub description: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub due_time: Option<NaiveTime>,
    pub zone: String,
    pub assignee: Option<UserId>,
    pub collaborators: Vec<UserId>,
    pub contact: Option<ContactId>,
    pub company: Option<CompanyId>,
    pub deal: Option<DealId>,
    pub reminders: Vec<i32>,
    pub rule: Option<(Rule, Repeats)>,
}

/// What was sent for a time and a rule, before it is read.
struct Given {
    time: Option<String>,
    rule: Option<String>,
    repeats: Repeats,
}

impl Draft {
    /// What a task is made of.
    pub fn of(task: &Task) -> Self {
        Draft {
            title: task.title.clone(),
            kind: task.kind,
            priority: task.priority,
            description: task.description.clone(),
            due_on: task.due_on,
            due_time: task.due_time.as_deref().and_then(time),
            zone: task.zone.clone(),
            assignee: task.assignee,
            collaborators: task.collaborators.clone(),
            contact: task.contact,
            company: task.company,
            deal: task.deal,
            reminders: task.reminders.clone(),
            rule: task.rule.as_deref().and_then(|rule| Rule::parse(rule).ok()).zip(task.repeats),
        }
    }

    /// A new task; `zone` is the account's.
    pub fn new(new: NewTask, zone: &str) -> Result<Self> {
        let given = Given { time: new.due_time, rule: new.rule, repeats: new.repeats };
        Draft {
            title: new.title,
            kind: new.kind,
            priority: new.priority,
            description: new.description,
            due_on: new.due_on,
            due_time: None,
            zone: new.zone.unwrap_or_else(|| zone.to_owned()),
            assignee: new.assignee,
            collaborators: new.collaborators,
            contact: new.contact,
            company: new.company,
            deal: new.deal,
            reminders: new.reminders,
            rule: None,
        }
        .checked(given)
    }

    /// This with a change.
    pub fn patched(&self, patch: TaskPatch) -> Result<Self> {
        let mut next = self.clone();
        let mut given = Given {
            time: self.time_text(),
            rule: self.rule.as_ref().map(|(rule, _)| rule.whole()),
            repeats: patch.repeats.or(self.rule.as_ref().map(|(_, repeats)| *repeats)).unwrap_or_default(),
        };
        if patch.due_on == MaybeUndefined::Null {
            (given.time, given.rule) = (None, None);
        }
        next.title = patch.title.unwrap_or(next.title);
        next.kind = patch.kind.unwrap_or(next.kind);
        next.priority = patch.priority.unwrap_or(next.priority);
        next.zone = patch.zone.unwrap_or(next.zone);
        patch.description.update_to(&mut next.description);
        patch.due_on.update_to(&mut next.due_on);
        patch.due_time.update_to(&mut given.time);
        patch.assignee.update_to(&mut next.assignee);
        patch.contact.update_to(&mut next.contact);
        patch.company.update_to(&mut next.company);
        patch.deal.update_to(&mut next.deal);
        patch.rule.update_to(&mut given.rule);
        next.collaborators = patch.collaborators.unwrap_or(next.collaborators);
        next.reminders = patch.reminders.unwrap_or(next.reminders);
        next.checked(given)
    }

    fn checked(mut self, given: Given) -> Result<Self> {
        let mut wrong = Problems::default();
        self.title = wrong.text("/title", Some(self.title), 200).unwrap_or_default();
        self.description = wrong.lines("/description", self.description, 5_000);
        if self.title.is_empty() {
            wrong.add("/title", "required", "A task needs a title.");
        }
        if self.due_on.is_some_and(|day| !(1970..=9000).contains(&day.year())) {
            wrong.add("/due_on", "date_range", "A day between 1970 and 9000.");
        }
        if self.zone.parse::<chrono_tz::Tz>().is_err() {
            wrong.add("/zone", "zone_unknown", "An IANA time zone, for example Europe/Berlin.");
        }
        self.due_time = given.time.as_deref().and_then(time);
        if given.time.is_some() && self.due_time.is_none() {
            wrong.add("/due_time", "time_invalid", "A time of the day like 09:30.");
        }
        if given.time.is_some() && self.due_on.is_none() {
            wrong.add("/due_time", "day_missing", "A time needs a day.");
        }
        let mut seen = std::collections::HashSet::new();
        self.collaborators.retain(|user| Some(*user) != self.assignee && seen.insert(*user));
        wrong.count("/collaborators", self.collaborators.len(), MOST);
        self.reminders.sort_unstable();
        self.reminders.dedup();
        wrong.count("/reminders", self.reminders.len(), MOST_REMINDERS);
        if self.reminders.iter().any(|minutes| !(0..=FARTHEST).contains(minutes)) {
            wrong.add("/reminders", "reminder_range", "0 to 40320 minutes before it is due.");
        }
        self.rule = given.rule.and_then(|text| self.read_rule(&text, &mut wrong)).map(|rule| (rule, given.repeats));
        wrong.check()?;
        Ok(self)
    }

    fn read_rule(&self, text: &str, wrong: &mut Problems) -> Option<Rule> {
        match (Rule::parse(text), self.due_on) {
            (Err(detail), _) => wrong.add("/rule", "rule_invalid", detail),
            (Ok(_), None) => wrong.add("/rule", "day_missing", "What repeats needs a day that it begins on."),
            (Ok(rule), Some(_)) => return Some(rule),
        }
        None
    }

    /// Its time as the API writes it.
    pub fn time_text(&self) -> Option<String> {
        self.due_time.map(|time| time.format("%H:%M").to_string())
    }

    /// Until when it is due.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        self.due_on.map(|day| when::due_at(day, self.due_time, when::zone_of(&self.zone)))
    }

    /// When reminders are due, in their order; `None` without a day.
    pub fn remind_at(&self, minutes: i32) -> Option<DateTime<Utc>> {
        self.due_on.map(|day| when::remind_at(day, self.due_time, when::zone_of(&self.zone), minutes))
    }

    /// What search finds the task by.
    pub fn search_text(&self) -> String {
        [Some(self.title.as_str()), self.description.as_deref()]
            .into_iter()
            .flatten()
            .flat_map(|word| [" ", word])
            .collect()
    }

    /// Whether it is due at another moment, or said to be in other words.
    pub fn is_moved(&self, next: &Self) -> bool {
        (self.due_on, self.due_time, &self.zone) != (next.due_on, next.due_time, &next.zone)
    }

    /// Names of fields that differ, without when it is due and who does it: changes of those are facts of their own.
    pub fn changed_fields(&self, next: &Self) -> Vec<&'static str> {
        [
            ("title", self.title != next.title),
            ("kind", self.kind != next.kind),
            ("priority", self.priority != next.priority),
            ("description", self.description != next.description),
            ("collaborators", self.collaborators != next.collaborators),
            ("contact", self.contact != next.contact),
            ("company", self.company != next.company),
            ("deal", self.deal != next.deal),
            ("reminders", self.reminders != next.reminders),
            ("rule", self.rule != next.rule),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

/// A time of the day in whole minutes.
fn time(text: &str) -> Option<NaiveTime> {
    (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok())?
}

/// A task's place in its series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub series: super::model::SeriesId,
    pub occurrence: i32,
    pub from: NaiveDate,
    pub occurs_on: NaiveDate,
}

/// The next time of a task that ends at `now`: its day and its place. `None` when it does not repeat, or no more. What
/// was missed is not made up for: the next time is today at the earliest.
pub(crate) fn next_time(draft: &Draft, place: Option<&Place>, now: DateTime<Utc>) -> Option<Place> {
    let ((rule, repeats), place) = (draft.rule.as_ref()?, place?);
    if rule.times.is_some_and(|times| place.occurrence >= times) {
        return None;
    }
    let today = when::day_of(now, when::zone_of(&draft.zone));
    let (from, occurs_on) = match repeats {
        Repeats::Schedule => (place.from, rule.next(place.from, place.occurs_on.max(today.pred_opt()?))?),
        Repeats::AfterCompletion => (today, rule.after(today)?),
    };
    Some(Place { occurrence: place.occurrence + 1, from, occurs_on, series: place.series })
}

#[cfg(test)]
mod tests {
    use super::super::model::SeriesId;
    use super::*;
    use kernel::Error;
    use proptest::prelude::*;

    fn fields(error: &Error) -> Vec<String> {
        let kernel::error::Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
        fields.iter().map(|f| f.field.clone()).collect()
    }

    fn made(new: NewTask) -> Draft {
        Draft::new(NewTask { title: "A".into(), ..new }, "Europe/Berlin").unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let new = NewTask {
            due_on: Some(day("1812-01-01")),
            due_time: Some("9:00".into()),
            zone: Some("Mars/Base".into()),
            description: Some("x".repeat(5_001)),
            rule: Some("FREQ=SECONDLY".into()),
            ..NewTask::default()
        };
        let error = Draft::new(new, "UTC").unwrap_err();
        assert_eq!(fields(&error), ["/description", "/title", "/due_on", "/zone", "/due_time", "/rule"]);
        let new = NewTask {
            title: "A".into(),
            due_time: Some("09:00".into()),
            rule: Some("FREQ=DAILY".into()),
            ..NewTask::default()
        };
        assert_eq!(fields(&Draft::new(new, "UTC").unwrap_err()), ["/due_time", "/rule"]);
    }

    #[test]
    fn without_a_day_there_is_neither_time_nor_rule() {
        let draft = made(NewTask {
            due_on: Some(day("2026-11-28")),
            due_time: Some("09:30".into()),
            rule: Some("FREQ=DAILY;COUNT=3".into()),
            ..NewTask::default()
        });
        assert_eq!(draft.due_at(), Some("2026-11-28T08:30:00Z".parse().unwrap()));
        let next = draft.patched(TaskPatch { due_on: MaybeUndefined::Null, ..TaskPatch::default() }).unwrap();
        assert_eq!((next.due_on, next.due_time, &next.rule, next.due_at()), (None, None, &None, None));
        assert!(draft.is_moved(&next));
        assert_eq!(draft.changed_fields(&next), ["rule"]);
        let same = draft.patched(TaskPatch::default()).unwrap();
        assert_eq!(same, draft);
    }

    fn following(rule: &str, repeats: Repeats, place: (i32, &str, &str), now: &str) -> Option<(i32, String)> {
        let due_on = Some(day(place.2));
        let draft = made(NewTask { due_on, rule: Some(rule.into()), repeats, ..NewTask::default() });
        let series = SeriesId(uuid::Uuid::nil());
        let place = Place { series, occurrence: place.0, from: day(place.1), occurs_on: day(place.2) };
        let next = next_time(&draft, Some(&place), now.parse().unwrap())?;
        Some((next.occurrence, next.occurs_on.to_string()))
    }

    #[test]
    fn the_next_time_is_after_this_one_and_not_in_the_past() {
        use Repeats::{AfterCompletion, Schedule};
        let day = |n, text: &str| Some((n, text.to_owned()));
        let monday = "FREQ=WEEKLY;BYDAY=MO";
        for (rule, repeats, place, now, expected) in [
            // Done on its day, early, late by two weeks, late until the day of the next one.
            (monday, Schedule, (1, "2026-11-02", "2026-11-02"), "2026-11-02T09:00:00Z", day(2, "2026-11-09")),
            (monday, Schedule, (2, "2026-11-02", "2026-11-09"), "2026-11-05T09:00:00Z", day(3, "2026-11-16")),
            (monday, Schedule, (1, "2026-11-02", "2026-11-02"), "2026-11-18T09:00:00Z", day(2, "2026-11-23")),
            (monday, Schedule, (1, "2026-11-02", "2026-11-02"), "2026-11-16T09:00:00Z", day(2, "2026-11-16")),
            // It is Monday in Berlin already.
            (monday, Schedule, (1, "2026-11-02", "2026-11-02"), "2026-11-15T23:30:00Z", day(2, "2026-11-16")),
            (
                "FREQ=DAILY;INTERVAL=3",
                AfterCompletion,
                (1, "2026-11-02", "2026-11-02"),
                "2026-11-10T09:00:00Z",
                day(2, "2026-11-13"),
            ),
            ("FREQ=DAILY;COUNT=2", Schedule, (2, "2026-11-02", "2026-11-03"), "2026-11-03T09:00:00Z", None),
            ("FREQ=DAILY;UNTIL=20261103", Schedule, (2, "2026-11-02", "2026-11-03"), "2026-11-03T09:00:00Z", None),
        ] {
            assert_eq!(following(rule, repeats, place, now), expected, "{rule} {place:?} {now}");
        }
        let now = "2026-11-18T09:00:00Z".parse().unwrap();
        assert_eq!(next_time(&made(NewTask::default()), None, now), None);
    }

    proptest! {
        #[test]
        fn checking_never_panics(a in ".{0,300}", b in ".{0,9}", days in -400_000i32..4_000_000) {
            let due_on = NaiveDate::from_num_days_from_ce_opt(days);
            let new = NewTask { title: a.clone(), due_on, due_time: Some(b.clone()), zone: Some(b.clone()), rule: Some(a.clone()), ..NewTask::default() };
            let _ = Draft::new(new, "UTC");
            let draft = made(NewTask { due_on: Some(day("2026-01-01")), ..NewTask::default() });
            let _ = draft.patched(TaskPatch { due_time: MaybeUndefined::Value(b), rule: MaybeUndefined::Value(a), ..TaskPatch::default() });
        }
    }
}
