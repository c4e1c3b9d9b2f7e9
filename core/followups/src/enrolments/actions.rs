//! What can be done with runs through sequences. Steps are locked before their run, as everywhere.
use super::{
    db::{self, NewRun, Run},
    model::{Enrolment, EnrolmentId, EnrolmentStatus, EnrolmentsMade, NewEnrolments},
};
use crate::{
    follow_ups::{self, EndReason, Planned},
    sequences, working_time,
};
use contacts::Owners;
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match};
use serde_json::json;
use uuid::Uuid;

/// Puts contacts into a sequence; those that go through it already stay where they are.
pub(super) async fn create(
    tx: &mut Tx,
    new: NewEnrolments,
    owners: &Owners,
    deal_owners: &Owners,
) -> Result<EnrolmentsMade> {
    let mut contacts = new.contacts;
    // Everybody locks in the same order, so two of them cannot wait for each other.
    contacts.sort_unstable();
    contacts.dedup();
    if contacts.is_empty() || contacts.len() > 200 {
        return Err(Error::invalid("/contacts", "count", "1 to 200 contacts."));
    }
    let unknown = || Error::invalid("/sequence", "sequence_unknown", "There is no such sequence.");
    let sequence = sequences::find(tx, new.sequence).await.map_err(|e| if e.is_not_found() { unknown() } else { e })?;
    if !sequence.enabled {
        return Err(Error::conflict("sequence_off", "The sequence is off. Switch it on first."));
    }
    if let Some(deal) = new.deal {
        if contacts.len() > 1 {
            return Err(Error::invalid("/deal", "single_contact", "With a deal one contact is put in at a time."));
        }
        let missing = || Error::invalid("/deal", "deal_unknown", "There is no such deal.");
        deals::require(tx, deal, deal_owners).await.map_err(|e| if e.is_not_found() { missing() } else { e })?;
    }
    let mut made = EnrolmentsMade { items: vec![], running: 0, missing: 0 };
    for contact in contacts {
        if !follow_ups::lock_contact(tx, contact, owners).await? {
            made.missing += 1;
            continue;
        }
        let run = NewRun { sequence: new.sequence, contact, deal: new.deal, rule: None };
        match begin(tx, &run).await? {
            Some(id) => made.items.push(db::find(tx, id, owners).await?),
            None => made.running += 1,
        }
    }
    Ok(made)
}

/// Begins a run of a contact that is locked or held; nothing when one runs already.
pub(crate) async fn begin(tx: &mut Tx, new: &NewRun) -> Result<Option<EnrolmentId>> {
    let id = EnrolmentId::new(tx.now());
    if !db::insert(tx, id, new).await? {
        return Ok(None);
    }
    let sequence = sequences::find(tx, new.sequence).await?;
    let about = Planned { contact: Some(new.contact), deal: new.deal, at: tx.now(), cause: ("enrolments", id.0) };
    let payload = json!({ "sequence": new.sequence, "deal": new.deal, "rule": new.rule });
    let event = NewEvent::new("enrolment.created", "enrolments", id.0, "Contact put into a sequence");
    tx.record(event.contact(new.contact.0).payload(&payload)).await?;
    follow_ups::plan_steps(tx, id, &sequence, about).await?;
    Ok(Some(id))
}

/// Ends a run whose steps have all come or were left out. Who fires two steps at the same time waits here.
pub(crate) async fn finish_if_done(tx: &mut Tx, id: EnrolmentId) -> Result<()> {
    let run = db::lock(tx, id).await?;
    if is_over(&run) || db::has_steps(tx, id).await? {
        return Ok(());
    }
    db::set_status(tx, id, EnrolmentStatus::Finished, None, None).await?;
    record(tx, &run, "enrolment.finished", "Sequence finished", json!({})).await
}

/// Ends a run early, because something made it needless.
pub(crate) async fn stop_for(
    tx: &mut Tx,
    id: EnrolmentId,
    reason: EndReason,
    cause: Option<(&str, Uuid)>,
) -> Result<()> {
    let ids = follow_ups::waiting_of_run(tx, id).await?;
    let plans = follow_ups::lock_ids(tx, &ids).await?;
    follow_ups::cancel(tx, &ids, reason, cause).await?;
    for plan in &plans {
        follow_ups::record_end(tx, plan, reason, cause).await?;
    }
    let run = db::lock(tx, id).await?;
    if is_over(&run) {
        return Ok(());
    }
    db::set_status(tx, id, EnrolmentStatus::Stopped, Some(reason), cause).await?;
    record(tx, &run, "enrolment.stopped", "Sequence stopped", json!({ "reason": reason.as_str() })).await
}

/// Refuses when a run is held back or over: its steps do not wait by themselves.
pub(crate) async fn require_running(tx: &mut Tx, id: EnrolmentId) -> Result<()> {
    match db::lock(tx, id).await?.status {
        EnrolmentStatus::Active => Ok(()),
        EnrolmentStatus::Paused => Err(Error::conflict("enrolment_paused", "The sequence is held back. Resume that.")),
        EnrolmentStatus::Stopped | EnrolmentStatus::Finished => Err(over()),
    }
}

/// Stops a run.
pub(super) async fn stop(tx: &mut Tx, id: EnrolmentId, if_match: Option<&str>, owners: &Owners) -> Result<Enrolment> {
    let before = db::find(tx, id, owners).await?;
    check_if_match(if_match, before.version)?;
    follow_ups::lock_contact(tx, before.contact, &None).await?;
    if matches!(before.status, EnrolmentStatus::Stopped | EnrolmentStatus::Finished) {
        return Err(over());
    }
    stop_for(tx, id, EndReason::Stopped, None).await?;
    db::find(tx, id, owners).await
}

/// Holds a run back, with all its steps.
pub(super) async fn pause(tx: &mut Tx, id: EnrolmentId, if_match: Option<&str>, owners: &Owners) -> Result<Enrolment> {
    let before = db::find(tx, id, owners).await?;
    check_if_match(if_match, before.version)?;
    follow_ups::lock_contact(tx, before.contact, &None).await?;
    let ids = follow_ups::waiting_of_run(tx, id).await?;
    follow_ups::lock_ids(tx, &ids).await?;
    let run = db::lock(tx, id).await?;
    match run.status {
        EnrolmentStatus::Active => {}
        EnrolmentStatus::Paused => return Err(Error::conflict("enrolment_paused", "It is held back already.")),
        EnrolmentStatus::Stopped | EnrolmentStatus::Finished => return Err(over()),
    }
    follow_ups::pause(tx, &ids).await?;
    db::set_status(tx, id, EnrolmentStatus::Paused, None, None).await?;
    record(tx, &run, "enrolment.paused", "Sequence held back", json!({})).await?;
    db::find(tx, id, owners).await
}

/// Lets a run go on: its steps come as many days later as it stood still.
pub(super) async fn resume(tx: &mut Tx, id: EnrolmentId, if_match: Option<&str>, owners: &Owners) -> Result<Enrolment> {
    let before = db::find(tx, id, owners).await?;
    check_if_match(if_match, before.version)?;
    follow_ups::lock_contact(tx, before.contact, &None).await?;
    let ids = follow_ups::waiting_of_run(tx, id).await?;
    let plans = follow_ups::lock_ids(tx, &ids).await?;
    let run = db::lock(tx, id).await?;
    match run.status {
        EnrolmentStatus::Paused => {}
        EnrolmentStatus::Active => return Err(Error::conflict("enrolment_active", "It goes on already.")),
        EnrolmentStatus::Stopped | EnrolmentStatus::Finished => return Err(over()),
    }
    let now = tx.now();
    for plan in plans {
        let calendar = working_time::calendar(tx, plan.assignee).await?;
        let due = calendar.later(plan.fire_at, plan.paused_at.unwrap_or(now), now);
        follow_ups::resume(tx, plan.id, due, calendar.zone.name()).await?;
        follow_ups::arm(tx, plan.id, due.1).await?;
    }
    db::set_status(tx, id, EnrolmentStatus::Active, None, None).await?;
    record(tx, &run, "enrolment.resumed", "Sequence goes on", json!({})).await?;
    db::find(tx, id, owners).await
}

fn is_over(run: &Run) -> bool {
    matches!(run.status, EnrolmentStatus::Stopped | EnrolmentStatus::Finished)
}

fn over() -> Error {
    Error::conflict("enrolment_ended", "The run has ended. Put the contact in again.")
}

async fn record(tx: &mut Tx, run: &Run, kind: &'static str, title: &str, payload: serde_json::Value) -> Result<()> {
    let event = NewEvent::new(kind, "enrolments", run.id.0, title).contact(run.contact.0).payload(&payload);
    tx.record(event).await.map(drop)
}
