//! What can be done with pairs: find them, and say that they are none.
use super::{
    db, evidence,
    jobs::FindContactDuplicates,
    model::{ContactDuplicate, ContactDuplicateId, DuplicatePatch, DuplicateState},
};
use crate::contacts::{ContactId, Owners};
use kernel::{
    Result, Tx,
    duplicates::Shift,
    events::{NewEvent, Recorded},
    http::check_if_match,
    jobs::Enqueue,
};
use serde_json::json;

/// After what a contact is compared anew.
pub(crate) const KINDS: &[&str] =
    &["contact.created", "contact.updated", "contact.restored", "contact.merged", "contact.merge_undone"];

/// Lets the contact of an event be compared in the background.
pub(crate) async fn notice(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let Some(contact) = event.contact_id else { return Ok(()) };
    if db::note(tx, contact).await? {
        tx.enqueue(&FindContactDuplicates {}, Enqueue::default()).await?;
    }
    Ok(())
}

/// Compares contacts with all others.
pub(crate) async fn compare(tx: &mut Tx, ids: &[ContactId]) -> Result<Shift> {
    let (mut contacts, mut kinds, mut keys) = (vec![], vec![], vec![]);
    for named in db::named(tx, ids).await? {
        for (kind, key) in evidence::keys(&named.display_name, named.company_name.as_deref(), named.city.as_deref()) {
            contacts.push(named.id);
            kinds.push(kind);
            keys.push(key);
        }
    }
    db::set_keys(tx, ids, (&contacts, &kinds, &keys)).await?;
    let (mut found, mut ones, mut others) = (vec![], vec![], vec![]);
    for pair in db::candidates(tx, ids).await? {
        match pair.evidence().verdict() {
            Some((reasons, confidence)) => found.push((pair.one, pair.other, reasons, confidence)),
            None => {
                ones.push(pair.one);
                others.push(pair.other);
            }
        }
    }
    let gone = db::drop_pairs(tx, &ones, &others).await?;
    let found = if found.is_empty() { vec![] } else { db::put(tx, &found).await? };
    Ok(Shift { found, gone })
}

/// Compares the next contacts that wait and tells what that changed; gives whether there may be more.
pub(super) async fn compare_waiting(tx: &mut Tx, limit: i64) -> Result<bool> {
    let ids = db::take(tx, limit).await?;
    if ids.is_empty() {
        return Ok(false);
    }
    compare(tx, &ids).await?.tell(tx, "contact_duplicate.shifted", "contact_duplicates").await?;
    Ok(true)
}

/// Says that two contacts are no duplicates, or asks about them again.
pub async fn decide(
    tx: &mut Tx,
    id: ContactDuplicateId,
    patch: DuplicatePatch,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<ContactDuplicate> {
    db::lock(tx, id).await?;
    let pair = db::find(tx, id, owners).await?;
    check_if_match(if_match, pair.version)?;
    if pair.state == patch.state {
        return Ok(pair);
    }
    db::decide(tx, id, patch.state).await?;
    let (kind, title) = match patch.state {
        DuplicateState::Dismissed => ("contact_duplicate.dismissed", "Two contacts are no duplicates"),
        DuplicateState::Open => ("contact_duplicate.reopened", "Two contacts may be duplicates"),
    };
    let payload = json!({ "contacts": [pair.one.contact, pair.other.contact] });
    tx.record(NewEvent::new(kind, "contact_duplicates", id.0, title).payload(&payload)).await?;
    db::find(tx, id, owners).await
}
