//! Publishing, changing and testing widgets.
use super::{
    db,
    model::{Fetched, InstallTest, Known, NewWidget, Widget, WidgetPatch, judge},
};
use crate::{origins, plans::actions::entitlements_in, tenants::db::lock as lock_tenant};
use kernel::{
    App, ControlTx, Error, Result,
    embed::{Origin, WidgetId},
    events::NewEvent,
    http::check_if_match,
    ids::TenantId,
    outbound::Call,
};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Reads a public id; 404 when it is none.
pub(crate) fn parse(id: &str) -> Result<WidgetId> {
    WidgetId::parse(id).ok_or_else(Error::not_found)
}

async fn tell(
    tx: &mut ControlTx,
    tenant: TenantId,
    kind: &'static str,
    title: &str,
    id: &str,
    resource: Uuid,
    fields: &[&str],
) -> Result<()> {
    let payload = json!({"widget": id, "fields": fields});
    let event = NewEvent::new(kind, "widgets", resource, title).payload(&payload);
    tx.record(Some(tenant), event).await.map(|_| ())
}

/// Publishes a resource: the first time under a new public id, later with a new snapshot of what visitors see. Edges
/// show it within a second.
pub async fn publish(tx: &mut ControlTx, new: &NewWidget) -> Result<Widget> {
    let known = db::by_resource(tx, new.tenant, new.kind, new.resource_id).await?;
    let id = match known {
        Some(id) => parse(&id)?,
        None => {
            // The tenant's lock makes counting and adding one step, and publishing twice at once the same widget.
            lock_tenant(tx, new.tenant).await?;
            match db::by_resource(tx, new.tenant, new.kind, new.resource_id).await? {
                Some(id) => parse(&id)?,
                None => return first(tx, new).await,
            }
        }
    };
    if db::set_config(tx, new).await? {
        tell(tx, new.tenant, "widget.updated", "Widget shows a new version", id.as_str(), new.resource_id, &["config"])
            .await?;
    }
    db::get(tx, new.tenant, id).await
}

async fn first(tx: &mut ControlTx, new: &NewWidget) -> Result<Widget> {
    let count = db::count(tx, new.tenant).await?;
    entitlements_in(tx, new.tenant).await?.check("widgets", count, 1)?;
    let id = WidgetId::random();
    if !db::insert(tx, id, new).await? {
        return Err(Error::unavailable(1));
    }
    tell(tx, new.tenant, "widget.published", "Widget published", id.as_str(), new.resource_id, &[]).await?;
    db::get(tx, new.tenant, id).await
}

/// The widget that shows a resource, if it was ever published.
pub async fn find(tx: &mut ControlTx, tenant: TenantId, kind: &str, resource: Uuid) -> Result<Option<Widget>> {
    match db::by_resource(tx, tenant, kind, resource).await? {
        Some(id) => db::get(tx, tenant, parse(&id)?).await.map(Some),
        None => Ok(None),
    }
}

/// Switches the widget of a resource off, for example because a form was archived; publishing does not switch it on.
pub async fn withdraw(tx: &mut ControlTx, tenant: TenantId, kind: &str, resource: Uuid) -> Result<()> {
    if let Some(id) = db::switch(tx, tenant, kind, resource, false).await? {
        tell(tx, tenant, "widget.updated", "Widget switched off", &id, resource, &["enabled"]).await?;
    }
    Ok(())
}

/// Switches the widget of a resource on again after [`withdraw`].
pub async fn resume(tx: &mut ControlTx, tenant: TenantId, kind: &str, resource: Uuid) -> Result<()> {
    if let Some(id) = db::switch(tx, tenant, kind, resource, true).await? {
        tell(tx, tenant, "widget.updated", "Widget switched on", &id, resource, &["enabled"]).await?;
    }
    Ok(())
}

/// Removes the widget of a resource that is gone, with its websites and sightings.
pub async fn remove(tx: &mut ControlTx, tenant: TenantId, kind: &str, resource: Uuid) -> Result<()> {
    if let Some(id) = db::delete(tx, tenant, kind, resource).await? {
        tell(tx, tenant, "widget.removed", "Widget removed", &id, resource, &[]).await?;
    }
    Ok(())
}

/// Changes what members set.
pub(crate) async fn update(
    tx: &mut ControlTx,
    tenant: TenantId,
    id: &str,
    patch: &WidgetPatch,
    if_match: Option<&str>,
) -> Result<Widget> {
    patch.check()?;
    let id = parse(id)?;
    check_if_match(if_match, db::lock(tx, tenant, id).await?)?;
    let fields = patch.fields();
    if !fields.is_empty() {
        db::update(tx, tenant, id, patch).await?;
    }
    let widget = db::get(tx, tenant, id).await?;
    if !fields.is_empty() {
        tell(tx, tenant, "widget.updated", "Widget changed", id.as_str(), widget.resource_id.0, &fields).await?;
    }
    Ok(widget)
}

/// Looks whether a page is ready for a widget: what is known here, and what stands in the page.
pub(crate) async fn test(
    app: &Arc<App>,
    tenant: &kernel::tenancy::Tenant,
    id: &str,
    page: &str,
) -> Result<InstallTest> {
    let id = parse(id)?;
    let url = app.outbound.check_url(page).map_err(|why| Error::invalid("/url", "url_invalid", why))?;
    let origin = Origin::claim(&url.origin().ascii_serialization())
        .map_err(|why| Error::invalid("/url", why.code(), why.detail()))?;
    let (widget, entries, met) = app
        .control(app.system("install-test"), async |tx| {
            let widget = db::get(tx, tenant.id, id).await?;
            let entries = origins::actions::entries(tx, tenant.id, id).await?;
            Ok((widget, entries, db::met(tx, id, origin.as_str()).await?))
        })
        .await?;
    let fetched = fetch(app, url.as_str()).await;
    let active = tenant.check_state(true).is_ok();
    let known = Known { widget: &widget, active, entries: &entries, seen: met.seen, refused: met.refused };
    Ok(judge(url.as_str(), &origin, &app.config.edge.public_url, &known, &fetched))
}

async fn fetch(app: &Arc<App>, url: &str) -> Fetched {
    let call = Call {
        method: http::Method::GET,
        url: url.to_owned(),
        headers: vec![("accept".into(), "text/html".into())],
        body: vec![],
        timeout_seconds: 8,
    };
    match app.outbound.call(call).await {
        Ok(answer) => Ok((answer.status, String::from_utf8_lossy(&answer.body).into_owned())),
        Err(error) => match error.kind() {
            kernel::error::Kind::Upstream { detail, .. } => Err(detail.clone()),
            _ => Err("no answer".into()),
        },
    }
}
