//! What can be done with follow-ups. Locks are taken in one order: deal, contact, follow-ups by id, run, task.
mod react;

pub(crate) use react::{KINDS, react};

use super::{
    db::{self, NewFollowUp},
    jobs::FireFollowUp,
    model::{EndReason, FollowUp, FollowUpId, FollowUpStatus, Plan, Recipe},
};
use crate::{
    FOLLOW_UP_FIRED, enrolments,
    follow_up_rules::{FollowUpRule, FollowUpRuleId},
    member_absences::{Presence, presence},
    sequences,
    words::{CancelOn, DayKind, stored, time},
    working_time::{self, Calendar},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match, ids::UserId, jobs::Enqueue};
use notifications::notifications::{Notice, notify};
use serde_json::json;
use tasks::{NewTask, TaskId};
use uuid::Uuid;

/// What happened so long ago starts nothing when it is logged.
const STALE: TimeDelta = TimeDelta::days(30);

/// What a follow-up is about and what started it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned<'a> {
    pub contact: Option<ContactId>,
    pub deal: Option<DealId>,
    pub at: DateTime<Utc>,
    pub cause: (&'a str, Uuid),
}

/// What ends follow-ups early.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End<'a> {
    pub condition: CancelOn,
    pub contact: Option<ContactId>,
    pub deal: Option<DealId>,
    pub at: DateTime<Utc>,
    pub cause: (&'a str, Uuid),
}

/// Starts what a rule says; the contact is locked.
pub(super) async fn start(tx: &mut Tx, rule: &FollowUpRule, about: Planned<'_>) -> Result<()> {
    let now = tx.now();
    if about.at < now - STALE {
        return Ok(());
    }
    if let Some(contact) = about.contact
        && rule.cancel_on.contains(&CancelOn::Reply)
        && db::replied_since(tx, contact, about.at).await?
    {
        return Ok(());
    }
    let (member, actor) = (rule.member.map(|member| member.0), person(tx));
    let assignee = db::assignee(tx, (rule.assignee.as_str(), member, actor), about.contact, about.deal).await?;
    let calendar = working_time::calendar(tx, assignee).await?;
    let at_time = rule.at_time.as_deref().and_then(time);
    let due = due(&calendar, about.at, now, (rule.wait_days, rule.days, rule.at_time.as_deref()));
    let new = NewFollowUp {
        rule: Some(rule.id),
        run: None,
        contact: about.contact,
        deal: about.deal,
        title: &rule.task_title,
        kind: rule.task_kind.as_str(),
        priority: rule.task_priority as i16,
        assignee: rule.assignee.as_str(),
        member,
        actor,
        cancel_on: &stored(&rule.cancel_on),
        restarts: rule.restarts,
        withdraws: rule.withdraws,
        wait_days: rule.wait_days,
        days: rule.days.as_str(),
        at_time,
        started_at: about.at,
        started: about.cause,
        due_on: due.0,
        zone: calendar.zone.name(),
        fire_at: due.1,
    };
    plan(tx, &new).await
}

/// Who acts, when it is a person.
fn person(tx: &Tx) -> Option<Uuid> {
    let actor = tx.context().actor;
    actor.id.filter(|_| actor.kind.as_str() == "user")
}

/// When a follow-up is due; at the next working moment when that has passed already.
fn due(
    calendar: &Calendar,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
    (wait, days, at): (i16, DayKind, Option<&str>),
) -> (NaiveDate, DateTime<Utc>) {
    let due = calendar.due(from, wait.unsigned_abs(), days, at.and_then(time));
    if due.1 > now { due } else { calendar.due(now, 0, DayKind::Calendar, None) }
}

/// Plans a follow-up and records it.
pub(crate) async fn plan(tx: &mut Tx, new: &NewFollowUp<'_>) -> Result<()> {
    let id = FollowUpId::new(tx.now());
    let Some(planned) = db::insert(tx, id, new).await? else { return Ok(()) };
    arm(tx, planned, new.fire_at).await?;
    if new.run.is_some() {
        // That the run began says it for all its steps.
        return Ok(());
    }
    let (kind, title) = match planned == id {
        true => ("follow_up.scheduled", "Follow-up planned"),
        false => ("follow_up.restarted", "Follow-up waits anew"),
    };
    let payload = json!({ "rule": new.rule, "deal": new.deal, "due_on": new.due_on });
    let event = NewEvent::new(kind, "follow_ups", planned.0, title).contact(new.contact.map(|contact| contact.0));
    tx.record(event.payload(&payload)).await.map(drop)
}

/// Sees to it that a follow-up fires at its moment.
pub(crate) async fn arm(tx: &mut Tx, id: FollowUpId, at: DateTime<Utc>) -> Result<()> {
    let unique_key = Some(format!("{id}/{}", at.timestamp_micros()));
    tx.enqueue(&FireFollowUp { follow_up: id, at }, Enqueue { run_at: Some(at), unique_key }).await.map(drop)
}

/// Who would get the task of a follow-up that is still there.
pub(super) async fn falls_to(tx: &mut Tx, id: FollowUpId) -> Result<Option<UserId>> {
    match db::plan(tx, id).await {
        Err(error) if error.is_not_found() => Ok(None),
        found => found.map(|plan| plan.assignee),
    }
}

/// Fires a follow-up that waits for this moment, once: whoever cancels, moves or fires it at the same time waits for this,
/// or this for him, and then finds it changed. What would fall to somebody who has `left` falls to whoever looks after the deal
/// or the contact.
pub(super) async fn fire(tx: &mut Tx, id: FollowUpId, at: DateTime<Utc>, left: Option<UserId>) -> Result<()> {
    let known = match db::plan(tx, id).await {
        Err(error) if error.is_not_found() => return Ok(()),
        found => found?,
    };
    // Whoever begins a sequence and whoever cancels follow each other: steps that begin meanwhile would not be seen.
    let begins = known.rule.is_some() && db::recipe(tx, id).await?.sequence.is_some();
    let there = db::hold(tx, known.deal, known.contact, begins).await?;
    let Some(plan) = due_now(tx, id, at).await? else { return Ok(()) };
    let mut recipe = db::recipe(tx, id).await?;
    if left.is_some() && recipe.assignee == left {
        let owner = db::assignee(tx, ("owner", None, None), plan.contact, plan.deal).await?;
        recipe.assignee = owner.filter(|owner| Some(*owner) != left);
    }
    if !there || !recipe.enabled {
        let reason = if there { EndReason::Off } else { EndReason::Gone };
        db::cancel(tx, &[id], reason, None).await?;
        record_end(tx, &plan, reason, None).await?;
        return settle_runs(tx, &[plan], reason, None).await;
    }
    let (task, stands_in) = match (recipe.sequence, plan.contact) {
        (Some(sequence), Some(contact)) => {
            let run = enrolments::NewRun { sequence, contact, deal: plan.deal, rule: plan.rule };
            enrolments::begin(tx, &run).await?;
            (None, false)
        }
        _ => match presence(tx, recipe.assignee, plan.at_time.as_deref().and_then(time)).await? {
            Presence::Away(due, calendar) => return postpone(tx, &plan, due, &calendar).await,
            Presence::There(who) => {
                let stands_in = who != plan.assignee && plan.assignee != left;
                (Some(make_task(tx, &plan, Recipe { assignee: who, ..recipe }).await?), stands_in)
            }
        },
    };
    db::fired(tx, id, task).await?;
    let payload = json!({ "task": task, "rule": plan.rule, "enrolment": plan.enrolment, "stands_in_for": plan.assignee.filter(|_| stands_in) });
    record(tx, &plan, "follow_up.fired", "Follow-up came", payload).await?;
    match plan.enrolment {
        Some(run) => enrolments::finish_if_done(tx, run).await,
        None => Ok(()),
    }
}

/// The follow-up, locked, if it still waits for this moment.
async fn due_now(tx: &mut Tx, id: FollowUpId, at: DateTime<Utc>) -> Result<Option<Plan>> {
    let plans = db::plans_for_update(tx, &[id]).await?;
    Ok(plans.into_iter().find(|plan| plan.status == FollowUpStatus::Waiting && plan.fire_at == at))
}

/// Holds a follow-up back whose moment came while nothing may come.
pub(super) async fn hold_back(tx: &mut Tx, id: FollowUpId, at: DateTime<Utc>) -> Result<()> {
    let Some(plan) = due_now(tx, id, at).await? else { return Ok(()) };
    db::pause(tx, &[id]).await?;
    record(tx, &plan, "follow_up.paused", "Follow-up held back", json!({})).await
}

/// Lets a locked follow-up wait until whoever gets its task is back.
async fn postpone(tx: &mut Tx, plan: &Plan, due: (NaiveDate, DateTime<Utc>), calendar: &Calendar) -> Result<()> {
    db::move_to(tx, plan.id, plan.started_at, due, calendar.zone.name()).await?;
    arm(tx, plan.id, due.1).await?;
    let payload = json!({ "rule": plan.rule, "due_on": due.0, "away": plan.assignee });
    record(tx, plan, "follow_up.postponed", "Follow-up waits until somebody is back", payload).await
}

/// Makes the task, and tells whoever gets it.
async fn make_task(tx: &mut Tx, plan: &Plan, recipe: Recipe) -> Result<TaskId> {
    let new = NewTask {
        title: recipe.title.clone(),
        kind: recipe.kind,
        priority: recipe.priority,
        due_on: Some(plan.due_on),
        zone: Some(plan.zone.clone()),
        assignee: recipe.assignee,
        contact: plan.contact,
        deal: plan.deal,
        ..NewTask::default()
    };
    let task = tasks::add(tx, new).await?;
    if let Some(assignee) = recipe.assignee {
        let params = json!({ "task": recipe.title, "day": plan.due_on });
        let mut notice =
            Notice::new(&FOLLOW_UP_FIRED, params, vec![assignee.0]).link(format!("/tasks?task={task}")).gather();
        notice.contact_id = plan.contact.map(|contact| contact.0);
        notice.dedupe_key = Some(format!("follow_up.fired/{}", plan.id));
        notify(tx, &notice).await?;
    }
    Ok(task)
}

/// Cancels what such a thing makes needless: what waits, runs through sequences, and open tasks that were made.
pub(super) async fn end(tx: &mut Tx, end: End<'_>) -> Result<()> {
    let End { condition, contact, deal, at, cause } = end;
    let ids = db::cancelled_by(tx, condition, contact, deal, at).await?;
    if !ids.is_empty() {
        let plans = db::plans_for_update(tx, &ids).await?;
        let reason = EndReason::from(condition);
        db::cancel(tx, &ids, reason, Some(cause)).await?;
        for plan in &plans {
            record_end(tx, plan, reason, Some(cause)).await?;
        }
        settle_runs(tx, &plans, reason, Some(cause)).await?;
    }
    let reason = match condition {
        CancelOn::Reply => "Not needed: the contact got in touch.",
        CancelOn::Meeting => "Not needed: a meeting came first.",
        CancelOn::Stage => "Not needed: the stage changed.",
    };
    for task in db::needless_tasks(tx, condition, contact, deal, at).await? {
        tasks::leave_out(tx, task, reason).await?;
    }
    Ok(())
}

/// Runs whose steps were cancelled end, unless a member stopped single steps: then they end when none is left.
async fn settle_runs(tx: &mut Tx, plans: &[Plan], reason: EndReason, cause: Option<(&str, Uuid)>) -> Result<()> {
    let mut runs: Vec<_> = plans.iter().filter_map(|plan| plan.enrolment).collect();
    runs.sort_unstable();
    runs.dedup();
    for run in runs {
        match reason {
            EndReason::Stopped => enrolments::finish_if_done(tx, run).await?,
            _ => enrolments::stop_for(tx, run, reason, cause).await?,
        }
    }
    Ok(())
}

/// What a rule of a stage started waits anew, because something was logged with the contact.
pub(super) async fn stir(tx: &mut Tx, contact: ContactId, at: DateTime<Utc>) -> Result<()> {
    let ids = db::stirred_by(tx, contact, at).await?;
    if ids.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    for plan in db::plans_for_update(tx, &ids).await? {
        let calendar = working_time::calendar(tx, plan.assignee).await?;
        let due = due(&calendar, at, now, (plan.wait_days, plan.days, plan.at_time.as_deref()));
        db::move_to(tx, plan.id, at, due, calendar.zone.name()).await?;
        arm(tx, plan.id, due.1).await?;
        record(tx, &plan, "follow_up.restarted", "Follow-up waits anew", json!({ "due_on": due.0 })).await?;
    }
    Ok(())
}

/// Locks follow-ups in the order of their ids, and says which ones still wait or are held back.
pub(crate) async fn lock_ids(tx: &mut Tx, ids: &[FollowUpId]) -> Result<Vec<Plan>> {
    let mut plans = db::plans_for_update(tx, ids).await?;
    plans.retain(|plan| matches!(plan.status, FollowUpStatus::Waiting | FollowUpStatus::Paused));
    Ok(plans)
}

/// Cancels everything that a rule started and that still waits.
pub(crate) async fn stop_rule(tx: &mut Tx, rule: FollowUpRuleId) -> Result<()> {
    let ids = db::waiting_of_rule(tx, rule).await?;
    let plans = lock_ids(tx, &ids).await?;
    db::cancel(tx, &ids, EndReason::Off, None).await?;
    for plan in &plans {
        record_end(tx, plan, EndReason::Off, None).await?;
    }
    Ok(())
}

/// The follow-up in reach, locked.
async fn changing(tx: &mut Tx, id: FollowUpId, if_match: Option<&str>, owners: &Owners) -> Result<Plan> {
    let known = db::find(tx, id, owners).await?;
    db::hold(tx, known.deal, known.contact, false).await?;
    let plan = db::plans_for_update(tx, &[id]).await?.into_iter().next().ok_or_else(Error::not_found)?;
    check_if_match(if_match, plan.version)?;
    Ok(plan)
}

/// Stops a follow-up; a step of a sequence is left out, the others stay.
pub(super) async fn stop(tx: &mut Tx, id: FollowUpId, if_match: Option<&str>, owners: &Owners) -> Result<FollowUp> {
    let plan = changing(tx, id, if_match, owners).await?;
    if matches!(plan.status, FollowUpStatus::Fired | FollowUpStatus::Cancelled) {
        return Err(ended());
    }
    db::cancel(tx, &[id], EndReason::Stopped, None).await?;
    record_end(tx, &plan, EndReason::Stopped, None).await?;
    settle_runs(tx, &[plan], EndReason::Stopped, None).await?;
    db::find(tx, id, owners).await
}

/// Holds a follow-up back.
pub(super) async fn pause(tx: &mut Tx, id: FollowUpId, if_match: Option<&str>, owners: &Owners) -> Result<FollowUp> {
    let plan = changing(tx, id, if_match, owners).await?;
    match plan.status {
        FollowUpStatus::Waiting => {}
        FollowUpStatus::Paused => return Err(Error::conflict("follow_up_paused", "It is held back already.")),
        FollowUpStatus::Fired | FollowUpStatus::Cancelled => return Err(ended()),
    }
    db::pause(tx, &[id]).await?;
    record(tx, &plan, "follow_up.paused", "Follow-up held back", json!({})).await?;
    db::find(tx, id, owners).await
}

/// Lets a follow-up wait again that a member held back or stopped: as many days later as it stood still.
pub(super) async fn resume(tx: &mut Tx, id: FollowUpId, if_match: Option<&str>, owners: &Owners) -> Result<FollowUp> {
    let plan = changing(tx, id, if_match, owners).await?;
    let since = match (plan.status, plan.reason) {
        (FollowUpStatus::Paused, _) => plan.paused_at,
        (FollowUpStatus::Cancelled, Some(EndReason::Stopped)) => plan.ended_at,
        (FollowUpStatus::Waiting, _) => return Err(Error::conflict("follow_up_waits", "It waits already.")),
        _ => return Err(ended()),
    };
    if let Some(run) = plan.enrolment {
        enrolments::require_running(tx, run).await?;
    }
    let calendar = working_time::calendar(tx, plan.assignee).await?;
    let now = tx.now();
    let due = calendar.later(plan.fire_at, since.unwrap_or(now), now);
    db::resume(tx, id, due, calendar.zone.name()).await?;
    arm(tx, id, due.1).await?;
    record(tx, &plan, "follow_up.resumed", "Follow-up waits again", json!({ "due_on": due.0 })).await?;
    db::find(tx, id, owners).await
}

fn ended() -> Error {
    Error::conflict("follow_up_ended", "It has come or was cancelled.")
}

pub(crate) async fn record_end(tx: &mut Tx, plan: &Plan, reason: EndReason, cause: Option<(&str, Uuid)>) -> Result<()> {
    let payload = json!({ "reason": reason.as_str(), "by": cause.map(|c| c.0), "by_id": cause.map(|c| c.1), "rule": plan.rule, "enrolment": plan.enrolment });
    record(tx, plan, "follow_up.cancelled", "Follow-up cancelled", payload).await
}

/// Records a fact; the timeline of the contact shows it, of a step only what became of the run.
async fn record(
    tx: &mut Tx,
    plan: &Plan,
    kind: &'static str,
    title: &str,
    mut payload: serde_json::Value,
) -> Result<()> {
    payload["deal"] = json!(plan.deal);
    let contact = plan.contact.filter(|_| plan.enrolment.is_none()).map(|contact| contact.0);
    let event = NewEvent::new(kind, "follow_ups", plan.id.0, title).contact(contact);
    tx.record(event.payload(&payload)).await.map(drop)
}

/// The steps of a sequence, as follow-ups of a run that begins now.
pub(crate) async fn plan_steps(
    tx: &mut Tx,
    run: enrolments::EnrolmentId,
    sequence: &sequences::Sequence,
    about: Planned<'_>,
) -> Result<()> {
    let (member, actor) = (sequence.member.map(|member| member.0), person(tx));
    let assignee = db::assignee(tx, (sequence.assignee.as_str(), member, actor), about.contact, about.deal).await?;
    let calendar = working_time::calendar(tx, assignee).await?;
    let now = tx.now();
    for (step, what) in (1i16..).zip(&sequence.steps) {
        let due = due(&calendar, about.at, now, (what.day, sequence.days, sequence.at_time.as_deref()));
        let new = NewFollowUp {
            rule: None,
            run: Some((run, step)),
            contact: about.contact,
            deal: about.deal,
            title: &what.title,
            kind: what.kind.as_str(),
            priority: what.priority,
            assignee: sequence.assignee.as_str(),
            member,
            actor,
            cancel_on: &stored(&sequence.cancel_on),
            restarts: false,
            withdraws: sequence.withdraws,
            wait_days: what.day,
            days: sequence.days.as_str(),
            at_time: sequence.at_time.as_deref().and_then(time),
            started_at: about.at,
            started: about.cause,
            due_on: due.0,
            zone: calendar.zone.name(),
            fire_at: due.1,
        };
        plan(tx, &new).await?;
    }
    Ok(())
}
