//! Who has what, remembered for five seconds.
use super::{db, model::Entitlements};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use kernel::{App, ControlTx, Error, Result, ids::TenantId, module::ModuleSwitches, tenancy::Tenant};
use std::sync::Arc;

/// How old what is remembered may be.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// How old it may be while the control plane is away.
const STALE: TimeDelta = TimeDelta::minutes(15);

/// Remembers what tenants have; one for each program.
pub struct Switches {
    known: moka::sync::Cache<TenantId, (Arc<Entitlements>, DateTime<Utc>)>,
}

impl Default for Switches {
    fn default() -> Self {
        Switches { known: moka::sync::Cache::new(20_000) }
    }
}

impl Switches {
    async fn get(&self, app: &Arc<App>, tenant: TenantId) -> Result<Arc<Entitlements>> {
        let now = app.clock.now();
        let known = self.known.get(&tenant);
        if let Some((has, at)) = &known
            && now - *at < FRESH
        {
            return Ok(has.clone());
        }
        match load(app, tenant).await {
            Ok(has) => {
                let has = Arc::new(has);
                self.known.insert(tenant, (has.clone(), now));
                Ok(has)
            }
            Err(error) => match known {
                Some((has, at)) if now - at < STALE => Ok(has),
                _ => Err(error),
            },
        }
    }

    /// Forgets what is remembered about a tenant: after a change of its plan, exceptions or flags.
    pub fn forget(&self, tenant: TenantId) {
        self.known.invalidate(&tenant);
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

/// What a tenant has, at most five seconds old.
pub async fn entitlements(app: &Arc<App>, tenant: TenantId) -> Result<Arc<Entitlements>> {
    app.provided::<Switches>()?.get(app, tenant).await
}

/// Whether a feature flag is on for a tenant; unknown flags are off.
pub async fn flag(app: &Arc<App>, tenant: TenantId, key: &str) -> Result<bool> {
    Ok(entitlements(app, tenant).await?.flags.contains(key))
}
