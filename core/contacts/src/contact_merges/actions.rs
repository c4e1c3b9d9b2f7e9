//! What can be done with merges. Everything of a merge, and of its undo, is one transaction.
//!
//! Locks are taken in one order: addresses, what modules lock before contacts, contacts by id. Whoever comes second finds
//! what the first made of the contacts, so of two merges with one contact, of a merge and a deletion, of a merge and an
//! edit each has one end.
use super::{
    choice, db,
    jobs::SettleContactMerge,
    model::{ContactMerge, ContactMergeId, MAX_CONTACTS, MergeUndo, NewContactMerge},
};
use crate::{
    contact_duplicates, contact_stages,
    contacts::{self, Contact, ContactId, Draft, Owners},
    tags,
};
use chrono::TimeDelta;
use fields::{Custom, Fields, RecordKind};
use kernel::{
    Error, Result, Tx,
    clock::random_bytes,
    db::{Merging, Returned},
    error::FieldProblem,
    events::NewEvent,
    jobs::Enqueue,
};
use serde_json::json;
use std::collections::BTreeMap;
use tenants::plans::Entitlements;

/// When rows are looked for that somebody added while the contacts became one.
const SETTLED_AFTER: TimeDelta = TimeDelta::minutes(1);

/// Makes contacts one. Everything that hangs on those that go hangs on the kept one afterwards; rows that cannot, because
/// it has their like, stay with the contact that went, and an undo finds them there.
///
/// # Errors
/// 404 when a contact is not there, `merged` when it is part of another one by now; 409 `contact_on_hold`; 412 when a
/// contact is not of the version that the caller has looked at.
pub async fn merge(tx: &mut Tx, new: NewContactMerge, owners: &Owners) -> Result<ContactMerge> {
    let ids = contacts_of(&new)?;
    let keys = db::keys(tx, &ids).await?;
    contacts::lock_keys(tx, &keys.emails, &keys.phones).await?;
    db::lock(tx, &ids).await?;
    let mut found = vec![];
    for id in &ids {
        found.push(contacts::find(tx, *id, owners).await?);
    }
    check(&found, &new.versions)?;
    let id = ContactMergeId::new(tx.now());
    let (kept, merged) = (ids[0], &ids[1..]);
    let parts: Vec<(ContactId, Draft)> = found.iter().map(|contact| (contact.id, Draft::of(contact))).collect();
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    let mut next = choice::united(&parts, &new.fields);
    fields.compute(&next.own(), &mut next.custom);
    let current = &parts[0].1;
    let changed = choice::differing(current, &next);
    db::insert(tx, id, kept, merged, (current, &next), &changed).await?;
    // Unique values are free before the kept contact gets them.
    fields::forget(tx, &merged.iter().map(|contact| contact.0).collect::<Vec<_>>()).await?;
    let moved = move_rows(tx, id, kept, merged).await?;
    let jump = i64::from(u32::from_be_bytes(random_bytes::<4>()) | 1 << 20);
    contacts::rewrite(tx, kept, current, &next, &fields).await?;
    db::fold(tx, kept, merged, jump).await?;
    contact_duplicates::carry(tx, id, kept, merged).await?;
    for contact in merged {
        let payload = json!({ "merge": id, "into": kept });
        let event = NewEvent::new("contact.merged", "contacts", contact.0, "Merged with a duplicate");
        tx.record(event.contact(kept.0).payload(&payload)).await?;
    }
    if !changed.is_empty() {
        let event = NewEvent::new("contact.updated", "contacts", kept.0, "Contact changed by a merge");
        tx.record(event.contact(kept.0).payload(&json!({ "fields": changed, "merge": id }))).await?;
    }
    db::add_moved(tx, id, moved).await?;
    let later = Enqueue { run_at: Some(tx.now() + SETTLED_AFTER), ..Enqueue::default() };
    tx.enqueue(&SettleContactMerge { merge: id }, later).await?;
    db::find(tx, id, owners).await
}

/// The contacts of a merge, the kept one first.
fn contacts_of(new: &NewContactMerge) -> Result<Vec<ContactId>> {
    let Some(kept) = new.kept else { return Err(Error::invalid("/kept", "required", "Name the contact to keep.")) };
    let ids: Vec<ContactId> = std::iter::once(kept).chain(new.merged.iter().copied()).collect();
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut problems: Vec<FieldProblem> = choice::refused(&new.fields, &ids);
    if !(2..=MAX_CONTACTS).contains(&ids.len()) || distinct.len() != ids.len() {
        let detail = format!("1 to {} other contacts, each once.", MAX_CONTACTS - 1);
        problems.push(FieldProblem { field: "/merged".into(), code: "count".into(), detail });
    }
    if problems.is_empty() { Ok(ids) } else { Err(Error::invalid_fields(problems)) }
}

fn check(found: &[Contact], versions: &BTreeMap<String, i64>) -> Result<()> {
    for contact in found {
        if versions.get(&contact.id.to_string()).is_some_and(|version| *version != contact.version) {
            return Err(kernel::error::Kind::Stale.into());
        }
    }
    if found.iter().skip(1).any(|contact| contact.hold_reason.is_some()) {
        return Err(Error::conflict(
            "contact_on_hold",
            "A contact is under legal hold: keep it, or end the hold first.",
        ));
    }
    Ok(())
}

fn merging(tx: &Tx, id: ContactMergeId, kept: ContactId, merged: ContactId) -> Merging {
    Merging { ledger: "contact_merge_rows", merge: id.0, kept: kept.0, merged: merged.0, now: tx.now() }
}

/// Moves the rows of every module, one contact after the other, so that two that go never meet unseen.
async fn move_rows(tx: &mut Tx, id: ContactMergeId, kept: ContactId, merged: &[ContactId]) -> Result<u64> {
    let (app, mut moved) = (tx.app().clone(), 0);
    views::hold(tx, &merged.iter().map(ContactId::to_string).collect::<Vec<_>>()).await?;
    for contact in merged {
        let (from, to) = (contact.to_string(), kept.to_string());
        let links = fields::relink(tx, RecordKind::Contact, &from, &to).await?;
        let views = views::relink(tx, &from, &to).await?;
        db::note_links(tx, (id, *contact), (&links, &views), (&from, &to)).await?;
        let merging = merging(tx, id, kept, *contact);
        for reference in app.modules.iter().flat_map(|module| module.references) {
            moved += tx.merge_rows(reference, &merging).await?;
        }
    }
    Ok(moved)
}

/// Moves what somebody added to a contact while it became part of another one.
pub(super) async fn settle(tx: &mut Tx, id: ContactMergeId) -> Result<()> {
    let merge = match db::find_for_update(tx, id).await {
        Err(error) if error.is_not_found() => return Ok(()),
        found => found?,
    };
    let members = db::members(tx, id).await?;
    db::lock(tx, &with_kept(merge.kept, &members)).await?;
    if merge.state != "done" || db::standing(tx, merge.kept).await?.is_merged {
        return Ok(());
    }
    let moved = move_rows(tx, id, merge.kept, &members).await?;
    if moved > 0 {
        db::add_moved(tx, id, moved).await?;
        let event =
            NewEvent::new("contact.merge_settled", "contacts", merge.kept.0, "What was added meanwhile followed");
        tx.record(event.contact(merge.kept.0).payload(&json!({ "merge": id, "moved": moved }))).await?;
    }
    Ok(())
}

fn with_kept(kept: ContactId, members: &[ContactId]) -> Vec<ContactId> {
    members.iter().copied().chain([kept]).collect()
}

/// Makes contacts apart again: every row that moved goes back unless it is gone, what was changed to make room is as it was
/// unless somebody changed it since, and what was added since stays with the kept contact.
///
/// # Errors
/// 403 `plan_limit`; 409 `merge_undone`, `merge_later` (another one stands on it), `kept_merged`, `kept_deleted`, `merge_edited` (fields that
/// somebody changed since, see [`MergeUndo`]) and `value_taken` (another record has a unique value by now).
pub async fn undo(
    tx: &mut Tx,
    id: ContactMergeId,
    how: MergeUndo,
    plan: &Entitlements,
    owners: &Owners,
) -> Result<ContactMerge> {
    let room = contacts::room(tx, plan).await?;
    db::find(tx, id, owners).await?;
    let mut merge = db::find_for_update(tx, id).await?;
    let gone = db::members(tx, id).await?;
    let ids = with_kept(merge.kept, &gone);
    let keys = db::keys(tx, &ids).await?;
    contacts::lock_keys(tx, &keys.emails, &keys.phones).await?;
    db::lock(tx, &ids).await?;
    refuse(&merge, &db::standing(tx, merge.kept).await?)?;
    contacts::check_room(room, gone.len())?;
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    let mut current = Draft::of(&contacts::find(tx, merge.kept, owners).await?);
    // A stage that was replaced and a tag that is called otherwise are no edits.
    let mut drafts = [&mut merge.draft_before, &mut merge.draft_after, &mut current];
    contact_stages::settle_drafts(tx, drafts.iter_mut().map(|draft| &mut **draft)).await?;
    tags::follow(tx, &mut drafts.map(|draft| &mut draft.tags)).await?;
    let edits = choice::edited(&merge.draft_after, &current, &fields);
    if !edits.is_empty() && !how.keep_edits {
        let detail = format!("Changed since: {}. Undo with keep_edits to leave these as they are.", edits.join(", "));
        return Err(Error::conflict("merge_edited", detail));
    }
    let done = return_rows(tx, id, merge.kept, &gone).await?;
    if edits.is_empty() {
        db::restore(tx, id, merge.kept).await?;
    } else {
        let mut next = choice::apart(&merge.draft_before, &merge.draft_after, &current);
        next.custom = fields.settled(&next.own(), &next.custom);
        contacts::rewrite(tx, merge.kept, &current, &next, &fields).await?;
    }
    contact_duplicates::uncarry(tx, id).await?;
    db::bring_back(tx, id).await?;
    contact_stages::settle(tx, &ids).await?;
    tags::settle(tx, &ids).await?;
    settle_values(tx, &ids, &fields).await?;
    db::finish_undo(tx, id, &edits, done).await?;
    for contact in &gone {
        let payload = json!({ "merge": id, "from": merge.kept });
        let event = NewEvent::new("contact.merge_undone", "contacts", contact.0, "Merge undone");
        tx.record(event.contact(contact.0).payload(&payload)).await?;
    }
    let event = NewEvent::new("contact.merge_undone", "contacts", merge.kept.0, "Merge undone");
    tx.record(event.contact(merge.kept.0).payload(&json!({ "merge": id, "apart": gone }))).await?;
    db::find(tx, id, owners).await
}

fn refuse(merge: &db::Standing, kept: &db::Kept) -> Result<()> {
    let conflict = |code, detail: &str| Err(Error::conflict(code, detail));
    match () {
        () if merge.state != "done" => conflict("merge_undone", "The merge was undone already."),
        () if kept.is_merged => {
            conflict("kept_merged", "The kept contact is part of another one now. Undo that first.")
        }
        () if kept.is_deleted => conflict("kept_deleted", "The kept contact was deleted. Restore it first."),
        () if merge.has_later => conflict("merge_later", "Others were merged into the contact later. Undo that first."),
        () => Ok(()),
    }
}

/// The way back of [`move_rows`], the last contact first.
async fn return_rows(tx: &mut Tx, id: ContactMergeId, kept: ContactId, merged: &[ContactId]) -> Result<Returned> {
    let (app, mut done) = (tx.app().clone(), Returned::default());
    views::hold(tx, &[kept.to_string()]).await?;
    for contact in merged.iter().rev() {
        let merging = merging(tx, id, kept, *contact);
        for reference in app.modules.iter().flat_map(|module| module.references) {
            let one = tx.unmerge_rows(reference, &merging).await?;
            done.returned += one.returned;
            done.missing += one.missing;
            done.edited += one.edited;
        }
        let links = db::links(tx, id, *contact).await?;
        let (records, fields): (Vec<_>, Vec<_>) = links.iter().map(|link| (link.record, link.field)).unzip();
        fields::relink_back(tx, (&records, &fields), &contact.to_string(), &kept.to_string()).await?;
        let changed = db::views(tx, id, *contact).await?;
        views::relink_back(tx, &changed).await?;
    }
    Ok(done)
}

/// Lets locked contacts that were given back what they said say it as fields are defined now, and be found by it.
async fn settle_values(tx: &mut Tx, ids: &[ContactId], fields: &Fields) -> Result<()> {
    fields::forget(tx, &ids.iter().map(|id| id.0).collect::<Vec<_>>()).await?;
    let found = contacts::many::lock(tx, ids, false, &None).await?;
    let settled: Vec<Custom> = found.iter().map(|c| fields.settled(&Draft::of(c).own(), &c.custom)).collect();
    let nothing = Custom::default();
    let rows: Vec<_> = found.iter().zip(&settled).map(|(contact, custom)| (contact.id.0, &nothing, custom)).collect();
    if !fields::store(tx, fields, &rows).await?.is_empty() {
        return Err(Error::conflict("value_taken", "Another record has a unique value that one of the contacts had."));
    }
    let others = found.iter().zip(settled).filter(|(contact, custom)| contact.custom != *custom);
    let (ids, customs): (Vec<_>, Vec<_>) = others.map(|(contact, custom)| (contact.id.0, custom)).unzip();
    contacts::set_custom(tx, &ids, &customs).await
}
