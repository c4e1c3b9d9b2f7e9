//! What can be done with schedules.
use super::{
    db,
    jobs::{MakeReport, StartReport},
    model::{Draft, NewReportSchedule, ReportSchedule, ReportScheduleId, ReportSchedulePatch, ReportScheduleState},
};
use crate::report_runs::{self, ReportRun, ReportRunId};
use chrono::{DateTime, Utc};
use contacts::Owners;
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match, ids::UserId, jobs::Enqueue};
use serde_json::json;

/// Most schedules of one member.
const MOST: i64 = 50;

fn event(kind: &'static str, id: ReportScheduleId, title: &'static str) -> NewEvent {
    NewEvent::new(kind, "report_schedules", id.0, title)
}

/// Makes a schedule and the job of its first time.
pub(super) async fn create(tx: &mut Tx, new: NewReportSchedule, owner: UserId) -> Result<ReportSchedule> {
    let draft = Draft::new(new, &tx.tenant().zone.clone())?;
    if db::count_of(tx, owner).await? >= MOST {
        return Err(Error::conflict("report_schedules_full", "You have as many schedules as there may be."));
    }
    let id = ReportScheduleId::new(tx.now());
    let next = draft.rhythm.after(tx.now());
    db::insert(tx, id, owner, &draft, next).await?;
    plan(tx, id, next).await?;
    tx.record(event("report_schedule.created", id, "Report scheduled")).await?;
    db::find(tx, id, &None).await
}

/// Changes a schedule; what was planned before finds that it is no longer meant. Who does not see all that it may show hands it to
/// nobody.
pub(super) async fn update(
    tx: &mut Tx,
    id: ReportScheduleId,
    patch: ReportSchedulePatch,
    if_match: Option<&str>,
    (owners, sees): (&Owners, bool),
) -> Result<ReportSchedule> {
    let found = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, found.version)?;
    if !sees {
        patch.check_reach(&found)?;
    }
    let state = match patch.active {
        None => found.state,
        Some(true) => ReportScheduleState::Active,
        Some(false) => ReportScheduleState::Paused,
    };
    let draft = Draft::changed(&found, patch)?;
    let next = (state == ReportScheduleState::Active).then(|| draft.rhythm.after(tx.now()));
    db::update(tx, id, &draft, state, next).await?;
    if let Some(next) = next {
        plan(tx, id, next).await?;
    }
    tx.record(event("report_schedule.updated", id, "Scheduled report changed")).await?;
    db::find(tx, id, owners).await
}

/// Removes a schedule with its history.
pub(super) async fn delete(tx: &mut Tx, id: ReportScheduleId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let found = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, found.version)?;
    db::delete(tx, id).await?;
    tx.record(event("report_schedule.deleted", id, "Scheduled report removed")).await?;
    Ok(())
}

/// Sends one now, besides those that come by themselves.
pub(crate) async fn send_now(tx: &mut Tx, id: ReportScheduleId, owners: &Owners) -> Result<ReportRun> {
    let found = db::find_for_update(tx, id, owners).await?;
    let now = tx.now();
    let run = begin(tx, &found, now).await?;
    let run = run.ok_or_else(|| Error::conflict("report_run_known", "One was begun at this moment."))?;
    report_runs::db::find(tx, run, &None).await
}

/// The time has come: takes the occurrence, unless somebody else did or it is no longer meant, and plans the next one.
/// What was missed while nothing ran comes once, not once for each time.
pub(super) async fn start(tx: &mut Tx, id: ReportScheduleId, due_at: DateTime<Utc>) -> Result<()> {
    let found = match db::find_for_update(tx, id, &None).await {
        Err(error) if error.is_not_found() => return Ok(()),
        found => found?,
    };
    if found.next_at != Some(due_at) || due_at > tx.now() {
        return Ok(());
    }
    let next = found.rhythm().after(tx.now());
    db::move_on(tx, id, Some(next)).await?;
    plan(tx, id, next).await?;
    begin(tx, &found, due_at).await.map(drop)
}

/// A run of this occurrence; none when there is one.
async fn begin(tx: &mut Tx, of: &ReportSchedule, due_at: DateTime<Utc>) -> Result<Option<ReportRunId>> {
    let id = ReportRunId::new(tx.now());
    if !report_runs::db::insert(tx, id, of, due_at).await? {
        return Ok(None);
    }
    tx.enqueue(&MakeReport { run: id }, Enqueue::default()).await?;
    report_runs::plan_end(tx).await?;
    let payload = json!({"run": id.to_string()});
    tx.record(event("report_schedule.started", of.id, "Scheduled report begun").payload(&payload)).await?;
    Ok(Some(id))
}

/// The owner may no longer export what it is about.
pub(super) async fn stop(tx: &mut Tx, id: ReportScheduleId) -> Result<()> {
    let found = db::find_for_update(tx, id, &None).await?;
    if found.state == ReportScheduleState::Active {
        db::move_on(tx, id, None).await?;
        tx.record(event("report_schedule.stopped", id, "Scheduled report stopped")).await?;
    }
    Ok(())
}

async fn plan(tx: &mut Tx, schedule: ReportScheduleId, due_at: DateTime<Utc>) -> Result<()> {
    let unique_key = Some(format!("{schedule}/{}", due_at.timestamp()));
    tx.enqueue(&StartReport { schedule, due_at }, Enqueue { run_at: Some(due_at), unique_key }).await.map(drop)
}
