//! What can be done with saved views. The list of a view says whether its filters and its order work.
use super::{
    db,
    model::{NewSavedView, Reader, SavedView, SavedViewId, SavedViewPatch, ViewAudience},
};
use kernel::{Error, Result, Tx, ViewedList, auth::Level, db::ListQuery, events::NewEvent, http::check_if_match};
use serde_json::json;

/// Keeps a list under a name.
pub async fn create(tx: &mut Tx, new: NewSavedView, list: &ViewedList, reader: &Reader) -> Result<SavedView> {
    let new = new.checked()?;
    if new.audience() != ViewAudience::Everyone && reader.user.is_none() {
        return Err(Error::invalid("/shared", "owner_missing", "Only a person has views of his own."));
    }
    check(tx, &new, list).await?;
    let id = SavedViewId::new(tx.now());
    if new.default {
        db::clear_default(tx, id, list.name, new.audience(), reader.user).await?;
    }
    db::insert(tx, id, reader.user, list, &new).await?;
    let view = db::find(tx, id, reader).await?;
    record(tx, "saved_view.created", "View saved", &view).await?;
    Ok(view)
}

/// Changes a view: its owner does, and whoever looks after every record of the list when everybody has it.
pub async fn update(
    tx: &mut Tx,
    id: SavedViewId,
    patch: SavedViewPatch,
    if_match: Option<&str>,
    (reader, list, level): (&Reader, &ViewedList, Level),
) -> Result<SavedView> {
    let view = db::find_for_update(tx, id, reader).await?;
    check_if_match(if_match, view.version)?;
    require_own(&view, reader, level)?;
    let next = NewSavedView::of(&view).patched(patch).checked()?;
    let owner = view.owner.map(|owner| owner.0);
    if next.audience() != ViewAudience::Everyone && (owner.is_none() || owner != reader.user) {
        return Err(Error::invalid("/shared", "owner_missing", "Only its owner keeps a view from others."));
    }
    check(tx, &next, list).await?;
    if next.default {
        db::clear_default(tx, id, list.name, next.audience(), owner).await?;
    }
    db::update(tx, id, list, &next).await?;
    let view = db::find(tx, id, reader).await?;
    record(tx, "saved_view.updated", "View changed", &view).await?;
    Ok(view)
}

/// Removes a view; the records stay.
pub async fn delete(tx: &mut Tx, id: SavedViewId, if_match: Option<&str>, reader: &Reader, level: Level) -> Result<()> {
    let view = db::find_for_update(tx, id, reader).await?;
    check_if_match(if_match, view.version)?;
    require_own(&view, reader, level)?;
    db::delete(tx, id).await?;
    record(tx, "saved_view.deleted", "View deleted", &view).await
}

/// Lets filters of a list's views that begin so say something else, because what they name has changed; `None` leaves one as it is.
pub async fn rewrite(
    tx: &mut Tx,
    list: &str,
    begin: &str,
    other: impl Fn(&str) -> Option<String> + Send,
) -> Result<()> {
    for db::Filters { id, mut filter } in db::beginning(tx, list, begin).await? {
        let mut changed = false;
        for said in &mut filter {
            if let Some(next) = said.strip_prefix(begin).and_then(&other) {
                (*said, changed) = (format!("{begin}{next}"), true);
            }
        }
        if changed {
            db::set_filter(tx, id, &filter).await?;
        }
    }
    Ok(())
}

/// Refuses what the list does not know.
async fn check(tx: &mut Tx, view: &NewSavedView, list: &ViewedList) -> Result<()> {
    if view.kind.as_deref().is_some_and(|kind| !list.kinds.contains(&kind)) {
        return Err(Error::invalid("/kind", "kind_unknown", format!("One of: {}.", list.kinds.join(", "))));
    }
    let (filter, sort) = (view.filter.clone(), view.sort.clone());
    (list.check)(tx, ListQuery { limit: Some(1), filter, sort, ..ListQuery::default() }, view.deleted).await
}

fn require_own(view: &SavedView, reader: &Reader, level: Level) -> Result<()> {
    let own = reader.user.is_some() && view.owner.map(|owner| owner.0) == reader.user;
    if own || (view.shared && level == Level::All) {
        return Ok(());
    }
    Err(Error::forbidden("view_of_another", "Only its owner changes a view, or whoever looks after every record."))
}

async fn record(tx: &mut Tx, kind: &'static str, title: &str, view: &SavedView) -> Result<()> {
    let payload = json!({ "list": view.list, "audience": view.audience.as_str(), "shared": view.shared });
    tx.record(NewEvent::new(kind, "saved_views", view.id.0, title).payload(&payload)).await?;
    Ok(())
}
