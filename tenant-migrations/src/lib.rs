//! Schemas of Upzento: the control plane, the shared tables of a cell, and one schema per tenant.
//!
//! Purpose: `bootstrap` prepares roles and schemas, [`fleet::up`] migrates control, ops and every tenant,
//! [`provision`] keeps schemas ready for sign-ups, [`lifecycle`] moves a tenant between its states.
//! Tables: `control.tenants`, `control.tenant_schemas`, `control.fleet`, `control.audit_events`,
//! `control.deletion_certificates`; `ops.*`; in each tenant `events`, `event_log`, `event_cursors`.
//! Invariants: a tenant schema is at a version that its own history table proves; a step is recorded in the
//! transaction that made it; nobody builds a tenant at another version than the fleet has.

pub mod baseline;
pub mod bootstrap;
pub mod catalog;
pub mod deletion;
pub mod fleet;
pub mod lifecycle;
pub mod name;
pub mod pg;
pub mod platform;
pub mod provision;
pub mod schema;
pub mod sets;
pub mod transfer;

pub use bootstrap::{Bootstrap, bootstrap};
pub use name::TenantName;
pub use pg::{Session, connect, connect_owner};
pub use provision::{CLAIM_SQL, Claim, Provisioned, claim, ensure_warm, provision_one};
pub use sets::{Sets, Step};

/// Bootstrap when needed, then everything that is missing: for tests, the first start, and `migrate up`.
///
/// # Errors
/// As [`bootstrap()`] and [`fleet::up`]; or a tenant failed.
pub async fn prepare(url: &str, options: &Bootstrap) -> anyhow::Result<()> {
    if bootstrap::is_needed(url).await? {
        bootstrap::bootstrap(url, options).await?;
    }
    let report = fleet::up(url, Sets::embedded()?, &fleet::Options::default(), &|_| {}).await?;
    match report.failed.first() {
        Some(failure) => {
            anyhow::bail!("{} tenants failed, the first is {}: {}", report.failed.len(), failure.name, failure.error)
        }
        None => Ok(()),
    }
}
