//! Allowing and refusing websites.
use super::{
    db,
    model::{AddedOrigin, AllowedOrigin, MOST, NewOrigin, OriginId, counterpart},
};
use crate::{tenants::db::lock as lock_tenant, widgets};
use kernel::{
    ControlTx, Error, Result,
    embed::{Entry, EntryKind, Origin, WidgetId},
    events::NewEvent,
    ids::TenantId,
};
use serde_json::json;

/// The entries that count for a widget.
pub(crate) async fn entries(tx: &mut ControlTx, tenant: TenantId, widget: WidgetId) -> Result<Vec<Entry>> {
    let stored = db::entries(tx, tenant).await?;
    let ours = stored.into_iter().filter(|e| e.widget_id.as_deref().is_none_or(|id| id == widget.as_str()));
    // An entry that is not spelled canonically allows nothing, as at the edge.
    Ok(ours.filter_map(|e| Entry::from_stored(EntryKind::parse(&e.kind)?, &e.origin).ok()).collect())
}

/// Every entry of a tenant, with the widget it is for.
pub(crate) async fn entries_of_all(tx: &mut ControlTx, tenant: TenantId) -> Result<Vec<(Option<String>, Entry)>> {
    let stored = db::entries(tx, tenant).await?;
    let known =
        |e: db::StoredEntry| Some((e.widget_id, Entry::from_stored(EntryKind::parse(&e.kind)?, &e.origin).ok()?));
    Ok(stored.into_iter().filter_map(known).collect())
}

async fn tell(
    tx: &mut ControlTx,
    tenant: TenantId,
    kind: &'static str,
    title: &str,
    origin: &AllowedOrigin,
) -> Result<()> {
    let payload = json!({"origin": origin.origin, "kind": origin.kind, "widget": origin.widget_id});
    let event = NewEvent::new(kind, "origins", origin.id.0, title).payload(&payload);
    tx.record(Some(tenant), event).await.map(|_| ())
}

/// Allows a website for all of a tenant's widgets or for one.
pub async fn allow(tx: &mut ControlTx, tenant: TenantId, new: &NewOrigin) -> Result<AddedOrigin> {
    let entry = new.entry()?;
    let widget = match &new.widget_id {
        None => None,
        Some(text) => {
            let unknown = || Error::invalid("/widget_id", "widget_unknown", "There is no such widget.");
            let id = WidgetId::parse(text).ok_or_else(unknown)?;
            match widgets::db::lock(tx, tenant, id).await {
                Ok(_) => Some(id),
                Err(error) if error.is_not_found() => return Err(unknown()),
                Err(error) => return Err(error),
            }
        }
    };
    lock_tenant(tx, tenant).await?;
    if db::count(tx, tenant).await? >= MOST {
        return Err(Error::conflict(
            "origin_count",
            format!("An account has at most {MOST} websites. Use a wildcard."),
        ));
    }
    let id = OriginId::new(tx.now());
    let origin = db::insert(tx, id, tenant, widget, &entry).await?;
    tell(tx, tenant, "origin.allowed", "Website allowed", &origin).await?;
    let suggestion = suggest(tx, tenant, widget, &entry).await?;
    Ok(AddedOrigin { origin, suggestion })
}

async fn suggest(
    tx: &mut ControlTx,
    tenant: TenantId,
    widget: Option<WidgetId>,
    entry: &Entry,
) -> Result<Option<String>> {
    let Some(other) = counterpart(entry) else { return Ok(None) };
    let Ok(page) = Origin::claim(&other.stored()) else { return Ok(None) };
    let stored = db::entries(tx, tenant).await?;
    let known = stored
        .iter()
        .filter(|e| e.widget_id.is_none() || e.widget_id.as_deref() == widget.as_ref().map(WidgetId::as_str))
        .filter_map(|e| Entry::from_stored(EntryKind::parse(&e.kind)?, &e.origin).ok())
        .any(|e| e.matches(&page));
    Ok((!known).then(|| other.stored()))
}

/// No longer allows a website.
pub(crate) async fn refuse(tx: &mut ControlTx, tenant: TenantId, id: OriginId) -> Result<()> {
    let origin = db::get(tx, tenant, id).await?;
    db::delete(tx, tenant, id).await?;
    tell(tx, tenant, "origin.refused", "Website no longer allowed", &origin).await
}
