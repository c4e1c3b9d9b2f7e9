//! What can be done with tasks. Every caller (API, import, job) uses these verbs. A task is locked before it is changed,
//! so it ends once, and each time of a series is made once.
mod many;
mod remind;
mod tell;

pub(super) use many::change_many;
pub(super) use remind::remind;
use tell::tell;

use super::{
    db,
    draft::{Draft, Place, next_time},
    jobs::{FollowTaskWords, PurgeTask, RemindTask},
    model::{
        NewCompletion, NewSkip, NewSnooze, NewTask, Reach, SeriesId, Task, TaskEnd, TaskId, TaskPatch, TaskStatus,
    },
    when,
};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use contacts::{Owners, Problems};
use kernel::{
    Error, Result, Tx,
    db::ListQuery,
    events::{NewEvent, Recorded},
    http::check_if_match,
    ids::UserId,
    jobs::Enqueue,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// How long a deleted task can be restored.
const UNDO: TimeDelta = TimeDelta::days(30);
/// Longest snooze.
const FARTHEST: TimeDelta = TimeDelta::days(5 * 366);

/// Makes a task, and tells whoever it is for.
pub(super) async fn create(tx: &mut Tx, new: NewTask, reach: &Reach) -> Result<Task> {
    let task = put(tx, new, reach).await?;
    tell(tx, &task, None).await?;
    Ok(task)
}

async fn put(tx: &mut Tx, new: NewTask, reach: &Reach) -> Result<Task> {
    let draft = checked(tx, new, reach, "").await?;
    let id = TaskId::new(tx.now());
    make(tx, id, &draft, first_place(tx, &draft).as_ref(), None).await?;
    db::find(tx, id, &None).await
}

/// Makes a task for another module, which has decided whom it is for and what it is about, and tells him itself.
pub async fn add(tx: &mut Tx, new: NewTask) -> Result<TaskId> {
    put(tx, new, &Reach::EVERYTHING).await.map(|task| task.id)
}

/// Leaves a task out that another module no longer wants done, with its reason; gives whether it was still to do. One that
/// somebody ends at the same time stays as he left it. Whoever logs what makes it needless has not left it out.
pub async fn leave_out(tx: &mut Tx, id: TaskId, reason: &str) -> Result<bool> {
    match db::find_for_update(tx, id, &None).await {
        Err(error) if error.is_not_found() => Ok(false),
        Ok(task) if task.status != TaskStatus::Open => Ok(false),
        found => {
            let reason = Some(reason.to_owned());
            close(tx, found?, (TaskStatus::Skipped, reason, None), None).await.map(|_| true)
        }
    }
}

/// A task as it may be made: its assignee and what it is about are in reach.
async fn checked(tx: &mut Tx, new: NewTask, reach: &Reach, at: &str) -> Result<Draft> {
    let zone = tx.tenant().zone.clone();
    let mut draft = Draft::new(new, &zone).map_err(|error| below(error, at))?;
    draft.assignee = assignee_in_reach(tx, draft.assignee, &reach.tasks).map_err(|error| below(error, at))?;
    require_links(tx, &draft, None, reach).await.map_err(|error| below(error, at))?;
    Ok(draft)
}

/// The place of the first task of a series.
fn first_place(tx: &Tx, draft: &Draft) -> Option<Place> {
    let from = draft.due_on?;
    draft.rule.as_ref()?;
    Some(Place { series: SeriesId::new(tx.now()), occurrence: 1, from, occurs_on: from })
}

/// Writes a new task and what is recorded of it; gives whether it was made.
async fn make(tx: &mut Tx, id: TaskId, draft: &Draft, place: Option<&Place>, follows: Option<TaskId>) -> Result<bool> {
    if !db::insert(tx, id, draft, place, follows).await? {
        return Ok(false);
    }
    arm(tx, id, draft, None).await?;
    let task = db::find(tx, id, &None).await?;
    let payload =
        json!({ "assignee": task.assignee, "due_on": task.due_on, "follows": follows, "series": task.series });
    record(tx, &task, "task.created", "Task created", payload).await?;
    Ok(true)
}

/// Changes what is said about a task, and tells whoever does or shares it from now on.
pub(super) async fn update(
    tx: &mut Tx,
    id: TaskId,
    patch: TaskPatch,
    if_match: Option<&str>,
    reach: &Reach,
) -> Result<Task> {
    let (before, after) = change(tx, id, patch, if_match, reach).await?;
    tell(tx, &after, Some(&before)).await?;
    Ok(after)
}

/// Changes what is said about a task; gives what it was made of before, too.
async fn change(
    tx: &mut Tx,
    id: TaskId,
    patch: TaskPatch,
    if_match: Option<&str>,
    reach: &Reach,
) -> Result<(Draft, Task)> {
    let task = db::find_for_update(tx, id, &reach.tasks).await?;
    check_if_match(if_match, task.version)?;
    let current = Draft::of(&task);
    let mut next = current.patched(patch)?;
    if next.assignee != current.assignee {
        next.assignee = assignee_in_reach(tx, next.assignee, &reach.tasks)?;
    }
    if next == current {
        return Ok((current, task));
    }
    require_links(tx, &next, Some(&current), reach).await?;
    let moved = current.is_moved(&next);
    let snoozed = task.snoozed_until.filter(|_| !moved);
    db::update(tx, id, &next, place_after(tx, &task, &current, &next).as_ref(), snoozed).await?;
    arm(tx, id, &next, snoozed).await?;
    let after = db::find(tx, id, &None).await?;
    let fields = current.changed_fields(&next);
    if !fields.is_empty() {
        let left: Vec<_> = current.contact.into_iter().filter(|id| next.contact != Some(*id)).collect();
        record(tx, &after, "task.updated", "Task changed", json!({ "fields": fields, "left": left })).await?;
    }
    if moved {
        let payload = json!({ "from": current.due_on, "to": next.due_on });
        record(tx, &after, "task.rescheduled", "Task rescheduled", payload).await?;
    }
    if current.assignee != next.assignee {
        let payload = json!({ "from": current.assignee, "to": next.assignee });
        record(tx, &after, "task.assigned", "Assignee of a task changed", payload).await?;
    }
    Ok((current, after))
}

fn place_of(task: &Task) -> Option<Place> {
    let (series, occurrence) = task.series.zip(task.occurrence)?;
    let (from, occurs_on) = task.series_from.zip(task.occurs_on)?;
    Some(Place { series, occurrence, from, occurs_on })
}

/// The place of a task after a change: another rule counts from the day it has now, in the same series.
fn place_after(tx: &Tx, task: &Task, current: &Draft, next: &Draft) -> Option<Place> {
    match (place_of(task), next.rule != current.rule) {
        (place, false) => place,
        (None, true) => first_place(tx, next),
        (Some(place), true) => {
            let from = next.due_on.filter(|_| next.rule.is_some());
            Some(from.map_or_else(|| place.clone(), |from| Place { from, occurs_on: from, ..place.clone() }))
        }
    }
}

/// Puts a task out of sight, or has it back.
pub(super) async fn snooze(
    tx: &mut Tx,
    id: TaskId,
    NewSnooze { until }: NewSnooze,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Task> {
    let now = tx.now();
    if until.is_some_and(|until| until <= now || until > now + FARTHEST) {
        return Err(Error::invalid("/until", "time_range", "A moment to come, within five years."));
    }
    let task = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, task.version)?;
    require_open(&task)?;
    let until = until.map(|until| until.trunc_subsecs(6));
    db::snooze(tx, id, until, when::agenda_at(task.due_at, until)).await?;
    arm(tx, id, &Draft::of(&task), until).await?;
    let after = db::find(tx, id, &None).await?;
    record(tx, &after, "task.snoozed", "Task snoozed", json!({ "until": until })).await?;
    Ok(after)
}

/// Ends a task that was done, and makes what follows.
pub(super) async fn complete(
    tx: &mut Tx,
    id: TaskId,
    done: NewCompletion,
    if_match: Option<&str>,
    reach: &Reach,
) -> Result<TaskEnd> {
    let outcome = said(done.outcome, "/outcome")?;
    let task = ending(tx, id, if_match, &reach.tasks).await?;
    if done.next.is_some() && task.rule.is_some() {
        return Err(Error::invalid("/next", "task_repeats", "The task repeats: its next time is made anyway."));
    }
    let wanted = match done.next {
        Some(new) => Some(checked(tx, like(new, &task), reach, "/next").await?),
        None => None,
    };
    end(tx, task, TaskStatus::Done, outcome, wanted).await
}

/// Ends a task that is left out; one that repeats comes again.
pub(super) async fn skip(
    tx: &mut Tx,
    id: TaskId,
    NewSkip { reason }: NewSkip,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<TaskEnd> {
    let required = || Error::invalid("/reason", "required", "Say why it is left out.");
    let reason = said(Some(reason), "/reason")?.ok_or_else(required)?;
    let task = ending(tx, id, if_match, owners).await?;
    end(tx, task, TaskStatus::Skipped, Some(reason), None).await
}

/// An open task that is about to end, locked.
async fn ending(tx: &mut Tx, id: TaskId, if_match: Option<&str>, owners: &Owners) -> Result<Task> {
    let task = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, task.version)?;
    require_open(&task)?;
    Ok(task)
}

async fn end(
    tx: &mut Tx,
    task: Task,
    status: TaskStatus,
    outcome: Option<String>,
    wanted: Option<Draft>,
) -> Result<TaskEnd> {
    let closer = tx.context().actor.id;
    close(tx, task, (status, outcome, closer), wanted).await
}

/// Ends a task: how, with what outcome, and by whom if anybody did.
async fn close(
    tx: &mut Tx,
    task: Task,
    (status, outcome, closer): (TaskStatus, Option<String>, Option<Uuid>),
    wanted: Option<Draft>,
) -> Result<TaskEnd> {
    db::close(tx, task.id, status, &outcome, closer).await?;
    let next = match wanted {
        Some(draft) => {
            let next = follow(tx, &task, &draft, first_place(tx, &draft)).await?;
            if let Some(next) = &next {
                tell(tx, next, None).await?;
            }
            next
        }
        None => come_again(tx, &task).await?,
    };
    let after = db::find(tx, task.id, &None).await?;
    let (kind, title) = match status {
        TaskStatus::Skipped => ("task.skipped", "Task left out"),
        TaskStatus::Done | TaskStatus::Open => ("task.completed", "Task done"),
    };
    record(tx, &after, kind, title, json!({ "next": next.as_ref().map(|next| next.id) })).await?;
    Ok(TaskEnd { task: after, next })
}

/// Makes the next time of a task that repeats.
async fn come_again(tx: &mut Tx, task: &Task) -> Result<Option<Task>> {
    let mut draft = Draft::of(task);
    let Some(place) = next_time(&draft, place_of(task).as_ref(), tx.now()) else { return Ok(None) };
    draft.due_on = Some(place.occurs_on);
    follow(tx, task, &draft, Some(place)).await
}

async fn follow(tx: &mut Tx, task: &Task, draft: &Draft, place: Option<Place>) -> Result<Option<Task>> {
    let id = TaskId::new(tx.now());
    match make(tx, id, draft, place.as_ref(), Some(task.id)).await? {
        true => db::find(tx, id, &None).await.map(Some),
        false => Ok(None),
    }
}

/// What follows a task is done by the same member and about the same, unless it says otherwise.
fn like(mut new: NewTask, task: &Task) -> NewTask {
    new.assignee = new.assignee.or(task.assignee);
    if new.contact.is_none() && new.company.is_none() && new.deal.is_none() {
        (new.contact, new.company, new.deal) = (task.contact, task.company, task.deal);
    }
    new.zone = new.zone.or_else(|| Some(task.zone.clone()));
    new
}

/// Opens a task that has ended. The next time that its end made goes, when nobody has touched it.
pub(super) async fn reopen(tx: &mut Tx, id: TaskId, if_match: Option<&str>, owners: &Owners) -> Result<Task> {
    let task = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, task.version)?;
    if task.status == TaskStatus::Open {
        return Err(Error::conflict("task_open", "The task is open."));
    }
    db::reopen(tx, id).await?;
    arm(tx, id, &Draft::of(&task), task.snoozed_until).await?;
    if let Some(next) = db::withdraw(tx, id).await? {
        let event = NewEvent::new("task.withdrawn", "tasks", next.0, "Next time of a task withdrawn");
        let left: Vec<_> = task.contact.into_iter().collect();
        tx.record(event.payload(&json!({ "left": left }))).await?;
    }
    let after = db::find(tx, id, &None).await?;
    record(tx, &after, "task.reopened", "Task opened again", json!({})).await?;
    Ok(after)
}

/// Deletes a task; it can be restored for 30 days, then it is gone.
pub(super) async fn delete(tx: &mut Tx, id: TaskId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let task = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, task.version)?;
    db::delete(tx, id).await?;
    let deleted_at = tx.now();
    let purge = PurgeTask { task: id, deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    record(tx, &task, "task.deleted", "Task deleted", json!({})).await
}

/// Takes a deletion back.
pub(super) async fn restore(tx: &mut Tx, id: TaskId, owners: &Owners) -> Result<Task> {
    db::restore(tx, id, owners).await?;
    let after = db::find(tx, id, &None).await?;
    arm(tx, id, &Draft::of(&after), after.snoozed_until).await?;
    record(tx, &after, "task.restored", "Task restored", json!({})).await?;
    Ok(after)
}

/// Removes a task for good whose deletion was not taken back.
pub(super) async fn purge(tx: &mut Tx, id: TaskId, deleted_at: DateTime<Utc>) -> Result<()> {
    if db::purge(tx, id, deleted_at).await? {
        tx.record(NewEvent::new("task.purged", "tasks", id.0, "Task removed for good")).await?;
    }
    Ok(())
}

/// Sees to it that a locked task is reminded of when it should be: before it is due, and when a snooze ends.
async fn arm(tx: &mut Tx, id: TaskId, draft: &Draft, snoozed: Option<DateTime<Utc>>) -> Result<()> {
    let due = draft.reminders.iter().map(|minutes| (Some(*minutes), draft.remind_at(*minutes)));
    let (minutes, moments): (Vec<_>, Vec<_>) = due.chain(snoozed.map(|until| (None, Some(until)))).unzip();
    for reminder in db::arm(tx, id, &minutes, &moments).await? {
        let Some(at) = reminder.remind_at else { continue };
        remind::enqueue(tx, &RemindTask { task: id, reminder: reminder.id, at }, at).await?;
    }
    Ok(())
}

/// Fails with 404 unless the task is there and in reach.
pub async fn require(tx: &mut Tx, id: TaskId, owners: &Owners) -> Result<()> {
    db::find(tx, id, owners).await.map(drop)
}

/// Where a task is shown.
pub(super) fn link_to(id: TaskId) -> String {
    format!("/tasks?task={id}")
}

/// Refuses filters and an order that do not work.
pub(crate) async fn check_list(tx: &mut Tx, query: ListQuery, deleted: bool) -> Result<()> {
    let spec = if deleted { &db::DELETED } else { &db::LIST };
    db::list(tx, spec, &query, &db::Wish::new(None, Some(vec![]))).await.map(|_| ())
}

/// Lets tasks be found by what they, their contact and their company are called now. A task that comes to a contact while the
/// contact changes hears of it by its own event.
pub(crate) async fn follow_words(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let tasks = match event.subject.as_str() {
        // Who was merged has none any more; whom he became has them.
        "contacts" => {
            let people: Vec<Uuid> = [Some(event.subject_id), event.contact_id].into_iter().flatten().collect();
            db::words::of_contacts(tx, &people).await?
        }
        "companies" => db::words::of_company(tx, event.subject_id).await?,
        _ if event.contact_id.is_none() && event.payload["company"].is_null() => vec![],
        _ => vec![TaskId(event.subject_id)],
    };
    db::words::refresh(tx, &tasks).await
}

/// The same for contacts that were changed by the thousand, once that is done.
pub(crate) async fn contacts_touched(tx: &mut Tx, contacts: &[Uuid]) -> Result<()> {
    let tasks = db::words::of_contacts(tx, contacts).await?;
    if tasks.is_empty() { Ok(()) } else { tx.enqueue(&FollowTaskWords { tasks }, Enqueue::default()).await.map(drop) }
}

/// Records that tasks leave the system, and by which filters they are chosen; refuses filters that do not work.
pub(super) async fn record_export(tx: &mut Tx, filter: &[String], rows: u64) -> Result<()> {
    let fields: Vec<&str> = filter.iter().filter_map(|f| f.split(':').next()).collect();
    let tenant = tx.tenant().id;
    let event = NewEvent::new("task.exported", "tasks", tenant.0, "Tasks exported");
    tx.record(event.payload(&json!({ "filtered_by": fields, "rows": rows }))).await?;
    Ok(())
}

/// What a task is about must be in reach; what it was about before may stay, also when somebody else looks after it now.
async fn require_links(tx: &mut Tx, draft: &Draft, before: Option<&Draft>, reach: &Reach) -> Result<()> {
    let mut wrong = Problems::default();
    if let Some(contact) = draft.contact.filter(|id| before.is_none_or(|b| b.contact != Some(*id))) {
        let found = contacts::require(tx, contact, &reach.contacts).await;
        missing(&mut wrong, found, "contact")?;
    }
    if let Some(company) = draft.company.filter(|id| before.is_none_or(|b| b.company != Some(*id))) {
        let found = companies::require(tx, company, &reach.companies).await;
        missing(&mut wrong, found, "company")?;
    }
    if let Some(deal) = draft.deal.filter(|id| before.is_none_or(|b| b.deal != Some(*id))) {
        let found = deals::require(tx, deal, &reach.deals).await;
        missing(&mut wrong, found, "deal")?;
    }
    wrong.check()
}

fn missing(wrong: &mut Problems, found: Result<()>, what: &str) -> Result<()> {
    match found {
        Err(error) if error.is_not_found() => {
            wrong.add(format!("/{what}"), &format!("{what}_unknown"), format!("There is no such {what}."));
            Ok(())
        }
        other => other,
    }
}

/// The same problem with fields of a part of what was sent.
fn below(error: Error, at: &str) -> Error {
    let kernel::error::Kind::Invalid(fields) = error.kind() else { return error };
    let mut fields = fields.clone();
    for problem in &mut fields {
        problem.field = format!("{at}{}", problem.field);
    }
    Error::invalid_fields(fields)
}

fn said(text: Option<String>, field: &str) -> Result<Option<String>> {
    let mut wrong = Problems::default();
    let text = wrong.lines(field, text, 1_000);
    wrong.check()?;
    Ok(text)
}

fn require_open(task: &Task) -> Result<()> {
    match task.status {
        TaskStatus::Open => Ok(()),
        _ => Err(Error::conflict("task_closed", "The task has ended. Open it again first.")),
    }
}

/// Whoever reaches only some members' tasks gives them to one of those, by default to himself.
fn assignee_in_reach(tx: &Tx, assignee: Option<UserId>, owners: &Owners) -> Result<Option<UserId>> {
    let Some(reached) = owners else { return Ok(assignee) };
    let assignee = assignee.or_else(|| tx.context().actor.id.map(UserId));
    match assignee {
        Some(assignee) if reached.contains(&assignee.0) => Ok(Some(assignee)),
        _ => Err(Error::invalid("/assignee", "assignee_out_of_reach", "Name a member whose tasks you may change.")),
    }
}

/// Records a fact; timelines of the contact and of the company show it.
async fn record(tx: &mut Tx, task: &Task, kind: &'static str, title: &str, mut payload: Value) -> Result<()> {
    payload["company"] = json!(task.company);
    payload["deal"] = json!(task.deal);
    let event = NewEvent::new(kind, "tasks", task.id.0, title).contact(task.contact.map(|c| c.0));
    tx.record(event.payload(&payload)).await?;
    Ok(())
}
