//! What starts and cancels follow-ups, in the transaction in which it happens.
use super::{
    super::{db, model::Said},
    End, Planned, arm, end, start, stir,
};
use crate::{follow_up_rules, words::CancelOn};
use contacts::ContactId;
use deals::{DealId, StageId};
use kernel::{Result, Tx, auth::ActorKind, events::NewEvent};

/// What is reacted to.
pub(crate) const KINDS: &[&str] = &[
    "activity.logged",
    "activity.updated",
    "form.submitted",
    "task.created",
    "task.updated",
    "contact.created",
    "contact.stage_changed",
    "deal.created",
    "deal.moved",
    "deal.reopened",
    "deal.won",
    "deal.lost",
    "deal.abandoned",
    "contact.merge_undone",
];

/// Starts and cancels.
pub(crate) async fn react(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    let contact = event.contact_id.map(ContactId);
    match (event.kind, contact) {
        ("activity.logged" | "activity.updated", Some(contact)) => activity(tx, event, contact).await,
        ("activity.logged" | "activity.updated", None) => activity_of_deal(tx, event).await,
        ("form.submitted", Some(contact)) => {
            db::lock_contact(tx, contact, &None).await?;
            cancel(tx, CancelOn::Reply, Some(contact), None, event).await
        }
        ("task.created" | "task.updated", _) => meeting(tx, event).await,
        ("contact.created" | "contact.stage_changed", Some(contact)) => contact_stage(tx, event, contact).await,
        ("contact.merge_undone", Some(contact)) => wait_again(tx, contact).await,
        (kind, contact) if kind.starts_with("deal.") => deal(tx, event, contact).await,
        _ => Ok(()),
    }
}

async fn cancel(
    tx: &mut Tx,
    condition: CancelOn,
    contact: Option<ContactId>,
    deal: Option<DealId>,
    event: &NewEvent,
) -> Result<()> {
    let at = tx.now();
    end(tx, End { condition, contact, deal, at, cause: (event.subject, event.subject_id) }).await
}

/// An answer or a meeting cancels; what we did starts; anything keeps stages from counting as quiet.
async fn activity(tx: &mut Tx, event: &NewEvent, contact: ContactId) -> Result<()> {
    db::lock_contact(tx, contact, &None).await?;
    let Some(said) = db::said(tx, event.subject_id).await? else { return Ok(()) };
    let cause = (event.subject, event.subject_id);
    let meeting = said.kind == "meeting";
    for (holds, condition) in [(said.reply, CancelOn::Reply), (meeting, CancelOn::Meeting)] {
        if holds {
            let why = End { condition, contact: Some(contact), deal: None, at: said.occurred_at, cause };
            end(tx, why).await?;
        }
    }
    if event.kind == "activity.updated" {
        return Ok(());
    }
    stir(tx, contact, said.occurred_at).await?;
    let Said { kind, direction, topic, occurred_at, reply, .. } = said;
    for rule in follow_up_rules::of_activity(tx, &kind, &direction, &topic).await? {
        let answered = (reply && rule.cancel_on.contains(&CancelOn::Reply))
            || (meeting && rule.cancel_on.contains(&CancelOn::Meeting));
        if !answered {
            let about = Planned { contact: Some(contact), deal: None, at: occurred_at, cause };
            start(tx, &rule, about).await?;
        }
    }
    Ok(())
}

/// What nobody is said to have said, about a deal: an answer or a meeting cancels what waits with the deal. Whoever logs it
/// holds the deal.
async fn activity_of_deal(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    let Some(said) = db::said(tx, event.subject_id).await? else { return Ok(()) };
    let Some(deal) = said.deal else { return Ok(()) };
    for (holds, condition) in [(said.reply, CancelOn::Reply), (said.kind == "meeting", CancelOn::Meeting)] {
        if holds {
            let cause = (event.subject, event.subject_id);
            end(tx, End { condition, contact: None, deal: Some(deal), at: said.occurred_at, cause }).await?;
        }
    }
    Ok(())
}

/// A meeting that a person plans cancels, and so does a task that becomes one or becomes one with somebody else: with a
/// contact what waits for him, without one what waits for the deal. No follow-up made this task, so nobody who holds a deal
/// or a contact waits for it.
async fn meeting(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    let changed = |field: &&str| event.payload["fields"].as_array().is_some_and(|all| all.iter().any(|f| f == field));
    let becomes = event.kind == "task.created" || ["kind", "contact", "deal"].iter().any(changed);
    if !becomes || tx.context().actor.kind == ActorKind::System {
        return Ok(());
    }
    let Some(meeting) = db::planned_meeting(tx, event.subject_id).await? else { return Ok(()) };
    match (meeting.contact, meeting.deal) {
        (Some(contact), _) => {
            db::lock_contact(tx, contact, &None).await?;
            cancel(tx, CancelOn::Meeting, Some(contact), None, event).await
        }
        (None, Some(deal)) => match deals::hold(tx, deal, &None).await {
            Err(error) if error.is_not_found() => Ok(()),
            held => {
                held?;
                cancel(tx, CancelOn::Meeting, None, Some(deal), event).await
            }
        },
        (None, None) => Ok(()),
    }
}

/// What waits again after a merge was undone may have let its moment's job pass.
async fn wait_again(tx: &mut Tx, contact: ContactId) -> Result<()> {
    for waiting in db::waiting_of_contact(tx, contact).await? {
        arm(tx, waiting.id, waiting.fire_at).await?;
    }
    Ok(())
}

async fn contact_stage(tx: &mut Tx, event: &NewEvent, contact: ContactId) -> Result<()> {
    db::lock_contact(tx, contact, &None).await?;
    if event.kind == "contact.stage_changed" {
        cancel(tx, CancelOn::Stage, Some(contact), None, event).await?;
    }
    let Some(stage) = db::stage_of(tx, contact).await? else { return Ok(()) };
    let (at, cause) = (tx.now(), (event.subject, event.subject_id));
    for rule in follow_up_rules::of_contact_stage(tx, &stage).await? {
        start(tx, &rule, Planned { contact: Some(contact), deal: None, at, cause }).await?;
    }
    Ok(())
}

async fn deal(tx: &mut Tx, event: &NewEvent, contact: Option<ContactId>) -> Result<()> {
    let deal = DealId(event.subject_id);
    if let Some(contact) = contact {
        db::lock_contact(tx, contact, &None).await?;
    }
    if !matches!(event.kind, "deal.created" | "deal.reopened") {
        cancel(tx, CancelOn::Stage, None, Some(deal), event).await?;
    }
    let stage = match event.kind {
        "deal.moved" => &event.payload["to"],
        "deal.created" | "deal.reopened" => &event.payload["stage"],
        _ => return Ok(()),
    };
    let Ok(stage) = serde_json::from_value::<StageId>(stage.clone()) else { return Ok(()) };
    let (at, cause) = (tx.now(), (event.subject, event.subject_id));
    for rule in follow_up_rules::of_deal_stage(tx, stage).await? {
        start(tx, &rule, Planned { contact, deal: Some(deal), at, cause }).await?;
    }
    Ok(())
}
