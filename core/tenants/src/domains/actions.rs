//! Adding own domains, looking at them, choosing one, removing them.
use super::{
    db,
    model::{Domain, DomainId, Found, MOST, NewDomain, State, Stored, Verdict, target, token},
    resolver::Dns,
};
use crate::{plans::actions::entitlements_in, tenants::db::lock as lock_tenant};
use kernel::{
    App, ControlTx, Error, Result, auth::Context, events::NewEvent, http::check_if_match, ids::TenantId,
    tenancy::memory::Change,
};
use serde_json::json;
use std::sync::Arc;

/// A tenant's domains.
pub(crate) async fn list(tx: &mut ControlTx, tenant: TenantId) -> Result<Vec<Domain>> {
    let stored = db::list(tx, tenant).await?;
    let config = &tx.app().config;
    Ok(stored.into_iter().map(|domain| domain.shown(config)).collect())
}

/// One of a tenant's domains.
pub(crate) async fn get(tx: &mut ControlTx, tenant: TenantId, id: DomainId) -> Result<Domain> {
    Ok(db::get(tx, tenant, id).await?.shown(&tx.app().config))
}

async fn tell(tx: &mut ControlTx, tenant: TenantId, kind: &'static str, title: &str, domain: &Stored) -> Result<()> {
    let event = NewEvent::new(kind, "domains", domain.id.0, title).payload(&json!({"host": domain.host}));
    tx.record(Some(tenant), event).await.map(drop)
}

/// Adds a domain: from now on its records are waited for.
pub(crate) async fn add(tx: &mut ControlTx, tenant: TenantId, new: &NewDomain) -> Result<Domain> {
    if target(&tx.app().config).is_none() {
        let detail = "This platform has no name that a domain could point to. Its operators can give it one.";
        return Err(Error::conflict("domains_unavailable", detail));
    }
    let host = new.host(&tx.app().config)?;
    lock_tenant(tx, tenant).await?;
    let count = db::count(tx, tenant).await?;
    entitlements_in(tx, tenant).await?.check("domains", count, 1)?;
    if count >= MOST {
        return Err(Error::conflict("domain_count", format!("An account has at most {MOST} domains.")));
    }
    let id = DomainId::new(tx.now());
    db::insert(tx, (id, tenant), &host, &token()).await?;
    if db::is_served(tx, &host).await? {
        return Err(db::taken());
    }
    let domain = db::get(tx, tenant, id).await?;
    tell(tx, tenant, "domain.added", "Domain added", &domain).await?;
    Ok(domain.shown(&tx.app().config))
}

/// Looks what stands in the DNS, and does what follows from it. The DNS is asked outside of any transaction.
pub(crate) async fn look(app: &Arc<App>, context: Context, tenant: TenantId, id: DomainId) -> Result<Domain> {
    let domain = app.control(context.clone(), async |tx| db::get(tx, tenant, id).await).await?;
    let mut found = app.provided::<Dns>()?.look(&domain, &app.config).await;
    let settled = app.control(context.clone(), async |tx| settle(tx, tenant, id, &found).await).await;
    let shown = match settled {
        // Two proved the name at once: one was first.
        Err(error) if error.code() == "domain_taken" => {
            found.taken = true;
            app.control(context, async |tx| settle(tx, tenant, id, &found).await).await?
        }
        other => other?,
    };
    app.changes.forget(Change::Tenant(tenant));
    Ok(shown)
}

async fn settle(tx: &mut ControlTx, tenant: TenantId, id: DomainId, found: &Found) -> Result<Domain> {
    lock_tenant(tx, tenant).await?;
    let domain = db::lock(tx, tenant, id).await?;
    let (before, now) = (domain.standing()?, tx.now());
    let verdict = match target(&tx.app().config) {
        Some(target) => found.verdict(&domain.token, &target),
        None => Verdict::Unknown,
    };
    let after = before.after(verdict, now);
    db::looked(tx, id, after, found).await?;
    if after.state != before.state {
        let (kind, title) = match after.state {
            State::Active => ("domain.active", "Domain is served"),
            State::Failing => ("domain.failing", "Records of a domain are gone"),
            State::Removed | State::Pending => ("domain.given_up", "Domain is no longer waited for"),
        };
        tell(tx, tenant, kind, title, &domain).await?;
    }
    match after.state {
        State::Active if !db::has_primary(tx, tenant).await? => db::set_primary(tx, tenant, Some(id)).await?,
        State::Removed if domain.is_primary => pass_on(tx, tenant, id).await?,
        _ => {}
    }
    get(tx, tenant, id).await
}

/// The next one is named by links, if there is one.
async fn pass_on(tx: &mut ControlTx, tenant: TenantId, id: DomainId) -> Result<()> {
    let next = db::next_active(tx, tenant, id).await?;
    db::set_primary(tx, tenant, next).await
}

/// Lets links name this domain.
pub(crate) async fn make_primary(
    tx: &mut ControlTx,
    tenant: TenantId,
    id: DomainId,
    if_match: Option<&str>,
) -> Result<Domain> {
    lock_tenant(tx, tenant).await?;
    let domain = db::lock(tx, tenant, id).await?;
    check_if_match(if_match, domain.version)?;
    if domain.standing()?.state != State::Active {
        return Err(Error::conflict("domain_not_active", "Links can name a domain once its records are right."));
    }
    if !domain.is_primary {
        db::set_primary(tx, tenant, Some(id)).await?;
        tell(tx, tenant, "domain.made_primary", "Links name another domain", &domain).await?;
    }
    get(tx, tenant, id).await
}

/// Removes a domain: nothing is served there any more.
pub(crate) async fn remove(tx: &mut ControlTx, tenant: TenantId, id: DomainId) -> Result<()> {
    lock_tenant(tx, tenant).await?;
    let domain = db::lock(tx, tenant, id).await?;
    if domain.is_primary {
        pass_on(tx, tenant, id).await?;
    }
    db::delete(tx, tenant, id).await?;
    tell(tx, tenant, "domain.removed", "Domain removed", &domain).await
}

/// The same by those who run the platform; gives whose it was.
pub async fn remove_for_platform(tx: &mut ControlTx, id: DomainId) -> Result<TenantId> {
    let tenant = db::owner(tx, id).await?;
    remove(tx, tenant, id).await?;
    Ok(tenant)
}
