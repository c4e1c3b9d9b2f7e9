//! Statements on brands.
use super::model::{Colors, LegalLink, Looks, NewBrand};
use kernel::{ControlTx, Result, ids::TenantId, sql};

/// A tenant's own look and its agency's, side by side.
pub(crate) async fn look(tx: &mut ControlTx, tenant: TenantId) -> Result<Looks> {
    tx.row(
        sql!(
            "select t.name as tenant_name, a.name as agency_name,
                    b.name as own_name, b.logo_url as own_logo_url, b.colors as own_colors, b.legal_links as own_legal_links,
                    b.sky as own_sky,
                    ab.name as agency_brand_name, ab.logo_url as agency_logo_url, ab.colors as agency_colors,
                    ab.legal_links as agency_legal_links, ab.sky as agency_sky
             from control.tenants t
             left join control.tenants a on a.id = t.parent_id
             left join control.brands b on b.tenant_id = t.id
             left join control.brands ab on ab.tenant_id = t.parent_id
             where t.id = $1"
        ),
        &[&tenant],
    )
    .await
}

kernel::row! {
    /// A brand as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct Stored {
        pub(crate) name: String,
        pub(crate) logo_url: Option<String>,
        pub(crate) colors: Colors,
        pub(crate) legal_links: LegalLinks,
        pub(crate) sky: Option<bool>,
        pub(crate) version: i64,
    }
}

/// Legal links in one column.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct LegalLinks(pub(crate) Vec<LegalLink>);

kernel::jsonb!(Colors, LegalLinks);

/// The tenant's own brand, if it has one.
pub(crate) async fn get(tx: &mut ControlTx, tenant: TenantId) -> Result<Option<Stored>> {
    tx.opt(
        sql!("select name, logo_url, colors, legal_links, sky, version from control.brands where tenant_id = $1"),
        &[&tenant],
    )
    .await
}

/// The same, and nobody else changes it meanwhile.
pub(crate) async fn lock(tx: &mut ControlTx, tenant: TenantId) -> Result<i64> {
    let version =
        tx.value_opt(sql!("select version from control.brands where tenant_id = $1 for update"), &[&tenant]).await?;
    Ok(version.unwrap_or(0))
}

/// Sets the tenant's brand.
pub(crate) async fn put(tx: &mut ControlTx, tenant: TenantId, brand: &NewBrand) -> Result<()> {
    let now = tx.now();
    let links = LegalLinks(brand.legal_links.clone());
    tx.exec_one(
        sql!(
            "insert into control.brands (tenant_id, name, logo_url, colors, legal_links, sky, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $7)
             on conflict (tenant_id) do update set name = $2, logo_url = $3, colors = $4, legal_links = $5, sky = $6, updated_at = $7,
               version = control.brands.version + 1"
        ),
        &[&tenant, &brand.name, &brand.logo_url, &brand.colors, &links, &brand.sky, &now],
    )
    .await
}

/// Removes the tenant's brand; false when it had none.
pub(crate) async fn delete(tx: &mut ControlTx, tenant: TenantId) -> Result<bool> {
    Ok(tx.exec(sql!("delete from control.brands where tenant_id = $1"), &[&tenant]).await? == 1)
}
