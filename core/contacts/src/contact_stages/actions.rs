//! What can be done with stages.
//!
//! Whoever puts a contact into a stage holds all of them, shared; whoever takes one away waits for him, and whoever comes later
//! finds it gone. So when a stage is gone no contact comes into it, and one job moves those that are there.
use super::{
    db,
    jobs::MoveContactsOfStage,
    model::{
        ContactStage, ContactStageId, ContactStageOrder, ContactStagePatch, ContactStages, Draft, MOST,
        NewContactStage, StageEntry, is_ahead, key_of,
    },
};
use crate::contacts::{self, ContactId};
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match, jobs::Enqueue};
use serde_json::{Value, json};
use std::collections::HashMap;

/// How many contacts are moved in one transaction.
pub const BATCH: i64 = 200;

/// Makes a stage, after the others.
pub(super) async fn create(tx: &mut Tx, new: NewContactStage) -> Result<ContactStage> {
    let (draft, key) = Draft::new(new)?;
    db::lock(tx).await?;
    if db::list(tx).await?.len() >= MOST {
        return Err(Error::conflict("contact_stages_full", "There are as many stages as there may be."));
    }
    let key = match key {
        Some(key) => key,
        None => key_of(&draft.label, &db::keys(tx).await?),
    };
    if let Some(entry) = draft.entry {
        db::give_up(tx, entry).await?;
    }
    let id = ContactStageId::new(tx.now());
    db::insert(tx, id, &key, &draft).await?;
    record(tx, "contact_stage.created", id, "Contact stage added", json!({ "key": key })).await?;
    db::find(tx, id).await
}

/// Changes a stage.
pub(super) async fn update(
    tx: &mut Tx,
    id: ContactStageId,
    patch: ContactStagePatch,
    if_match: Option<&str>,
) -> Result<ContactStage> {
    db::lock(tx).await?;
    let before = there(db::find(tx, id).await?)?;
    check_if_match(if_match, before.version)?;
    let current = Draft::of(&before);
    let next = current.patched(patch)?;
    let fields = current.changed_fields(&next);
    if fields.is_empty() {
        return Ok(before);
    }
    if current.entry == Some(StageEntry::New) && next.entry != current.entry {
        return Err(Error::conflict(
            "contact_stage_for_new",
            "New contacts begin here. Let another stage have them first.",
        ));
    }
    if let Some(entry) = next.entry.filter(|_| next.entry != current.entry) {
        db::give_up(tx, entry).await?;
    }
    db::update(tx, id, &next).await?;
    let payload = json!({ "key": before.key, "fields": fields });
    record(tx, "contact_stage.updated", id, "Contact stage changed", payload).await?;
    db::find(tx, id).await
}

/// Puts the stages into another order; those that are not named come last, in the order they have.
///
/// # Errors
/// 409 `contact_stages_changed` when one of these is gone or named twice; 412 when any stage has changed since.
pub(super) async fn reorder(tx: &mut Tx, order: ContactStageOrder, if_match: Option<&str>) -> Result<ContactStages> {
    db::lock(tx).await?;
    let before = db::all(tx, false).await?;
    check_if_match(if_match, before.version)?;
    let mut rest: Vec<ContactStageId> = before.items.iter().map(|stage| stage.id).collect();
    let known = rest.clone();
    for stage in &order.stages {
        let place = rest.iter().position(|known| known == stage);
        rest.remove(place.ok_or_else(|| {
            Error::conflict("contact_stages_changed", "One of these stages is gone, or named twice. Read them again.")
        })?);
    }
    let order: Vec<ContactStageId> = order.stages.into_iter().chain(rest).collect();
    if order != known {
        db::reorder(tx, &order).await?;
        let tenant = tx.tenant().id;
        let event = NewEvent::new("contact_stage.reordered", "contact_stages", tenant.0, "Contact stages reordered");
        tx.record(event.payload(&json!({ "stages": order }))).await?;
    }
    db::all(tx, false).await
}

/// Takes a stage away. Its contacts go to another one, in the background and each with a line in its story; segments, scores,
/// follow-ups, greetings and forms that name it name the other one soon after. Filters of lists by its key find nobody from then on.
///
/// # Errors
/// 409 `contact_stage_for_new` when new contacts begin in it, `contact_stage_in_use` when contacts are in it and no other stage is named.
pub(super) async fn delete(
    tx: &mut Tx,
    id: ContactStageId,
    move_to: Option<ContactStageId>,
    if_match: Option<&str>,
) -> Result<()> {
    db::close(tx).await?;
    db::lock(tx).await?;
    let stage = there(db::find(tx, id).await?)?;
    check_if_match(if_match, stage.version)?;
    if stage.entry == Some(StageEntry::New) {
        return Err(Error::conflict(
            "contact_stage_for_new",
            "New contacts begin here. Let another stage have them first.",
        ));
    }
    let stages = db::list(tx).await?;
    let wanted = |other: &&ContactStage| match move_to {
        Some(to) => other.id == to && other.id != id,
        None => other.entry == Some(StageEntry::New),
    };
    let Some(to) = stages.iter().find(wanted) else {
        return Err(Error::invalid("/move_to", "stage_unknown", "There is no such other stage."));
    };
    if move_to.is_none() && db::is_used(tx, &stage.key).await? {
        return Err(Error::conflict("contact_stage_in_use", "Contacts are in this stage. Say where they go."));
    }
    db::remove(tx, id, &stage.key, &to.key).await?;
    views::replace_stage(tx, &stage.key, &to.key).await?;
    tx.enqueue(&MoveContactsOfStage { stage: id }, Enqueue::default()).await?;
    let payload = json!({ "key": stage.key, "to": to.key });
    record(tx, "contact_stage.deleted", id, "Contact stage removed", payload).await
}

/// Brings a stage back, after the others and empty: its contacts stay where they are.
pub(super) async fn restore(tx: &mut Tx, id: ContactStageId) -> Result<ContactStage> {
    db::close(tx).await?;
    db::lock(tx).await?;
    let stage = db::find(tx, id).await?;
    if stage.removed_at.is_none() {
        return Err(Error::not_found());
    }
    if db::list(tx).await?.len() >= MOST {
        return Err(Error::conflict("contact_stages_full", "There are as many stages as there may be."));
    }
    db::restore(tx, id).await?;
    record(tx, "contact_stage.restored", id, "Contact stage brought back", json!({ "key": stage.key })).await?;
    db::find(tx, id).await
}

fn there(stage: ContactStage) -> Result<ContactStage> {
    if stage.removed_at.is_some() { Err(Error::not_found()) } else { Ok(stage) }
}

/// Moves some contacts out of a stage that was taken away; says whether there may be more. It is told in a way of its own, so that it
/// neither starts nor cancels follow-ups: nobody decided anything about these contacts.
pub(super) async fn move_some(tx: &mut Tx, id: ContactStageId) -> Result<bool> {
    let stage = db::find(tx, id).await?;
    let (Some(_), Some(to)) = (stage.removed_at, &stage.moved_to) else { return Ok(false) };
    let found = db::some_of(tx, &stage.key, BATCH).await?;
    let moved = db::put(tx, &found, &stage.key, to).await?;
    for contact in &moved {
        let event = NewEvent::new("contact.stage_replaced", "contacts", contact.0, "Stage replaced, as it was removed");
        tx.record(event.contact(contact.0).payload(&json!({ "from": stage.key, "to": to }))).await?;
    }
    Ok(found.len() as i64 == BATCH)
}

/// Lets a contact into a stage; 422 when it is not there.
pub(crate) async fn enter(tx: &mut Tx, key: &str) -> Result<()> {
    db::hold(tx).await?;
    if db::exists(tx, key).await? {
        Ok(())
    } else {
        Err(Error::invalid("/stage", "stage_unknown", "There is no such stage; see /v1/contact-stages."))
    }
}

/// The stage for a new contact: the one he is for, where its contacts went when it was taken away, or the one for new contacts.
pub(crate) async fn first(tx: &mut Tx, wanted: &str) -> Result<String> {
    db::hold(tx).await?;
    if !wanted.is_empty()
        && let Some(key) = db::standing(tx, wanted).await?
    {
        return Ok(key);
    }
    db::of_entry(tx, StageEntry::New).await?.ok_or_else(|| Error::internal("no stage is for new contacts"))
}

/// Key of the stage that a contact in this one goes to when a deal is made of him; none when he stays.
pub(crate) async fn convert(tx: &mut Tx, own: &str) -> Result<Option<String>> {
    let stages = db::list(tx).await?;
    let goes_to = stages.iter().find(|stage| stage.entry == Some(StageEntry::Converted));
    let own = stages.iter().find(|stage| stage.key == own);
    Ok(goes_to.filter(|to| is_ahead(own, to)).map(|to| to.key.clone()))
}

/// Gives what is about to be written the stages that are there: where contacts of a stage went that was taken away, and the one for new
/// contacts where none is said.
pub(crate) async fn settle_drafts<'a>(
    tx: &mut Tx,
    drafts: impl Iterator<Item = &'a mut contacts::Draft>,
) -> Result<()> {
    db::hold(tx).await?;
    let standing: HashMap<String, String> =
        db::standings(tx).await?.into_iter().map(|stage| (stage.key, stage.standing)).collect();
    let first = db::of_entry(tx, StageEntry::New).await?;
    for draft in drafts {
        if let Some(stage) = standing.get(&draft.stage).or(first.as_ref()) {
            draft.stage.clone_from(stage);
        }
    }
    Ok(())
}

/// Lets locked contacts that are as they were before follow a stage that was taken away meanwhile.
pub(crate) async fn settle(tx: &mut Tx, contacts: &[ContactId]) -> Result<()> {
    db::hold(tx).await?;
    db::settle(tx, contacts).await
}

async fn record(tx: &mut Tx, kind: &'static str, id: ContactStageId, title: &str, payload: Value) -> Result<()> {
    tx.record(NewEvent::new(kind, "contact_stages", id.0, title).payload(&payload)).await?;
    Ok(())
}
