//! How contacts follow.
//!
//! Whoever gives a name to a contact holds all names, shared; whoever changes a tag waits for him, and whoever comes later finds what
//! it is called by then. So once a name is on its way out nobody gets it any more, but from a contact that is merged into him; when a
//! run is at its end it looks once more, with nobody at it, and begins again if somebody carries the name.
use super::{db, jobs::FollowTag, model::TagRunId};
use crate::tags::TagId;
use kernel::{Cx, Result, Tx, auth::Permission, events::NewEvent, jobs::Enqueue};
use serde_json::json;
use uuid::Uuid;

/// Contacts that follow before the answer; with more, all of them do in the background.
const AT_ONCE: i64 = 1_000;
/// Contacts that are looked at in one transaction of the job, with a name or without.
const PAGE: i64 = 2_000;

/// What a step came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// There is no such run any more.
    Gone,
    /// There is more to look at.
    More,
    /// It has looked at everybody.
    Through,
}

/// Lets the contacts that carry a name carry a tag instead, or nothing. The caller has [`closed`](db::close) all names.
pub(crate) async fn begin(tx: &mut Tx, name: &str, into: Option<TagId>) -> Result<Option<TagRunId>> {
    if !db::is_carried(tx, name).await? {
        return Ok(None);
    }
    let id = TagRunId::new(tx.now());
    db::insert(tx, id, name, into).await?;
    tx.enqueue(&FollowTag { run: id }, Enqueue::default()).await?;
    Ok(Some(id))
}

/// Makes room for a new name of a tag. The caller has closed all names.
///
/// # Errors
/// 409 `tag_name_leaving` when contacts of another tag, or of one that was deleted, carry it still.
pub(crate) async fn clear(tx: &mut Tx, name: &str, tag: TagId) -> Result<()> {
    db::call_off(tx, name, tag).await?;
    if db::is_leaving(tx, name, tag).await? { Err(db::leaving()) } else { Ok(()) }
}

/// Does a run at once when few contacts follow. What does not succeed here the job does.
pub(crate) async fn hurry<P: Permission>(cx: &Cx<P>, run: Option<TagRunId>) {
    let Some(run) = run else { return };
    if let Ok(Step::Through) = cx.write(async |tx| step(tx, run, true).await).await {
        let ended = cx.write(async |tx| end(tx, run).await).await;
        drop(ended);
    }
}

/// Lets the next contacts follow; with `hurried` only when that are all of them.
pub(super) async fn step(tx: &mut Tx, id: TagRunId, hurried: bool) -> Result<Step> {
    db::hold(tx).await?;
    let Some(run) = db::find(tx, id).await? else { return Ok(Step::Gone) };
    // Later an index would lead past all those that have followed.
    let few = match run.place {
        None => Some(db::some_of(tx, &run.name, AT_ONCE + 1).await?).filter(|few| few.len() as i64 <= AT_ONCE),
        Some(_) => None,
    };
    let (ids, place, is_last) = match few {
        Some(few) => (few, None, true),
        None if hurried => return Ok(Step::More),
        None => {
            let after = run.place.unwrap_or(Uuid::nil());
            let to = db::page_end(tx, after, PAGE).await?;
            (db::between(tx, after, to, &run.name).await?, to.or(run.place), to.is_none())
        }
    };
    let followed = db::replace(tx, &ids, &run.name, run.becomes.as_deref()).await?;
    if run.tag.is_none() {
        // Whoever has lost a tag may have none now.
        tx.touched("contacts", &followed).await?;
    }
    db::advance(tx, id, place, followed.len() as i64).await?;
    Ok(if is_last { Step::Through } else { Step::More })
}

/// Ends a run that has looked at everybody; gives whether it is over. When somebody carries the name all the same it begins again.
pub(super) async fn end(tx: &mut Tx, id: TagRunId) -> Result<bool> {
    db::close(tx).await?;
    let Some(run) = db::find(tx, id).await? else { return Ok(true) };
    if db::is_carried(tx, &run.name).await? {
        db::advance(tx, id, None, 0).await?;
        return Ok(false);
    }
    db::delete(tx, id).await?;
    let event = NewEvent::new("tag_run.finished", "tag_runs", id.0, "Contacts have followed a tag");
    tx.record(event.payload(&json!({ "tag": run.tag, "contacts": run.done }))).await?;
    Ok(true)
}

/// Every name by which contacts carry tags of these names, themselves among them.
pub async fn tag_names(tx: &mut Tx, tags: &[String]) -> Result<Vec<String>> {
    if tags.is_empty() { Ok(vec![]) } else { db::carried_as(tx, tags).await }
}
