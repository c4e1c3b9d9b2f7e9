//! Keeping logos.
use super::{
    db,
    model::{Logo, LogoId, NewLogo},
};
use kernel::{App, ControlTx, Result, events::NewEvent, ids::TenantId};

/// Logos of a tenant that are kept although its brand does not show them: a change can be taken back.
const KEPT: i64 = 5;

/// What the addresses of logos begin with.
pub(crate) fn place(app: &App) -> String {
    format!("{}/v1/logos/", app.config.server.public_url.trim_end_matches('/'))
}

/// Keeps a logo for the brand.
pub(crate) async fn create(tx: &mut ControlTx, tenant: TenantId, new: &NewLogo) -> Result<Logo> {
    let (kind, content) = new.read()?;
    let id = LogoId::new(tx.now());
    let url = format!("{}{id}", place(tx.app()));
    db::insert(tx, (id, tenant), &url, (kind, &content)).await?;
    db::forget_old(tx, tenant, KEPT).await?;
    tx.record(Some(tenant), NewEvent::new("logo.uploaded", "logos", id.0, "Logo uploaded")).await?;
    Ok(Logo { id, url })
}
