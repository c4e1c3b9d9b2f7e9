//! # Purpose
//! What there is to do, for whom and until when: tasks with or without a time, repeated by rule, snoozed, done or skipped,
//! reminders of them, and the board on which they come up.
//!
//! # Tables
//! `tasks`, `task_reminders`. Hours, days off and absences, which follow-ups keep, are read to move tasks and to remind within them.
//!
//! # Permissions
//! `tasks.read`, `tasks.write`, `tasks.delete`, `tasks.export`: each at level all, team or own, which means tasks of
//! everybody, tasks given to (or shared with) members of the member's teams, or to the member himself.
//!
//! # Events
//! `task.created`, `task.updated`, `task.rescheduled`, `task.assigned`, `task.snoozed`, `task.completed`, `task.skipped`,
//! `task.reopened`, `task.withdrawn`, `task.deleted`, `task.restored`, `task.purged`, `task.exported`, `task.forgotten`.
//!
//! # Invariants
//! - A day and a time are kept as they were said, with their zone; moments are derived from them, so that nine o'clock
//!   stays nine o'clock when clocks change.
//! - Each time of a series is made at most once: a constraint says so, and the task before it is locked.
//! - A task ends once: of two who end it at the same time, one hears that it has ended.
//! - A reminder is told to each at most once for a moment, and never of a task that has ended: whoever tells it locks the task. It
//!   is told within the hours of whoever hears it, as far as that is before the task is due, and of whoever is away to the stand-in too.
//! - Whoever is given a task, or shares it from now on, is told once; of his own doing he is not.
//! - A task is found by its own words, its contact's and its company's as they are, soon after any of them changes.
//! - Events name nobody and quote nothing: ids, days and names of fields.
mod agendas;
mod task_completion;
mod tasks;

pub use tasks::{
    Absence, Calendar, Calendars, DayKind, NewTask, Priority, TaskId, TaskKind, add, day_of, day_start, erase_person,
    export_person, leave_out, moment, require, working_calendars, zone_of,
};

use kernel::{
    ViewedList,
    db::Reference,
    events::{Subscription, Watch},
    jobs::JobKind,
};

kernel::permissions! {
    /// See tasks.
    Read = "tasks.read",
    /// Make, change and end tasks.
    Write = "tasks.write",
    /// Delete tasks and bring them back.
    Delete = "tasks.delete",
    /// Export tasks.
    Export = "tasks.export",
}

kernel::notices! {
    /// A reminder of a task.
    TASK_REMINDER = "task.reminder" [InApp, Email, Push],
    /// A task was given to somebody.
    TASK_ASSIGNED = "task.assigned" [InApp, Email, Push],
    /// Somebody shares a task now.
    TASK_SHARED = "task.shared" [InApp, Email, Push],
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// What there is to do.
    Tasks,
}

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] = &[Reference::new("tasks", "contact_id", &["id"])];
const COMPANY_REFERENCES: &[Reference] = &[Reference::new("tasks", "company_id", &["id"])];

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "tasks",
        permissions: PERMISSIONS,
        jobs: vec![
            JobKind::of::<tasks::PurgeTask>(),
            JobKind::of::<tasks::RemindTask>(),
            JobKind::of::<tasks::FollowTaskWords>(),
            JobKind::of::<tasks::FillTaskWords>(),
        ],
        subscriptions: vec![Subscription {
            name: "tasks.words",
            kinds: &[
                "contact.updated",
                "contact.deleted",
                "contact.restored",
                "contact.merged",
                "contact.merge_settled",
                "contact.merge_undone",
                "company.updated",
                "company.redacted",
                "company.deleted",
                "company.restored",
                "company.merged",
                "company.merge_settled",
                "company.merge_undone",
                "task.created",
                "task.updated",
            ],
            handler: |tx, event| Box::pin(tasks::follow_words(tx, event)),
        }],
        watches: vec![Watch {
            subject: "contacts",
            touched: |tx, contacts| Box::pin(tasks::contacts_touched(tx, contacts)),
        }],
        references: REFERENCES,
        company_references: COMPANY_REFERENCES,
        notices: NOTICES,
        lists: &[ViewedList {
            name: "tasks",
            read: "tasks.read",
            write: "tasks.write",
            kinds: &["board", "table"],
            check: |tx, query, deleted| Box::pin(tasks::check_list(tx, query, deleted)),
        }],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (tasks::TasksApi, agendas::AgendasApi, task_completion::TaskCompletionApi)
}
