//! Which console a name leads to, as each process remembers it.
use super::{
    db,
    model::{origin, platform_hosts},
};
use crate::brands::{Audience, Branding, branding};
use chrono::TimeDelta;
use kernel::{
    App, ControlTx, Result,
    http::console::Dress,
    ids::TenantId,
    tenancy::memory::{Change, Memory},
};
use std::{net::IpAddr, sync::Arc};

/// Where a request came to.
#[derive(Debug, Clone)]
pub enum Place {
    /// To the platform's own address.
    Platform,
    /// To an own domain.
    Own(Arc<Front>),
    /// To a name that is nobody's.
    Nowhere,
}

/// The console under an own domain.
#[derive(Debug)]
pub struct Front {
    /// Whose domain it is: people work there, and in its clients.
    pub tenant: TenantId,
    /// The agency of a client.
    pub parent: Option<TenantId>,
    /// The name.
    pub host: String,
    /// The origin of the console there.
    pub origin: String,
    /// What it wears.
    pub dress: Arc<Dress>,
}

impl Place {
    /// The own domain, if it is one.
    pub fn own(&self) -> Option<&Front> {
        match self {
            Place::Own(front) => Some(front),
            Place::Platform | Place::Nowhere => None,
        }
    }

    /// Whether somebody may work here in a tenant with this agency.
    pub fn admits(&self, tenant: TenantId, agency: Option<TenantId>) -> bool {
        self.own().is_none_or(|front| front.tenant == tenant || Some(front.tenant) == agency)
    }
}

/// What a process remembers; one for each program.
pub struct Hosts {
    platform: Vec<String>,
    fronts: Memory<String, Option<Arc<Front>>>,
    addresses: Memory<TenantId, Option<String>>,
}

/// Names, and tenants, of which a process remembers where they lead.
const REMEMBERED: u64 = 20_000;

impl Hosts {
    /// Knows nothing yet. While the control plane is away, what is known counts for fifteen minutes.
    pub(crate) fn new(app: &App) -> Self {
        let (clock, changes, stale) = (&app.clock, &app.changes, TimeDelta::minutes(15));
        // A name that is nobody's may become somebody's with any change.
        let of_front = |change, _: &String, front: &Option<Arc<Front>>| match (change, front) {
            (Change::Tenant(id), Some(front)) => front.tenant == id || front.parent == Some(id),
            (Change::Tenant(_), None) => true,
            _ => false,
        };
        // A client's links carry its agency's name, and changes of names are rare.
        let of_address = |change, _: &TenantId, _: &Option<String>| matches!(change, Change::Tenant(_));
        Hosts {
            platform: platform_hosts(&app.config),
            fronts: Memory::new(clock.clone(), changes.clone(), REMEMBERED, stale, of_front),
            addresses: Memory::new(clock.clone(), changes.clone(), REMEMBERED, stale, of_address),
        }
    }

    /// Addresses, and names that only a machine or a network knows, are nobody's own domain: health checks and edges use them.
    fn is_platform(&self, host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        !host.contains('.') || bare.parse::<IpAddr>().is_ok() || self.platform.iter().any(|own| own == host)
    }
}

/// Where a name leads; `host` is in lower case and without a port, as in [`kernel::http::RequestInfo`].
pub async fn place(app: &Arc<App>, host: &str) -> Result<Place> {
    let hosts = app.provided::<Hosts>()?;
    if hosts.is_platform(host) {
        return Ok(Place::Platform);
    }
    let load = async || app.control(app.system("hosts"), async |tx| front(tx, host).await).await;
    Ok(match &*hosts.fronts.get(&host.to_owned(), load).await? {
        Some(front) => Place::Own(front.clone()),
        None => Place::Nowhere,
    })
}

async fn front(tx: &mut ControlTx, host: &str) -> Result<Option<Arc<Front>>> {
    let Some(owner) = db::served(tx, host).await? else { return Ok(None) };
    let look = branding(tx, Some(owner.tenant_id), Audience::Members).await?;
    Ok(Some(Arc::new(Front {
        tenant: owner.tenant_id,
        parent: owner.parent_id,
        host: host.to_owned(),
        origin: origin(&tx.app().config, host),
        dress: Arc::new(dress(tx.app(), look)),
    })))
}

/// A logo that was uploaded is shown from the same address, so that no other name is seen.
fn dress(app: &App, look: Branding) -> Dress {
    let place = crate::logos::actions::place(app);
    let logo = look.logo_url.map(|url| url.strip_prefix(&place).map_or(url.clone(), |id| format!("/v1/logos/{id}")));
    Dress { name: look.name, accent: look.accent, on_accent: look.on_accent, logo }
}

/// The origin that links for a tenant's members begin with: that of its active primary domain or its agency's, else the platform's.
pub async fn address(app: &Arc<App>, tenant: TenantId) -> Result<String> {
    let hosts = app.provided::<Hosts>()?;
    let load = async || app.control(app.system("hosts"), async |tx| db::address(tx, tenant).await).await;
    let host = hosts.addresses.get(&tenant, load).await?;
    Ok(host.as_ref().as_ref().map_or_else(|| app.config.server.dashboard_url.clone(), |host| origin(&app.config, host)))
}

/// The same, as it is in this transaction.
pub async fn address_in(tx: &mut ControlTx, tenant: TenantId) -> Result<String> {
    let host = db::address(tx, tenant).await?;
    let config = &tx.app().config;
    Ok(host.map_or_else(|| config.server.dashboard_url.clone(), |host| origin(config, &host)))
}
