//! Setting a brand, and how it works out.
use super::{
    db,
    model::{Audience, Brand, Branding, NewBrand},
};
use crate::logos;
use kernel::{ControlTx, Result, events::NewEvent, http::check_if_match, ids::TenantId};

/// The look of what a tenant sends: mails, pages, widgets. `None` is the platform itself.
pub async fn branding(tx: &mut ControlTx, tenant: Option<TenantId>, audience: Audience) -> Result<Branding> {
    match tenant {
        None => Ok(Branding::platform()),
        Some(tenant) => Ok(Branding::merge(db::look(tx, tenant).await?, audience)),
    }
}

/// A tenant's brand, and how it works out.
pub(crate) async fn get(tx: &mut ControlTx, tenant: TenantId) -> Result<Brand> {
    let look = branding(tx, Some(tenant), Audience::Members).await?;
    let own = db::get(tx, tenant).await?;
    let none = db::Stored {
        name: String::new(),
        logo_url: None,
        colors: Default::default(),
        legal_links: Default::default(),
        sky: None,
        version: 0,
    };
    let (is_own, stored) = (own.is_some(), own.unwrap_or(none));
    Ok(Brand {
        own: is_own,
        warnings: stored.colors.warnings(),
        name: stored.name,
        logo_url: stored.logo_url,
        colors: stored.colors,
        legal_links: stored.legal_links.0,
        sky: stored.sky,
        look,
        version: stored.version,
    })
}

/// Sets a tenant's brand. Its widgets and its clients' wear it within a second.
pub(crate) async fn put(
    tx: &mut ControlTx,
    tenant: TenantId,
    mut brand: NewBrand,
    if_match: Option<&str>,
) -> Result<Brand> {
    brand.check(&logos::actions::place(tx.app()))?;
    check_if_match(if_match, db::lock(tx, tenant).await?)?;
    db::put(tx, tenant, &brand).await?;
    tx.record(Some(tenant), NewEvent::new("brand.updated", "brands", tenant.0, "Brand changed")).await?;
    get(tx, tenant).await
}

/// Removes a tenant's brand: from now on it looks like its agency.
pub(crate) async fn delete(tx: &mut ControlTx, tenant: TenantId) -> Result<()> {
    if db::delete(tx, tenant).await? {
        tx.record(Some(tenant), NewEvent::new("brand.removed", "brands", tenant.0, "Brand removed")).await?;
    }
    Ok(())
}
