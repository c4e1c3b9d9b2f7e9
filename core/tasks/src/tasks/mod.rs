//! Tasks: what there is to do.
mod actions;
mod api;
mod calendar;
mod db;
mod draft;
mod export;
mod jobs;
mod model;
#[cfg(test)]
mod oracle;
mod personal;
mod recurrence;
mod when;

pub use actions::{add, leave_out, require};
pub(crate) use actions::{check_list, contacts_touched, follow_words};
pub(crate) use api::TasksApi;
pub use calendar::{Absence, Calendar, Calendars, DayKind};
pub use db::working_calendars;
pub(crate) use db::{FIELDS, OPEN, Wish, wish_clauses};
pub(crate) use jobs::{FillTaskWords, FollowTaskWords, PurgeTask, RemindTask};
pub(crate) use model::Task;
pub use model::{NewTask, Priority, TaskId, TaskKind};
pub use personal::{erase_person, export_person};
pub use when::{day_of, day_start, moment, zone_of};
