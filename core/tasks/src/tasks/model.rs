//! What a task is and what may be sent for one. The rules are in `draft.rs`.
use chrono::{DateTime, NaiveDate, Utc};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::{ids::UserId, row};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use tokio_postgres::types::{FromSql, Type};

kernel::id!(TaskId, "tsk", "Something to do.");
kernel::id!(SeriesId, "ser", "Tasks of one recurrence.");

/// Whose records the caller reaches, by kind.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    /// Members whose tasks.
    pub tasks: Owners,
    /// Owners of contacts that a task may be about.
    pub contacts: Owners,
    /// Owners of companies.
    pub companies: Owners,
    /// Owners of deals.
    pub deals: Owners,
}

impl Reach {
    /// Everything: for modules that have decided themselves what a task is about.
    pub const EVERYTHING: Reach = Reach { tasks: None, contacts: None, companies: None, deals: None };
}

type Wrong = Box<dyn std::error::Error + Sync + Send>;

kernel::word! {
    /// What is done.
    pub enum TaskKind {
        /// Anything.
        #[default]
        Task = "task",
        /// Somebody is rung.
        Call = "call",
        /// Somebody is written to.
        Email = "email",
        /// Somebody is written to by another way.
        Message = "message",
        /// People meet.
        Meeting = "meeting",
        /// A proposal is made or sent.
        Proposal = "proposal",
        /// An invoice is made or sent.
        Invoice = "invoice",
    }
}

kernel::word! {
    /// Whether it is still to do.
    pub enum TaskStatus {
        /// It is.
        #[default]
        Open = "open",
        /// It was done.
        Done = "done",
        /// It was left out.
        Skipped = "skipped",
    }
}

kernel::word! {
    /// From when the next time of a task is counted.
    pub enum Repeats {
        /// From the days that the rule gives, whenever the task is done.
        #[default]
        Schedule = "schedule",
        /// From the day on which the task is done.
        AfterCompletion = "after_completion",
    }
}

/// How much it presses.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[oai(rename = "TaskPriority", rename_all = "snake_case")]
pub enum Priority {
    /// It can wait.
    Low,
    /// As most things.
    #[default]
    Normal,
    /// Before others.
    High,
    /// At once.
    Urgent,
}

impl Priority {
    /// Every one, the least first: the place is what is stored.
    pub const ALL: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];

    /// In the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Normal => "normal",
            Priority::High => "high",
            Priority::Urgent => "urgent",
        }
    }
}

impl<'a> FromSql<'a> for Priority {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Wrong> {
        let place = usize::try_from(i16::from_sql(ty, raw)?)?;
        Priority::ALL.get(place).copied().ok_or_else(|| "no priority of a task".into())
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT2
    }
}
kernel::not_null!(Priority);

row! {
    /// Something to do.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Task {
        /// Its id.
        pub id: TaskId,
        /// What is to do, in one line.
        pub title: String,
        /// Of which kind.
        pub kind: TaskKind,
        /// How much it presses.
        pub priority: Priority,
        /// Whether it is still to do.
        pub status: TaskStatus,
        /// More about it.
        pub description: Option<String>,
        /// The day it is due on, in its zone.
        pub due_on: Option<NaiveDate>,
        /// At which time, `HH:MM`; absent when any time of the day will do.
        pub due_time: Option<String>,
        /// IANA time zone that the day and the time are meant in.
        pub zone: String,
        /// Until when it is due, UTC: its time, or the last second of its day. Follows `due_on`, `due_time` and `zone`.
        pub due_at: Option<DateTime<Utc>>,
        /// Until when it is out of sight, UTC.
        pub snoozed_until: Option<DateTime<Utc>>,
        /// When it comes up, UTC: when it is due, or when a snooze ends that ends later. Lists sort by it as `due`.
        pub agenda_at: Option<DateTime<Utc>>,
        /// The member who does it.
        pub assignee: Option<UserId>,
        /// Members who see it, change it and are reminded of it too.
        pub collaborators: Vec<UserId>,
        /// The contact it is about.
        pub contact: Option<ContactId>,
        /// What that contact is called; told to whoever may read the task.
        pub contact_name: Option<String>,
        /// The company it is about.
        pub company: Option<CompanyId>,
        /// What that company is called.
        pub company_name: Option<String>,
        /// The deal it is about.
        pub deal: Option<DealId>,
        /// What that deal is called.
        pub deal_title: Option<String>,
        /// How many minutes before it is due its assignee and collaborators are reminded, each within his working hours as far as
        /// that is before it is due.
        pub reminders: Vec<i32>,
        /// How it repeats: a rule of RFC 5545 in whole days.
        pub rule: Option<String>,
        /// From when the next time is counted.
        pub repeats: Option<Repeats>,
        /// The series it is a part of.
        pub series: Option<SeriesId>,
        /// Which one of the series, from 1.
        pub occurrence: Option<i32>,
        /// The day that the rule gave it, wherever it was moved since.
        pub occurs_on: Option<NaiveDate>,
        /// The day that the rule counts from.
        pub series_from: Option<NaiveDate>,
        /// The task it was made after.
        pub follows: Option<TaskId>,
        /// What came of it, or why it was left out.
        pub outcome: Option<String>,
        /// When it was done or left out, UTC.
        pub closed_at: Option<DateTime<Utc>>,
        /// The member who did it or left it out.
        pub closed_by: Option<UserId>,
        /// The member who made it.
        pub created_by: Option<UserId>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// When it was deleted, UTC; it can be restored for 30 days.
        pub deleted_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A new task.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewTask {
    /// What is to do, 1 to 200 characters.
    pub title: String,
    /// Of which kind; `task` when absent.
    #[oai(default)]
    pub kind: TaskKind,
    /// How much it presses; `normal` when absent.
    #[oai(default)]
    pub priority: Priority,
    /// More about it, at most 5000 characters.
    pub description: Option<String>,
    /// The day it is due on.
    pub due_on: Option<NaiveDate>,
    /// At which time of that day, `HH:MM`.
    pub due_time: Option<String>,
    /// IANA time zone that the day and the time are meant in; the account's when absent.
    pub zone: Option<String>,
    /// The member who does it. Whoever sees only his own tasks does it himself when absent.
    pub assignee: Option<UserId>,
    /// Members who see it, change it and are reminded of it too; at most 20.
    #[oai(default)]
    pub collaborators: Vec<UserId>,
    /// The contact it is about.
    pub contact: Option<ContactId>,
    /// The company it is about.
    pub company: Option<CompanyId>,
    /// The deal it is about.
    pub deal: Option<DealId>,
    /// How many minutes before it is due its assignee and collaborators are reminded: at most 5 of 0 to 40320 (four weeks).
    /// Without a time they count back from the end of the day, on the clock: 900 is nine in the morning, also when clocks
    /// change. Whole days go back to the same time of an earlier day.
    ///
    /// Whoever does not work at that moment (`/v1/member-hours`, `/v1/working-time`, days off and `/v1/member-absences`) is reminded
    /// when he works again, unless the task is due by then: then he is reminded at the moment itself. For whoever is away,
    /// the stand-in is reminded too, if he is there and sees the tasks of whoever he stands in for. The end of a snooze is
    /// told at its own moment.
    #[oai(default)]
    pub reminders: Vec<i32>,
    /// How it repeats: a rule of RFC 5545, for example `FREQ=WEEKLY;BYDAY=MO`, of whole days (`FREQ` from `DAILY` up). Needs
    /// a day, from which it counts. `COUNT` counts the tasks that are made, the first one included; the day of `UNTIL` is
    /// the last one that counts.
    pub rule: Option<String>,
    /// From when the next time is counted; `schedule` when absent.
    #[oai(default)]
    pub repeats: Repeats,
}

/// A change: absent fields stay, null empties, lists are replaced as a whole. A new day or time ends a snooze. In a series
/// this task alone is changed and moved, and those that follow it are made like it; a new rule counts from this task's day.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct TaskPatch {
    /// What is to do.
    pub title: Option<String>,
    /// Of which kind.
    pub kind: Option<TaskKind>,
    /// How much it presses.
    pub priority: Option<Priority>,
    /// More about it.
    pub description: MaybeUndefined<String>,
    /// The day it is due on; null also removes the time and the rule.
    pub due_on: MaybeUndefined<NaiveDate>,
    /// At which time of that day, `HH:MM`.
    pub due_time: MaybeUndefined<String>,
    /// IANA time zone that the day and the time are meant in.
    pub zone: Option<String>,
    /// The member who does it; null for nobody.
    pub assignee: MaybeUndefined<UserId>,
    /// Members who see it, change it and are reminded of it too.
    pub collaborators: Option<Vec<UserId>>,
    /// The contact it is about.
    pub contact: MaybeUndefined<ContactId>,
    /// The company it is about.
    pub company: MaybeUndefined<CompanyId>,
    /// The deal it is about.
    pub deal: MaybeUndefined<DealId>,
    /// How many minutes before it is due its assignee and collaborators are reminded.
    pub reminders: Option<Vec<i32>>,
    /// How it repeats; null for no more.
    pub rule: MaybeUndefined<String>,
    /// From when the next time is counted.
    pub repeats: Option<Repeats>,
}

/// The end of a task that was done.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewCompletion {
    /// What came of it, at most 1000 characters.
    pub outcome: Option<String>,
    /// What is to do next. Who does it and what it is about are taken from this task when absent. Not for a task that
    /// repeats: its next time is made anyway.
    pub next: Option<NewTask>,
}

/// The end of a task that is left out. One that repeats comes again.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewSkip {
    /// Why, 1 to 1000 characters.
    pub reason: String,
}

/// A task that is put off.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewSnooze {
    /// Until when it is out of sight, UTC: within five years. Absent to have it back now.
    pub until: Option<DateTime<Utc>>,
}

/// A task that ended, and what follows it.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct TaskEnd {
    /// The task.
    pub task: Task,
    /// What is to do next: its next time, or what was said with its end.
    pub next: Option<Task>,
}

/// To which day many tasks are put off.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct TaskPostponement {
    /// To this day.
    pub due_on: Option<NaiveDate>,
    /// So many days later than each is due, or earlier when negative: -366 to 366. Tasks without a day stay.
    pub days: Option<i16>,
    /// To the working day after today.
    #[oai(default)]
    pub next_working_day: bool,
    /// Which days `days` counts; working days are counted forwards only.
    #[oai(default)]
    pub count: BulkDays,
    /// Also on days off, and at any hour. Otherwise what would fall on a day off comes on the next working day, and a time
    /// that lies outside the working hours is moved into them.
    #[oai(default)]
    pub any_time: bool,
}

kernel::word! {
    /// Which days are counted when many tasks are moved.
    pub enum BulkDays {
        /// Every day.
        #[default]
        Calendar = "calendar",
        /// Days on which the tenant works.
        Working = "working",
    }
}

/// One change to many tasks, and nothing else. Either `tasks` or `overdue` says which; or `back` takes one back.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct TaskBulkChange {
    /// Which ones, 1 to 500.
    #[oai(default)]
    pub tasks: Vec<TaskId>,
    /// Open tasks in reach that are overdue, at most 500 at once.
    #[oai(default)]
    pub overdue: bool,
    /// Words that those that are overdue hold, as the list searches them; at most 100 characters.
    pub q: Option<String>,
    /// Filters of the list that narrow those that are overdue.
    #[oai(default)]
    pub filter: Vec<String>,
    /// Another member does them; null for nobody.
    pub assignee: MaybeUndefined<UserId>,
    /// They are due on another day.
    pub postponed: Option<TaskPostponement>,
    /// They were done.
    pub completed: Option<NewCompletionOfMany>,
    /// They are left out.
    pub skipped: Option<NewSkip>,
    /// They are deleted. Needs `tasks.delete` as far as `tasks.write`.
    #[oai(default)]
    pub deleted: bool,
    /// What the answer to a change gave: each task that nobody has changed since becomes what it was.
    #[oai(default)]
    pub back: Vec<TaskBefore>,
}

/// The end of tasks that were done.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewCompletionOfMany {
    /// What came of them, at most 1000 characters.
    pub outcome: Option<String>,
}

/// What a task was before a change of many, as far as that changed it.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct TaskBefore {
    /// The task.
    pub task: TaskId,
    /// Its version after the change: with another one it stays as it is.
    pub version: i64,
    /// The day it was due on, when it was moved.
    pub due_on: Option<NaiveDate>,
    /// At which time, when it was moved.
    pub due_time: Option<String>,
    /// Until when it was out of sight, when it was moved.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// The member who did it, when another one does now.
    pub assignee: Option<UserId>,
    /// Members who were told of it too, when another one does it now.
    #[oai(default)]
    pub collaborators: Vec<UserId>,
    /// What was changed.
    pub change: TaskBulkKind,
}

impl TaskBefore {
    /// Who had it.
    pub(super) fn people(&self) -> impl Iterator<Item = UserId> {
        self.assignee.iter().chain(&self.collaborators).copied()
    }
}

kernel::word! {
    /// What a change of many tasks does.
    pub enum TaskBulkKind {
        /// Another member does them.
        #[default]
        Assigned = "assigned",
        /// They are due on another day.
        Postponed = "postponed",
        /// They were done or left out.
        Ended = "ended",
        /// They were deleted.
        Deleted = "deleted",
    }
}

/// A task that a change of many left as it was.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct TaskRefusal {
    /// Which one.
    pub task: TaskId,
    /// `missing` (not there, or not yours), `task_closed`, `no_day` when it has no day to be moved from, `edited` when somebody
    /// changed it since, or the code of what was refused.
    pub code: String,
}

/// What a change of many tasks did.
#[derive(Object, Debug, Clone, Default)]
pub struct TaskBulkResult {
    /// Tasks that are different now, with what takes it back.
    pub changed: Vec<TaskBefore>,
    /// Tasks that stayed as they were although they were meant, and why. Those that were so already are not named.
    pub refused: Vec<TaskRefusal>,
    /// Whether there may be more tasks that are overdue.
    pub more: bool,
}
