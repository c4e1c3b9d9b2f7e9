//! What can be done with saved views.
use super::{
    db,
    model::{NewSavedView, SavedView, SavedViewId, SavedViewPatch},
};
use crate::contacts;
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, http::check_if_match};
use serde_json::json;
use uuid::Uuid;

/// Keeps a list under a name.
pub async fn create(tx: &mut Tx, new: NewSavedView, owner: Option<Uuid>) -> Result<SavedView> {
    let new = new.checked()?;
    if !new.shared && owner.is_none() {
        return Err(Error::invalid("/shared", "owner_missing", "Only a person has views of his own."));
    }
    contacts::check_list(tx, &new.filter, new.sort.as_deref(), new.deleted).await?;
    let id = SavedViewId::new(tx.now());
    if new.default {
        db::clear_default(tx, id, new.shared, owner).await?;
    }
    db::insert(tx, id, owner, &new).await?;
    record(tx, "saved_view.created", "View saved", id, new.shared).await?;
    db::find(tx, id, owner).await
}

/// Changes a view: its owner does, and whoever looks after every contact when everybody sees it.
pub async fn update(
    tx: &mut Tx,
    id: SavedViewId,
    patch: SavedViewPatch,
    if_match: Option<&str>,
    who: (Option<Uuid>, Level),
) -> Result<SavedView> {
    let view = db::find_for_update(tx, id, who.0).await?;
    check_if_match(if_match, view.version)?;
    require_own(&view, who)?;
    let next = NewSavedView::of(&view).patched(patch).checked()?;
    let owner = view.owner.map(|owner| owner.0);
    if !next.shared && (owner.is_none() || owner != who.0) {
        return Err(Error::invalid("/shared", "owner_missing", "Only its owner keeps a view to himself."));
    }
    contacts::check_list(tx, &next.filter, next.sort.as_deref(), next.deleted).await?;
    if next.default {
        db::clear_default(tx, id, next.shared, owner).await?;
    }
    db::update(tx, id, &next).await?;
    record(tx, "saved_view.updated", "View changed", id, next.shared).await?;
    db::find(tx, id, who.0).await
}

/// Removes a view; the contacts stay.
pub async fn delete(tx: &mut Tx, id: SavedViewId, if_match: Option<&str>, who: (Option<Uuid>, Level)) -> Result<()> {
    let view = db::find_for_update(tx, id, who.0).await?;
    check_if_match(if_match, view.version)?;
    require_own(&view, who)?;
    db::delete(tx, id).await?;
    record(tx, "saved_view.deleted", "View deleted", id, view.shared).await
}

fn require_own(view: &SavedView, (reader, level): (Option<Uuid>, Level)) -> Result<()> {
    let own = reader.is_some() && view.owner.map(|owner| owner.0) == reader;
    if own || (view.shared && level == Level::All) {
        return Ok(());
    }
    Err(Error::forbidden("view_of_another", "Only its owner changes a view, or whoever looks after every contact."))
}

async fn record(tx: &mut Tx, kind: &'static str, title: &str, id: SavedViewId, shared: bool) -> Result<()> {
    tx.record(NewEvent::new(kind, "saved_views", id.0, title).payload(&json!({ "shared": shared }))).await?;
    Ok(())
}
