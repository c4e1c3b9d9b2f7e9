//! What can be done with segments.
mod follow;
mod members;
mod questions;
mod rules;

pub use follow::concerned;
pub(crate) use follow::{
    begin_build, build_page, notice, refresh_batch, sweep, touched, touched_companies, touched_deals,
};
pub(crate) use members::{change_members, check_picks, hold_picks, not_picked, pick, tell};
pub use questions::{AsOf, Question, as_of, note, questions, with_value};
pub(crate) use rules::{check_rules, read_rules};

use super::{
    db::{self, conditions::At},
    jobs::PurgeSegment,
    model::{BrokenRule, NewSegment, Segment, SegmentId, SegmentKind, SegmentPatch, SegmentPreview, SegmentRule},
    names::Names,
    tree::{self, Known, Read, Tree},
};
use chrono::{DateTime, TimeDelta, Utc};
use contacts::{ContactId, Owners};
use kernel::{
    Error, Result, Tx,
    auth::{Level, Principal},
    db::ListQuery,
    events::NewEvent,
    http::{Page, check_if_match},
    jobs::Enqueue,
};
use serde_json::json;
use uuid::Uuid;

/// How long a deleted segment can be restored.
const UNDO: TimeDelta = TimeDelta::days(30);
/// Members of a deleted segment that are removed at once.
const PURGED: i64 = 5_000;

/// Who changes a segment, and as far as he may.
pub(crate) type Who = (Option<Uuid>, Level);

/// Now, where the tenant is.
async fn at(tx: &mut Tx) -> Result<At> {
    let zone = tasks::zone_of(&tx.tenant().zone);
    Ok(At { now: tx.now(), zone, calendar: occasions::calendar(tx).await? })
}

/// What these definitions name, as far as it is there.
async fn known(tx: &mut Tx, rules: impl IntoIterator<Item = &SegmentRule>) -> Result<Known> {
    let mut names = Names::default();
    rules.into_iter().for_each(|rule| names.add(rule));
    db::known(tx, &names).await
}

/// A definition that somebody sends: with ids of fields, as it is kept, and as conditions.
async fn said(tx: &mut Tx, rule: &SegmentRule) -> Result<(SegmentRule, Tree, Read)> {
    let known = known(tx, [rule]).await?;
    match tree::read(rule, &known) {
        Ok((tree, read)) => Ok((tree::by_id(rule, &known), tree, read)),
        Err(problems) => Err(problems.check().err().unwrap_or_else(Error::not_found)),
    }
}

/// The conditions of a segment that is kept. One that no longer reads fits nobody.
fn kept(id: SegmentId, rule: Option<&SegmentRule>, known: &Known) -> (Tree, Read) {
    let Some(rule) = rule else { return (Tree::Picked(id.0), Read::default()) };
    tree::read(rule, known).unwrap_or_else(|_| {
        let whole = BrokenRule { rule: String::new(), missing: "field".to_owned() };
        (Tree::Broken, Read { broken: vec![whole], ..Read::default() })
    })
}

/// One page of segments, with what the reader may count; with a contact in reach those that he is in.
pub(crate) async fn list(
    tx: &mut Tx,
    query: &ListQuery,
    contact: Option<ContactId>,
    owners: &Owners,
) -> Result<Page<Segment>> {
    if let Some(contact) = contact {
        contacts::require(tx, contact, owners).await?;
    }
    let mut page = db::list(tx, query, contact).await?;
    complete(tx, &mut page.items, owners).await?;
    Ok(page)
}

/// The segment, with what the reader may count.
pub(crate) async fn find(tx: &mut Tx, id: SegmentId, owners: &Owners) -> Result<Segment> {
    let mut found = [db::find(tx, id).await?];
    complete(tx, &mut found, owners).await?;
    let [segment] = found;
    Ok(segment)
}

/// Says what is broken, and counts whom the reader may see.
async fn complete(tx: &mut Tx, segments: &mut [Segment], owners: &Owners) -> Result<()> {
    let known = known(tx, segments.iter().filter_map(|segment| segment.definition.as_ref())).await?;
    for segment in segments.iter_mut() {
        segment.broken = kept(segment.id, segment.definition.as_ref(), &known).1.broken;
    }
    if owners.is_some() {
        let ids: Vec<SegmentId> = segments.iter().map(|segment| segment.id).collect();
        let counted = db::count_in_reach(tx, &ids, owners).await?;
        for segment in segments {
            segment.members = counted.iter().find(|(id, _)| *id == segment.id).map_or(0, |(_, count)| *count);
        }
    }
    Ok(())
}

/// Who in reach fits conditions now, by related records that the reader sees. Nothing is kept.
pub(crate) async fn preview(
    tx: &mut Tx,
    rule: &SegmentRule,
    reader: &Principal,
    owners: &Owners,
) -> Result<SegmentPreview> {
    let (_, mut tree, read) = said(tx, rule).await?;
    tree.narrow(reader);
    let at = at(tx).await?;
    let members = db::count_fitting(tx, &tree, &at, owners).await?;
    let contacts = db::sample(tx, &tree, &at, owners, members).await?;
    Ok(SegmentPreview { members, contacts, broken: read.broken })
}

/// Makes a segment; whoever fits is found at once afterwards.
pub(crate) async fn create(tx: &mut Tx, new: NewSegment, owner: Option<Uuid>, owners: &Owners) -> Result<Segment> {
    let mut new = new.checked()?;
    let mut read = Read::default();
    if let Some(rule) = &new.definition {
        let (rule, _, said) = said(tx, rule).await?;
        (new.definition, read) = (Some(rule), said);
    }
    let id = SegmentId::new(tx.now());
    db::insert(tx, id, owner, &new, &read).await?;
    if new.kind == SegmentKind::Dynamic {
        begin_build(tx, &[id]).await?;
        follow::arm(tx).await?;
    }
    record(tx, "segment.created", id, "Segment created").await?;
    find(tx, id, owners).await
}

/// Changes a segment: whoever made it does, and whoever may change those of all.
pub(crate) async fn update(
    tx: &mut Tx,
    id: SegmentId,
    patch: SegmentPatch,
    if_match: Option<&str>,
    who: Who,
    owners: &Owners,
) -> Result<Segment> {
    let segment = db::find_for_update(tx, id, false).await?;
    check_if_match(if_match, segment.version)?;
    require_own(&segment, who)?;
    let mut next = NewSegment::of(&segment).patched(patch).checked()?;
    let mut read = Read::default();
    if let Some(rule) = &next.definition {
        let (rule, _, said) = said(tx, rule).await?;
        (next.definition, read) = (Some(rule), said);
    }
    let rebuild = next.definition != segment.definition;
    db::update(tx, id, &next, &read, rebuild).await?;
    if rebuild {
        begin_build(tx, &[id]).await?;
        follow::arm(tx).await?;
    }
    record(tx, "segment.updated", id, "Segment changed").await?;
    find(tx, id, owners).await
}

/// Deletes a segment; it can be restored for 30 days. The contacts stay.
pub(crate) async fn delete(tx: &mut Tx, id: SegmentId, if_match: Option<&str>, who: Who) -> Result<()> {
    let segment = db::find_for_update(tx, id, false).await?;
    check_if_match(if_match, segment.version)?;
    require_own(&segment, who)?;
    db::delete(tx, id).await?;
    let deleted_at = tx.now();
    let purge = PurgeSegment { segment: id, deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    record(tx, "segment.deleted", id, "Segment deleted").await
}

/// Takes a deletion back; who fits now is found anew.
pub(crate) async fn restore(tx: &mut Tx, id: SegmentId, who: Who, owners: &Owners) -> Result<Segment> {
    let segment = db::find_for_update(tx, id, true).await?;
    require_own(&segment, who)?;
    db::restore(tx, id).await?;
    begin_build(tx, &[id]).await?;
    follow::arm(tx).await?;
    record(tx, "segment.restored", id, "Segment restored").await?;
    find(tx, id, owners).await
}

/// Removes a segment for good whose deletion was not taken back, some members at a time; gives whether there is more to do.
pub(crate) async fn purge(tx: &mut Tx, id: SegmentId, deleted_at: DateTime<Utc>) -> Result<bool> {
    if db::purge_members(tx, id, deleted_at, PURGED).await? > 0 {
        return Ok(true);
    }
    if db::purge(tx, id, deleted_at).await? {
        record(tx, "segment.purged", id, "Segment removed for good").await?;
    }
    Ok(false)
}

fn require_own(segment: &Segment, (user, level): Who) -> Result<()> {
    let own = user.is_some() && segment.owner.map(|owner| owner.0) == user;
    if own || level == Level::All {
        return Ok(());
    }
    Err(Error::forbidden("segment_of_another", "Whoever made it changes a segment, or whoever changes those of all."))
}

async fn record(tx: &mut Tx, kind: &'static str, id: SegmentId, title: &str) -> Result<()> {
    record_all(tx, kind, &[id], title).await
}

/// Records the same of each of these.
pub(crate) async fn record_all(tx: &mut Tx, kind: &'static str, ids: &[SegmentId], title: &str) -> Result<()> {
    let fact = |id: &SegmentId| NewEvent::new(kind, "segments", id.0, title).payload(&json!({}));
    tx.record_all(&ids.iter().map(fact).collect::<Vec<_>>()).await
}
