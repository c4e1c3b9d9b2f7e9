//! Limits of a plan, checked when something is added: never when something is read.
use super::entitlements;
use kernel::{App, Result, ids::TenantId};
use std::sync::Arc;

/// Refuses (403 `plan_limit`) when `more` things beside the `used` ones go over the tenant's limit of this name, for
/// example `contacts` or `members`. Call it with the count taken in the transaction that adds.
pub async fn check(app: &Arc<App>, tenant: TenantId, limit: &str, used: i64, more: i64) -> Result<()> {
    entitlements(app, tenant).await?.check(limit, used, more)
}

/// How many there may be; none for no limit.
pub async fn of(app: &Arc<App>, tenant: TenantId, limit: &str) -> Result<Option<i64>> {
    Ok(entitlements(app, tenant).await?.limits.get(limit).copied())
}
