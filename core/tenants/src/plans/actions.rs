//! Who has what.
use super::{db, model::Entitlements, usage::Usage};
use crate::clients::db::get as client;
use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use kernel::{
    App, ControlTx, Error, Result,
    ids::TenantId,
    module::ModuleSwitches,
    tenancy::Tenant,
    tenancy::memory::{Change, Memory},
};
use std::sync::Arc;

/// Remembers what tenants have; one for each program.
pub struct Switches {
    known: Memory<TenantId, Entitlements>,
}

impl Switches {
    /// Knows nothing yet. While the control plane is away, what is known counts for fifteen minutes.
    pub(crate) fn new(app: &App) -> Self {
        let concerns = |change, id: &TenantId, _: &Entitlements| change == Change::Tenant(*id);
        Switches {
            known: Memory::new(app.clock.clone(), app.changes.clone(), 20_000, TimeDelta::minutes(15), concerns),
        }
    }

    async fn get(&self, app: &Arc<App>, tenant: TenantId) -> Result<Arc<Entitlements>> {
        self.known.get(&tenant, async || load(app, tenant).await).await
    }
}

async fn load(app: &Arc<App>, tenant: TenantId) -> Result<Entitlements> {
    app.control(app.system("entitlements"), async |tx| entitlements_in(tx, tenant).await).await
}

/// What a tenant has, as it is in this transaction: for verbs that hold one already.
pub async fn entitlements_in(tx: &mut ControlTx, tenant: TenantId) -> Result<Entitlements> {
    let plan = db::plan(tx, tenant).await?;
    let exceptions = db::modules(tx, tenant).await?;
    let flags = db::flags(tx, tenant).await?;
    Ok(Entitlements::of(tenant, plan, exceptions, flags))
}

/// What one of an agency's clients has of what its plan limits.
pub(crate) async fn usage_of_client(tx: &mut ControlTx, agency: TenantId, id: TenantId) -> Result<Usage> {
    client(tx, agency, id).await?;
    let has = entitlements_in(tx, id).await?;
    Ok(Usage::of(&has, &db::used(tx, id).await?, None))
}

impl ModuleSwitches for Switches {
    fn check<'a>(&'a self, app: &'a Arc<App>, tenant: &'a Arc<Tenant>, module: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if self.get(app, tenant.id).await?.has(module) {
                return Ok(());
            }
            Err(Error::forbidden("module_off", format!("This account's plan does not include {module}.")))
        })
    }
}

/// What a tenant has.
pub async fn entitlements(app: &Arc<App>, tenant: TenantId) -> Result<Arc<Entitlements>> {
    app.provided::<Switches>()?.get(app, tenant).await
}

/// Whether a feature flag is on for a tenant; unknown flags are off.
pub async fn flag(app: &Arc<App>, tenant: TenantId, key: &str) -> Result<bool> {
    Ok(entitlements(app, tenant).await?.flags.contains(key))
}
