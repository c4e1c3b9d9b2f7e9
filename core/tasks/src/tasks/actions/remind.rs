//! Reminding of a task: whoever has it, each within his working hours as far as that is before it is due, and whoever stands in.
use super::{
    super::{
        calendar::{Calendar, Calendars},
        db,
        jobs::RemindTask,
        model::{Task, TaskStatus},
    },
    link_to,
    tell::told,
};
use crate::{Read, TASK_REMINDER};
use chrono::{DateTime, Utc};
use identity::members;
use kernel::{
    Result, Tx,
    auth::Permission,
    ids::UserId,
    jobs::{Enqueue, JobCx},
};
use notifications::notifications::{Notice, notify};
use uuid::Uuid;

/// Sees to it that a reminder is told from a moment on.
pub(super) async fn enqueue(tx: &mut Tx, job: &RemindTask, from: DateTime<Utc>) -> Result<()> {
    let unique_key = Some(format!("{}/{}/{}", job.reminder, job.at.timestamp_micros(), from.timestamp_micros()));
    tx.enqueue(job, Enqueue { run_at: Some(from), unique_key }).await.map(drop)
}

/// Reminds of a task that is still to do, if the reminder is still for this moment. Whoever ends, moves or snoozes the task
/// at the same time waits for this, or this for him.
pub(in super::super) async fn remind(cx: &JobCx, job: &RemindTask) -> Result<()> {
    let asked = cx.read(async |tx| match db::find(tx, job.task, &None).await {
        Err(error) if error.is_not_found() => Ok(None),
        task => Ok(Some((task?, db::working_calendars(tx).await?))),
    });
    let Some((task, calendars)) = asked.await? else { return Ok(()) };
    let (tenant, mut stand_ins) = (cx.tenant()?.id, vec![]);
    for (member, other) in away(&task, &calendars, job.at) {
        // Nobody hears of a task by standing in that he may not see.
        let seeing = cx.control(async |tx| members::seeing(tx, tenant, Some(member.0), &[Read::NAME]).await);
        if seeing.await?.iter().any(|(user, _)| *user == other) {
            stand_ins.push(other);
        }
    }
    cx.write(async |tx| tell(tx, job, &calendars, &stand_ins).await).await
}

/// Who stands in at a moment for those who have a task and are away then; a stand-in who is away himself hands nothing on.
fn away(task: &Task, calendars: &Calendars, at: DateTime<Utc>) -> Vec<(UserId, UserId)> {
    let stands_in = |member: &UserId| {
        let other = calendars.of(Some(*member)).absence(at)?.stand_in?;
        calendars.of(Some(other)).absence(at).is_none().then_some((*member, other))
    };
    people(task).iter().filter_map(stands_in).collect()
}

/// Who has a task.
fn people(task: &Task) -> Vec<UserId> {
    task.assignee.iter().chain(&task.collaborators).copied().collect()
}

/// Tells everybody whose moment has come, and comes again for the others.
async fn tell(tx: &mut Tx, job: &RemindTask, calendars: &Calendars, stand_ins: &[UserId]) -> Result<()> {
    let task = match db::find_for_update(tx, job.task, &None).await {
        Err(error) if error.is_not_found() => return Ok(()),
        found => found?,
    };
    let now = tx.now();
    let asleep = task.snoozed_until.is_some_and(|until| until > now);
    let Some(minutes) = db::reminder(tx, job.reminder, job.at).await? else { return Ok(()) };
    if task.status != TaskStatus::Open || asleep {
        return Ok(());
    }
    // The end of a snooze is a moment that somebody chose.
    let due = task.due_at.filter(|_| minutes.is_some());
    let moment = |user: &UserId| {
        let calendar: Calendar = calendars.of(Some(*user));
        due.map_or(job.at, |due| calendar.telling(job.at, due))
    };
    let mut everybody = people(&task);
    everybody.extend(stand_ins);
    everybody.sort_unstable();
    everybody.dedup();
    let (come, wait): (Vec<UserId>, Vec<UserId>) = everybody.into_iter().partition(|user| moment(user) <= now);
    match wait.iter().map(moment).min() {
        Some(next) => enqueue(tx, job, next).await?,
        None => db::told(tx, job.reminder).await?,
    }
    // Whoever was told already is not told a second time under the same key.
    let people: Vec<Uuid> = come.into_iter().map(|user| user.0).collect();
    let mut notice = Notice::new(&TASK_REMINDER, told(&task), people).link(link_to(job.task)).gather();
    notice.contact_id = task.contact.map(|contact| contact.0);
    notice.dedupe_key = Some(format!("task.reminder/{}/{}", job.reminder, job.at.timestamp_micros()));
    notify(tx, &notice).await.map(drop)
}
