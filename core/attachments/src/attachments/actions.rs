//! What can be done with files of records.
use super::{
    db,
    jobs::{MakePreview, PurgeAttachment, is_picture},
    model::{Attachment, AttachmentId, AttachmentPatch, NewAttachment, Reach},
};
use activities::wire_id;
use chrono::{DateTime, TimeDelta, Utc};
use contacts::{Owners, Problems};
use files::FileId;
use kernel::{
    Error, Result, Tx,
    db::ListQuery,
    events::NewEvent,
    http::{Page, check_if_match},
    jobs::Enqueue,
};
use poem_openapi::types::MaybeUndefined;
use serde_json::{Value, json};
use uuid::Uuid;

/// How the files of attachments name their owner.
pub(super) const OWNER: &str = "attachments";
/// How long a deleted attachment can be restored.
const UNDO: TimeDelta = TimeDelta::days(30);
/// Most files of a record.
const MOST: i64 = 200;

/// With addresses of small pictures.
fn shown(tx: &Tx, mut attachment: Attachment) -> Result<Attachment> {
    let link = |preview| files::link(tx.app(), tx.tenant(), preview, tx.now());
    attachment.preview_url = attachment.preview.map(link).transpose()?;
    Ok(attachment)
}

/// One page of attachments.
pub(super) async fn list(tx: &mut Tx, deleted: bool, query: &ListQuery, owners: &Owners) -> Result<Page<Attachment>> {
    let page = db::list(tx, deleted, query, owners).await?;
    let items = page.items.into_iter().map(|item| shown(tx, item)).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// One attachment that is not deleted.
pub(super) async fn find(tx: &mut Tx, id: AttachmentId, owners: &Owners) -> Result<Attachment> {
    let found = live(db::find(tx, id, owners, false).await?)?;
    shown(tx, found)
}

fn live(attachment: Attachment) -> Result<Attachment> {
    if attachment.deleted_at.is_some() { Err(Error::not_found()) } else { Ok(attachment) }
}

/// The attachment, locked. What is kept with a note is its author's to change, and theirs who look after files of everybody.
async fn held(tx: &mut Tx, id: AttachmentId, owners: &Owners) -> Result<Attachment> {
    let found = db::find(tx, id, owners, true).await?;
    if let (Some(note), Some(_)) = (found.about_note, owners) {
        activities::require_author(tx, note).await?;
    }
    Ok(found)
}

/// Attaches an uploaded file to a record.
pub(super) async fn create(tx: &mut Tx, new: NewAttachment, reach: &Reach) -> Result<Attachment> {
    let mut wrong = Problems::default();
    let note = wrong.text("/note", new.note.clone(), 300);
    wrong.check()?;
    let record = record_of(tx, &new, reach).await?;
    if db::count_of(tx, record).await? >= MOST {
        return Err(too_many());
    }
    let id = AttachmentId::new(tx.now());
    let file = files::claim(tx, new.file, (OWNER, id.0)).await.map_err(|error| match error.is_not_found() {
        true => {
            Error::invalid("/file", "file_unknown", "Upload the file first; what a scanner holds back is not taken.")
        }
        false => error,
    })?;
    if let Some(task) = new.task {
        // Whoever moves the task to another contact waits for this, or this for him.
        db::hold_task(tx, task).await?;
    }
    db::insert(tx, id, &new, new.file, note.as_deref()).await?;
    if let Some(contact) = db::about(tx, id).await?.contact {
        files::set_contact(tx, OWNER, &[id.0], Some(contact.0)).await?;
    }
    if is_picture(&file.kind) {
        tx.enqueue(&MakePreview { attachment: id }, Enqueue::default()).await?;
    }
    let after = find(tx, id, &None).await?;
    record_fact(tx, &after, "attachment.created", "File attached", json!({ "type": after.kind })).await?;
    Ok(after)
}

fn too_many() -> Error {
    Error::conflict("too_many_attachments", "At most 200 files of one record.")
}

fn record_id(attachment: &Attachment) -> Result<Uuid> {
    let of = attachment;
    let contact = of.contact.map(|id| id.0).or(of.company.map(|id| id.0)).or(of.deal.map(|id| id.0));
    let said = of.activity.map(|id| id.0).or(of.about_note.map(|id| id.0));
    let record = contact.or(of.task.map(|id| id.0)).or(said);
    record.ok_or_else(|| Error::internal("an attachment of nothing"))
}

/// The record that it belongs to, which must be in reach.
async fn record_of(tx: &mut Tx, new: &NewAttachment, reach: &Reach) -> Result<Uuid> {
    match (new.contact, new.company, new.deal, new.task, new.activity, new.about_note) {
        (Some(contact), None, None, None, None, None) => {
            known("contact", contacts::require(tx, contact, &reach.contacts).await)?;
            Ok(contact.0)
        }
        (None, Some(company), None, None, None, None) => {
            known("company", companies::require(tx, company, &reach.companies).await)?;
            Ok(company.0)
        }
        (None, None, Some(deal), None, None, None) => {
            known("deal", deals::require(tx, deal, &reach.deals).await)?;
            Ok(deal.0)
        }
        (None, None, None, Some(task), None, None) => {
            known("task", tasks::require(tx, task, &reach.tasks).await)?;
            Ok(task.0)
        }
        (None, None, None, None, Some(activity), None) => {
            known("activity", activities::require_activity(tx, activity, &reach.activities).await)?;
            Ok(activity.0)
        }
        (None, None, None, None, None, Some(note)) => {
            known("about_note", activities::require_note(tx, note, &reach.activities).await)?;
            activities::require_author(tx, note).await?;
            Ok(note.0)
        }
        _ => {
            let detail = "A file belongs to a contact, a company, a deal, a task, an activity or a note.";
            Err(Error::invalid("/contact", "about_one", detail))
        }
    }
}

fn known(field: &str, found: Result<()>) -> Result<()> {
    let what = field.trim_start_matches("about_");
    found.map_err(|error| match error.is_not_found() {
        true => Error::invalid(format!("/{field}"), format!("{what}_unknown"), format!("There is no such {what}.")),
        false => error,
    })
}

/// Says what a file is about.
pub(super) async fn update(
    tx: &mut Tx,
    id: AttachmentId,
    patch: AttachmentPatch,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Attachment> {
    let before = live(held(tx, id, owners).await?)?;
    check_if_match(if_match, before.version)?;
    let wanted = match patch.note {
        MaybeUndefined::Undefined => before.note.clone(),
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(note) => Some(note),
    };
    let mut wrong = Problems::default();
    let note = wrong.text("/note", wanted, 300);
    wrong.check()?;
    if note != before.note {
        db::set_note(tx, id, note.as_deref()).await?;
        record_fact(tx, &before, "attachment.updated", "File described", json!({ "fields": ["note"] })).await?;
    }
    find(tx, id, &None).await
}

/// Takes a file away; it can be restored for 30 days, then it is gone.
pub(super) async fn delete(tx: &mut Tx, id: AttachmentId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let before = live(held(tx, id, owners).await?)?;
    check_if_match(if_match, before.version)?;
    let deleted_at = tx.now();
    db::set_deleted(tx, id, Some(deleted_at)).await?;
    let purge = PurgeAttachment { attachment: id, deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    record_fact(tx, &before, "attachment.deleted", "File removed", json!({})).await
}

/// Takes a deletion back.
pub(super) async fn restore(tx: &mut Tx, id: AttachmentId, owners: &Owners) -> Result<Attachment> {
    let before = held(tx, id, owners).await?;
    if before.deleted_at.is_none() {
        return Err(Error::not_found());
    }
    db::set_deleted(tx, id, None).await?;
    if db::count_of(tx, record_id(&before)?).await? > MOST {
        return Err(too_many());
    }
    record_fact(tx, &before, "attachment.restored", "File restored", json!({})).await?;
    find(tx, id, &None).await
}

/// Removes an attachment for good whose deletion was not taken back, and its bytes.
pub(super) async fn purge(tx: &mut Tx, id: AttachmentId, deleted_at: DateTime<Utc>) -> Result<()> {
    if db::purge(tx, id, deleted_at).await? {
        files::remove_owned(tx, OWNER, &[id.0]).await?;
        tx.record(NewEvent::new("attachment.purged", OWNER, id.0, "File removed for good")).await?;
    }
    Ok(())
}

/// The scanner has found a file clean: its attachment gets a small picture after all.
pub(crate) async fn seen_clean(tx: &mut Tx, file: FileId) -> Result<()> {
    match db::of_file(tx, file).await? {
        Some(unseen) if is_picture(&unseen.kind) => {
            tx.enqueue(&MakePreview { attachment: unseen.id }, Enqueue::default()).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Files of a task are about whom it is about, from the moment on in which it is moved.
pub(crate) async fn follow_task(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    if !event.payload["fields"].as_array().is_some_and(|fields| fields.contains(&json!("contact"))) {
        return Ok(());
    }
    let moved = db::of_task(tx, event.subject_id).await?;
    files::set_contact(tx, OWNER, &moved, event.contact_id).await
}

/// Removes some files whose attachment is gone; says whether there may be more.
pub(super) async fn sweep(tx: &mut Tx, batch: i64) -> Result<bool> {
    let lost = db::lost(tx, batch).await?;
    files::remove_owned(tx, OWNER, &lost).await?;
    Ok(lost.len() as i64 == batch)
}

/// Keeps a small picture with its attachment; one that came too late stays with nobody and is swept.
pub(super) async fn keep_preview(tx: &mut Tx, id: AttachmentId, preview: FileId) -> Result<()> {
    if db::set_preview(tx, id, preview).await? {
        files::claim(tx, preview, (OWNER, id.0)).await?;
    }
    Ok(())
}

/// Records a fact; timelines of its contact, company and deal show it.
async fn record_fact(
    tx: &mut Tx,
    attachment: &Attachment,
    kind: &'static str,
    title: &str,
    mut payload: Value,
) -> Result<()> {
    let about = db::about(tx, attachment.id).await?;
    payload["company"] = json!(about.company.map(|id| wire_id("companies", id)));
    payload["deal"] = json!(about.deal.map(|id| wire_id("deals", id)));
    if about.private {
        // When the note is gone, this is how timelines know.
        payload["private"] = json!(true);
    }
    let event = NewEvent::new(kind, OWNER, attachment.id.0, title).contact(about.contact.map(|c| c.0));
    tx.record(event.payload(&payload)).await?;
    Ok(())
}
