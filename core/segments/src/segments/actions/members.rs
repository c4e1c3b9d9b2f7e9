//! Who comes and goes, and how it is told.
use super::{Who, at, record, require_own};
use crate::segments::{
    db::{self, Moved, Scope, conditions::At},
    model::{MemberChange, MembersChanged, Segment, SegmentId, SegmentKind},
    tree::Tree,
};
use contacts::{ContactId, Owners};
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent};
use serde_json::json;
use uuid::Uuid;

/// Of so many changes of a segment at once each is told; of more their number.
const TOLD: usize = 500;

/// Makes the members of a locked segment right within a scope, counts and tells. `quiet` tells the number alone.
pub(super) async fn settle(
    tx: &mut Tx,
    id: SegmentId,
    tree: &Tree,
    at: &At,
    scope: Scope<'_>,
    quiet: bool,
) -> Result<Vec<Moved>> {
    let moved = db::settle(tx, id, tree, at, scope).await?;
    if moved.is_empty() {
        return Ok(moved);
    }
    let entered = moved.iter().filter(|one| one.entered).count();
    let left = moved.len() - entered;
    db::count(tx, id, entered as i64 - left as i64).await?;
    if quiet || moved.len() > TOLD {
        let event = NewEvent::new("segment.shifted", "segments", id.0, "Members of a segment changed");
        tx.record(event.payload(&json!({ "entered": entered, "left": left }))).await?;
    } else {
        let facts: Vec<NewEvent> = moved.iter().map(|one| fact(id, one.contact_id, one.entered)).collect();
        tx.record_all(&facts).await?;
    }
    Ok(moved)
}

/// Tells that a contact came or went.
pub(crate) async fn tell(tx: &mut Tx, id: SegmentId, contact: Uuid, entered: bool) -> Result<()> {
    tx.record(fact(id, contact, entered)).await.map(|_| ())
}

fn fact(id: SegmentId, contact: Uuid, entered: bool) -> NewEvent {
    let (kind, title) = match entered {
        true => ("segment.entered", "Came into a segment"),
        false => ("segment.left", "Left a segment"),
    };
    NewEvent::new(kind, "segments", id.0, title).contact(contact)
}

/// Puts contacts in reach into a static segment, and takes others out of it.
pub(crate) async fn change_members(
    tx: &mut Tx,
    id: SegmentId,
    change: MemberChange,
    who: Who,
    owners: &Owners,
) -> Result<MembersChanged> {
    let change = change.checked()?;
    let segment = db::find_for_update(tx, id, false).await?;
    require_static(&segment)?;
    require_own(&segment, who)?;
    let add = db::reached(tx, &change.add, owners).await?;
    let remove = db::reached(tx, &change.remove, owners).await?;
    db::pick(tx, id, &add, &remove).await?;
    let all: Vec<Uuid> = add.iter().chain(&remove).map(|contact| contact.0).collect();
    let at = at(tx).await?;
    let moved = settle(tx, id, &Tree::Picked(id.0), &at, Scope::These(&all), false).await?;
    let of = |entered: bool| -> Vec<ContactId> {
        moved.iter().filter(|one| one.entered == entered).map(|one| ContactId(one.contact_id)).collect()
    };
    let missing = change.add.len() + change.remove.len() - all.len();
    if moved.is_empty() {
        record(tx, "segment.updated", id, "Members of a segment confirmed").await?;
    }
    Ok(MembersChanged { added: of(true), removed: of(false), missing: u32::try_from(missing).unwrap_or(u32::MAX) })
}

fn require_static(segment: &Segment) -> Result<()> {
    match segment.kind {
        SegmentKind::Static => Ok(()),
        SegmentKind::Dynamic => {
            Err(Error::conflict("segment_not_static", "Its conditions say who is in this segment."))
        }
    }
}

/// Refuses a segment that is not there, is not static, or that the caller may not change.
pub(crate) async fn check_picks(tx: &mut Tx, id: SegmentId, who: Who) -> Result<()> {
    if who.1 == Level::No {
        return Err(Error::forbidden("permission_missing", "Changing segments needs segments.write."));
    }
    let segment = db::find(tx, id).await?;
    require_static(&segment)?;
    require_own(&segment, who)
}

/// Locks a static segment; false when it is gone.
pub(crate) async fn hold_picks(tx: &mut Tx, id: SegmentId) -> Result<bool> {
    match db::find_for_update(tx, id, false).await {
        Ok(segment) => Ok(segment.kind == SegmentKind::Static),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Those of these contacts that are not in a static segment; none when it is gone.
pub(crate) async fn not_picked(tx: &mut Tx, id: SegmentId, contacts: &[Uuid]) -> Result<Option<Vec<Uuid>>> {
    match db::find(tx, id).await {
        Ok(segment) if segment.kind == SegmentKind::Static => db::not_picked(tx, id, contacts).await.map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts contacts into a locked static segment, or takes them out of it; gives those who came or went. `quiet` tells the number
/// alone.
pub(crate) async fn pick(tx: &mut Tx, id: SegmentId, contacts: &[Uuid], into: bool, quiet: bool) -> Result<Vec<Uuid>> {
    let named: Vec<ContactId> = contacts.iter().copied().map(ContactId).collect();
    let (add, remove): (&[ContactId], &[ContactId]) = if into { (&named, &[]) } else { (&[], &named) };
    db::pick(tx, id, add, remove).await?;
    let at = at(tx).await?;
    let moved = settle(tx, id, &Tree::Picked(id.0), &at, Scope::These(contacts), quiet).await?;
    Ok(moved.iter().filter(|one| one.entered == into).map(|one| one.contact_id).collect())
}
