//! Counting what is stored, and refusing more than the plan allows.
use super::{
    db,
    model::{Storage, megabytes},
};
use crate::{clients::db::get as client, plans};
use kernel::{App, ControlTx, Result, Tx, ids::TenantId, tenancy::Tenant};
use std::sync::Arc;

/// The limit of a plan that is meant, in megabytes.
const LIMIT: &str = "storage_mb";

/// Counts files of a kind that come, or go.
pub async fn add(tx: &mut Tx, kind: &str, files: i64, bytes: i64) -> Result<()> {
    if files != 0 || bytes != 0 { db::add(tx, kind, files, bytes).await } else { Ok(()) }
}

/// Writes down what there is: kinds with files and bytes.
pub async fn recount(tx: &mut Tx, kinds: &[(String, i64, i64)]) -> Result<()> {
    db::forget(tx).await?;
    for (kind, files, bytes) in kinds {
        db::add(tx, kind, *files, *bytes).await?;
    }
    Ok(())
}

/// Refuses a member's upload that goes beyond the plan. Two that come at once may both fit what was left.
pub async fn check(app: &Arc<App>, tenant: &Arc<Tenant>, bytes: usize) -> Result<()> {
    let allowed = plans::entitlements(app, tenant.id).await?;
    if !allowed.limits.contains_key(LIMIT) {
        return Ok(());
    }
    let kinds = app.read(tenant, app.system("storage"), async |tx| db::own(tx).await).await?;
    let used: i64 = kinds.iter().map(|kind| kind.bytes).sum();
    let after = used.saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX));
    allowed.check(LIMIT, megabytes(used), megabytes(after) - megabytes(used))
}

/// The limit of the tenant's plan in megabytes, if it has one.
pub(crate) async fn most(app: &Arc<App>, tenant: TenantId) -> Result<Option<i64>> {
    Ok(plans::entitlements(app, tenant).await?.limits.get(LIMIT).copied())
}

/// What the tenant keeps.
pub(crate) async fn own(tx: &mut Tx, most: Option<i64>) -> Result<Storage> {
    Ok(Storage::of(db::own(tx).await?, most))
}

/// What one of an agency's clients keeps.
pub(crate) async fn of_client(tx: &mut ControlTx, agency: TenantId, id: TenantId) -> Result<Storage> {
    client(tx, agency, id).await?;
    let allowed = plans::entitlements_in(tx, id).await?;
    Ok(Storage::of(db::of(tx, id).await?, allowed.limits.get(LIMIT).copied()))
}
