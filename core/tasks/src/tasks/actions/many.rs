//! One change to many tasks, in one transaction, each as if it were changed alone; and what takes it back.
use super::super::{
    calendar::{Calendar, Calendars},
    db::{self, Wish},
    draft::Draft,
    model::{
        BulkDays, NewSkip, Reach, Task, TaskBefore, TaskBulkChange, TaskBulkKind as Kind, TaskBulkResult, TaskId,
        TaskPatch, TaskPostponement, TaskRefusal, TaskStatus,
    },
    when,
};
use super::{
    assignee_in_reach, change, delete, end, reopen, require_open, restore, said,
    tell::{tell, tell_of_many},
};
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use contacts::Owners;
use kernel::{Error, Result, Tx, ids::UserId};
use poem_openapi::types::MaybeUndefined;

/// Most tasks at once.
const MOST: usize = 500;

/// What is done to each.
enum Change {
    Assigned(Option<UserId>),
    Postponed(TaskPostponement, Box<Calendars>),
    Ended(TaskStatus, Option<String>),
    Deleted,
}

/// Changes many tasks, as far as they are there, in reach, and may be changed so. Whoever gets some of them is told once;
/// `members` are those of whoever a change back names.
pub(in super::super) async fn change_many(
    tx: &mut Tx,
    wanted: TaskBulkChange,
    reach: &Reach,
    members: &[UserId],
) -> Result<TaskBulkResult> {
    if !wanted.back.is_empty() {
        return put_back(tx, wanted, reach, members).await;
    }
    let what = kind_of(tx, &wanted, reach).await?;
    let (mut result, mut given) = (TaskBulkResult::default(), vec![]);
    let mut ids = wanted.tasks;
    if wanted.overdue {
        if !ids.is_empty() {
            return Err(Error::invalid("/overdue", "alone", "Name tasks, or take those that are overdue."));
        }
        let wish = Wish::new(wanted.q, reach.tasks.clone());
        ids = db::overdue(tx, wanted.filter, &wish, MOST).await?;
        result.more = ids.len() == MOST;
    } else if ids.is_empty() || ids.len() > MOST {
        return Err(Error::invalid("/tasks", "count", format!("1 to {MOST} tasks.")));
    }
    // Everybody locks in the same order, so two changes of many cannot wait for each other.
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        match change_one(tx, id, &what, reach, &mut given).await {
            Ok(Some(before)) => result.changed.push(before),
            Ok(None) => {}
            Err(error) => result.refused.push(refusal(id, error)?),
        }
    }
    match given.as_slice() {
        [(before, task)] => tell(tx, task, Some(before)).await?,
        many => tell_of_many(tx, many).await?,
    }
    Ok(result)
}

/// The one thing that is said to be done.
async fn kind_of(tx: &mut Tx, change: &TaskBulkChange, reach: &Reach) -> Result<Change> {
    let mut all = vec![];
    if !change.assignee.is_undefined() {
        all.push(Change::Assigned(assignee_in_reach(tx, change.assignee.value().copied(), &reach.tasks)?));
    }
    if let Some(postponed) = &change.postponed {
        check(postponed)?;
        all.push(Change::Postponed(postponed.clone(), Box::new(db::working_calendars(tx).await?)));
    }
    if let Some(completed) = &change.completed {
        let outcome = said(completed.outcome.clone(), "/completed/outcome")?;
        all.push(Change::Ended(TaskStatus::Done, outcome));
    }
    if let Some(NewSkip { reason }) = &change.skipped {
        let required = || Error::invalid("/skipped/reason", "required", "Say why they are left out.");
        let reason = said(Some(reason.clone()), "/skipped/reason")?.ok_or_else(required)?;
        all.push(Change::Ended(TaskStatus::Skipped, Some(reason)));
    }
    if change.deleted {
        all.push(Change::Deleted);
    }
    match (all.pop(), all.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(Error::invalid("", "one_change", "Say one thing that is to be done.")),
    }
}

fn check(postponed: &TaskPostponement) -> Result<()> {
    let TaskPostponement { due_on, days, next_working_day, count, .. } = postponed;
    let said = [due_on.is_some(), days.is_some(), *next_working_day].into_iter().filter(|said| *said).count();
    if said != 1 {
        return Err(Error::invalid(
            "/postponed",
            "one_change",
            "Say a day, a number of days, or the next working day.",
        ));
    }
    if due_on.is_some_and(|day| !(1970..=9000).contains(&day.year())) {
        return Err(Error::invalid("/postponed/due_on", "date_range", "A day between 1970 and 9000."));
    }
    let least = if *count == BulkDays::Working { 1 } else { -366 };
    match days {
        Some(days) if !(least..=366).contains(days) => {
            Err(Error::invalid("/postponed/days", "days_range", format!("{least} to 366 days.")))
        }
        _ => Ok(()),
    }
}

/// Changes one; gives what it was when it is different now. Those that are still to do and another member's now are added to
/// `given`, with what they were made of.
async fn change_one(
    tx: &mut Tx,
    id: TaskId,
    what: &Change,
    reach: &Reach,
    given: &mut Vec<(Draft, Task)>,
) -> Result<Option<TaskBefore>> {
    let task = db::find_for_update(tx, id, &reach.tasks).await?;
    let mut before = TaskBefore {
        task: id,
        version: task.version,
        due_on: None,
        due_time: None,
        snoozed_until: None,
        assignee: None,
        collaborators: vec![],
        change: Kind::Assigned,
    };
    let after = match what {
        Change::Assigned(assignee) => {
            (before.assignee, before.collaborators) = (task.assignee, task.collaborators.clone());
            let assignee = assignee.map_or(MaybeUndefined::Null, MaybeUndefined::Value);
            let patch = TaskPatch { assignee, ..TaskPatch::default() };
            let (was, after) = change(tx, id, patch, None, reach).await?;
            if was.assignee != after.assignee && after.status == TaskStatus::Open {
                given.push((was, after.clone()));
            }
            after
        }
        Change::Postponed(how, calendars) => {
            require_open(&task)?;
            (before.due_on, before.due_time) = (task.due_on, task.due_time.clone());
            (before.snoozed_until, before.change) = (task.snoozed_until, Kind::Postponed);
            let (day, time) = moved(tx, &task, how, &calendars.of(task.assignee))?;
            let due_time = time.map_or(MaybeUndefined::Null, |time| time.format("%H:%M").to_string().into());
            let patch = TaskPatch { due_on: day.into(), due_time, ..TaskPatch::default() };
            change(tx, id, patch, None, reach).await?.1
        }
        Change::Ended(status, outcome) => {
            require_open(&task)?;
            before.change = Kind::Ended;
            end(tx, task.clone(), *status, outcome.clone(), None).await?.task
        }
        Change::Deleted => {
            before.change = Kind::Deleted;
            delete(tx, id, None, &reach.tasks).await?;
            db::find_any_for_update(tx, id, &None).await?
        }
    };
    before.version = after.version;
    Ok((after.version != task.version).then_some(before))
}

/// The day and the time at which a task is due then, in its own zone, and by the working hours of whoever has it.
fn moved(tx: &Tx, task: &Task, how: &TaskPostponement, calendar: &Calendar) -> Result<(NaiveDate, Option<NaiveTime>)> {
    let draft = Draft::of(task);
    let no_day = || Error::conflict("no_day", "The task has no day to be moved from.");
    let day = match (how.due_on, how.days) {
        (Some(day), _) => day,
        (None, Some(days)) => match (draft.due_on.ok_or_else(no_day)?, how.count) {
            (from, BulkDays::Working) => calendar.working_day(from, days.unsigned_abs()),
            (from, BulkDays::Calendar) => from + chrono::TimeDelta::days(days.into()),
        },
        (None, None) => {
            let today = when::day_of(tx.now(), calendar.zone);
            calendar.working_day(today + Days::new(1), 0)
        }
    };
    if how.any_time {
        return Ok((day, draft.due_time));
    }
    let Some(time) = draft.due_time else { return Ok(calendar.fit(day, None)) };
    // Hours are meant in a zone of theirs; a task may be meant in another one.
    let zone = when::zone_of(&draft.zone);
    let there = when::moment(day.and_time(time), zone).with_timezone(&calendar.zone).naive_local();
    let (day, time) = calendar.fit(there.date(), Some(there.time()));
    let here = when::moment(day.and_time(time.unwrap_or_default()), calendar.zone).with_timezone(&zone).naive_local();
    Ok((here.date(), Some(here.time())))
}

/// Takes a change back: of each task that nobody has changed since.
async fn put_back(tx: &mut Tx, change: TaskBulkChange, reach: &Reach, members: &[UserId]) -> Result<TaskBulkResult> {
    let TaskBulkChange { mut back, .. } = change;
    if back.len() > MOST {
        return Err(Error::invalid("/back", "count", format!("1 to {MOST} tasks.")));
    }
    back.sort_unstable_by_key(|before| before.task);
    back.dedup_by_key(|before| before.task);
    let mut result = TaskBulkResult::default();
    for before in back {
        match put_one_back(tx, &before, reach, members).await {
            Ok(version) => result.changed.push(TaskBefore { version, ..before }),
            Err(error) => result.refused.push(refusal(before.task, error)?),
        }
    }
    Ok(result)
}

async fn put_one_back(tx: &mut Tx, before: &TaskBefore, reach: &Reach, members: &[UserId]) -> Result<i64> {
    let owners: &Owners = &reach.tasks;
    let id = before.task;
    let task = db::find_any_for_update(tx, id, owners).await?;
    if task.version != before.version {
        return Err(Error::conflict("edited", "Somebody has changed the task since."));
    }
    let after = match before.change {
        Kind::Assigned => {
            // What is sent back may have been made up, and whoever had it may have left.
            if before.people().any(|user| !members.contains(&user)) {
                return Err(Error::invalid("/back", "member_unknown", "Who had it is not a member here."));
            }
            let assignee = before.assignee.map_or(MaybeUndefined::Null, MaybeUndefined::Value);
            let collaborators = Some(before.collaborators.clone());
            let patch = TaskPatch { assignee, collaborators, ..TaskPatch::default() };
            // Whoever gets them back has not heard that they were gone.
            change(tx, id, patch, None, reach).await?.1
        }
        Kind::Postponed => {
            let due_on = before.due_on.map_or(MaybeUndefined::Null, MaybeUndefined::Value);
            let due_time = before.due_time.clone().map_or(MaybeUndefined::Null, MaybeUndefined::Value);
            let patch = TaskPatch { due_on, due_time, ..TaskPatch::default() };
            let (_, mut after) = change(tx, id, patch, None, reach).await?;
            if let Some(until) = before.snoozed_until.filter(|until| *until > tx.now()) {
                after = super::snooze(tx, id, super::NewSnooze { until: Some(until) }, None, owners).await?;
            }
            after
        }
        Kind::Ended => reopen(tx, id, None, owners).await?,
        Kind::Deleted => restore(tx, id, owners).await?,
    };
    Ok(after.version)
}

/// What an error says about one task; errors that are not about the task stay errors.
fn refusal(task: TaskId, error: Error) -> Result<TaskRefusal> {
    let code = match error.kind() {
        _ if error.is_not_found() => "missing".to_owned(),
        kernel::error::Kind::Conflict { code, .. } => (*code).to_owned(),
        kernel::error::Kind::Invalid(fields) => {
            fields.first().map_or_else(|| "invalid".to_owned(), |field| field.code.clone())
        }
        _ => return Err(error),
    };
    Ok(TaskRefusal { task, code })
}
