//! What can be done with blocks.
use super::{
    db,
    model::{BlockedChannel, Direction},
};
use crate::contacts::ContactId;
use chrono::{DateTime, Utc};
use kernel::{Error, Result, Tx, events::NewEvent};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// Puts a block.
pub async fn set(
    tx: &mut Tx,
    contact: ContactId,
    channel: BlockedChannel,
    direction: Direction,
    reason: Option<&str>,
) -> Result<()> {
    if reason.is_some_and(|r| r.chars().count() > 500) {
        return Err(Error::invalid("/reason", "too_long", "At most 500 characters."));
    }
    db::upsert(tx, contact, channel, direction, reason).await?;
    record(tx, "contact.blocked", "Do not contact", contact, channel, direction).await
}

/// Takes a block away; 404 when there is none.
pub async fn clear(tx: &mut Tx, contact: ContactId, channel: BlockedChannel, direction: Direction) -> Result<()> {
    if !db::delete(tx, contact, channel, direction).await? {
        return Err(Error::not_found());
    }
    record(tx, "contact.unblocked", "May be contacted again", contact, channel, direction).await
}

/// Puts outbound blocks, where there are none; gives the contacts that had none.
pub(crate) async fn add_many(tx: &mut Tx, contacts: &[ContactId], channel: BlockedChannel) -> Result<Vec<ContactId>> {
    let new = db::add_many(tx, contacts, channel).await?;
    tx.record_all(&facts(&new, "contact.blocked", "Do not contact", channel)).await?;
    Ok(new)
}

/// Takes outbound blocks away; gives the contacts that had one, each with its block as it was.
pub(crate) async fn take_away_many(
    tx: &mut Tx,
    contacts: &[ContactId],
    channel: BlockedChannel,
) -> Result<Vec<(ContactId, Value)>> {
    let gone: Vec<_> = db::take_many(tx, contacts, channel).await?.into_iter().map(|b| (b.contact, b.block)).collect();
    let ids: Vec<ContactId> = gone.iter().map(|(id, _)| *id).collect();
    tx.record_all(&facts(&ids, "contact.unblocked", "May be contacted again", channel)).await?;
    Ok(gone)
}

/// Puts blocks back that were taken away, as they were.
pub(crate) async fn put_back(tx: &mut Tx, blocks: &[&Value], channel: BlockedChannel) -> Result<()> {
    let ids = db::put_back(tx, blocks).await?;
    tx.record_all(&facts(&ids, "contact.blocked", "Do not contact", channel)).await
}

/// Those of the contacts that have an outbound block of the channel itself.
pub(crate) async fn blocked(tx: &mut Tx, contacts: &[ContactId], channel: BlockedChannel) -> Result<Vec<ContactId>> {
    db::blocked(tx, contacts, channel).await
}

/// Those of the contacts whose outbound block of the channel is the one that was put at a moment, or at any when there is none, and
/// that nobody put once more: whoever does has a reason of his own. The lists pair up.
pub(crate) async fn untouched(
    tx: &mut Tx,
    contacts: &[ContactId],
    since: &[Option<DateTime<Utc>>],
    channel: BlockedChannel,
) -> Result<Vec<ContactId>> {
    db::untouched(tx, contacts, since, channel).await
}

fn facts(contacts: &[ContactId], kind: &'static str, title: &str, channel: BlockedChannel) -> Vec<NewEvent> {
    contacts.iter().map(|contact| fact(kind, title, *contact, channel, Direction::Outbound)).collect()
}

/// Every sender asks here first: an error when the person may not be reached this way.
pub async fn refusal(tx: &mut Tx, contact: ContactId, channel: BlockedChannel) -> Result<()> {
    if db::exists(tx, contact, channel, Direction::Outbound).await? {
        return Err(Error::conflict("do_not_contact", "The contact asked not to be reached this way."));
    }
    Ok(())
}

/// Every block of a contact.
pub async fn export(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    Ok(db::list(tx, contact).await?.iter().filter_map(ToJSON::to_json).collect())
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    title: &str,
    contact: ContactId,
    channel: BlockedChannel,
    direction: Direction,
) -> Result<()> {
    tx.record(fact(kind, title, contact, channel, direction)).await.map(drop)
}

fn fact(
    kind: &'static str,
    title: &str,
    contact: ContactId,
    channel: BlockedChannel,
    direction: Direction,
) -> NewEvent {
    let payload = json!({ "channel": channel.as_str(), "direction": direction.as_str() });
    NewEvent::new(kind, "contacts", contact.0, title).contact(contact.0).payload(&payload)
}
