//! The tenant catalogue: which schema and role a tenant has, and whether it may work. Looked up, never computed.
use crate::{Error, Result, clock::Clock, db::pool::Pools, ids::TenantId};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

/// A tenant as the request path needs it.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// What it is.
    pub kind: TenantKind,
    /// The agency of a client.
    pub parent: Option<TenantId>,
    /// Its name, for people.
    pub name: String,
    /// Whether it may work.
    pub state: TenantState,
    /// IANA time zone.
    pub zone: String,
    /// BCP 47 language.
    pub locale: String,
    /// ISO 3166 alpha-2, for phone numbers without a country code.
    pub country: Option<String>,
    /// Its plan, for limits and module switches.
    pub plan: Option<uuid::Uuid>,
    /// Version of its schema.
    pub schema_version: i32,
    /// Its Postgres role, also the value of `ops.*.tenant`.
    pub role: SchemaName,
    pub(crate) schema: SchemaName,
}

/// Agency or an agency's client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantKind {
    /// Has clients, and a full schema of its own.
    Agency,
    /// Belongs to an agency.
    Client,
}

/// Whether a tenant may work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantState {
    /// Everything.
    Active,
    /// Reading only.
    ReadOnly,
    /// Nothing; its agency still sees it.
    Suspended,
    /// On its way somewhere; come back soon.
    Moving,
}

/// A schema or role name that was checked to be one of ours: the only identifiers ever formatted into SQL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SchemaName(Arc<str>);

impl SchemaName {
    /// Accepts `t_` and 26 characters of lower-case base32.
    pub fn parse(text: &str) -> Result<Self> {
        let fine = text.strip_prefix("t_").is_some_and(|rest| crate::ids::decode(rest).is_some());
        if fine { Ok(SchemaName(text.into())) } else { Err(Error::internal("not a tenant schema name")) }
    }
    /// The name of a new tenant's schema and role.
    pub fn of(id: TenantId) -> Self {
        SchemaName(format!("t_{}", crate::ids::encode(id.0)).into())
    }
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tenant {
    /// Refuses work that the tenant's state does not allow.
    pub fn check_state(&self, writes: bool) -> Result<()> {
        match self.state {
            TenantState::Active => Ok(()),
            TenantState::ReadOnly if !writes => Ok(()),
            TenantState::ReadOnly => Err(Error::forbidden("tenant_read_only", "This account is read-only right now.")),
            TenantState::Suspended => {
                Err(Error::forbidden("tenant_suspended", "This account is suspended. Its agency can resume it."))
            }
            TenantState::Moving => Err(Error::unavailable(5)),
        }
    }
}

const FRESH: TimeDelta = TimeDelta::seconds(5);
const STALE: TimeDelta = TimeDelta::minutes(15);

/// Cached placements. When the control plane is away, known tenants keep working for 15 minutes.
pub struct Catalogue {
    by_id: moka::future::Cache<TenantId, Arc<Entry>>,
    by_role: moka::future::Cache<String, TenantId>,
    clock: Clock,
}

struct Entry {
    tenant: Arc<Tenant>,
    loaded: DateTime<Utc>,
}

const SELECT: &str = "select id, kind, parent_id, coalesce(name, '') as name, state, zone, locale, country, plan_id, schema_version, role_name, schema_name \
     from control.tenants where kind is not null and state in ('active', 'read_only', 'suspended', 'moving', 'restoring')";

impl Catalogue {
    /// An empty cache.
    pub fn new(clock: Clock) -> Self {
        let cache = || moka::future::Cache::builder().max_capacity(20_000).build();
        Catalogue { by_id: cache(), by_role: moka::future::Cache::builder().max_capacity(20_000).build(), clock }
    }

    /// The tenant, at most five seconds old while the control plane answers.
    pub async fn get(&self, pools: &Pools, id: TenantId) -> Result<Arc<Tenant>> {
        let now = self.clock.now();
        let known = self.by_id.get(&id).await;
        if let Some(entry) = &known
            && now - entry.loaded < FRESH
        {
            return Ok(entry.tenant.clone());
        }
        match self.load(pools, id).await {
            Ok(Some(tenant)) => {
                let tenant = Arc::new(tenant);
                self.by_role.insert(tenant.role.as_str().to_owned(), id).await;
                self.by_id.insert(id, Arc::new(Entry { tenant: tenant.clone(), loaded: now })).await;
                Ok(tenant)
            }
            Ok(None) => {
                self.by_id.invalidate(&id).await;
                Err(Error::not_found())
            }
            Err(error) => match known {
                Some(entry) if now - entry.loaded < STALE => Ok(entry.tenant.clone()),
                _ => Err(error),
            },
        }
    }

    /// The tenant behind a role name, as found in `ops` rows.
    pub async fn by_role(&self, pools: &Pools, role: &str) -> Result<Arc<Tenant>> {
        if let Some(id) = self.by_role.get(role).await {
            return self.get(pools, id).await;
        }
        let name = SchemaName::parse(role)?;
        let client = pools.control.get().await?;
        let row =
            client.client().query_opt("select id from control.tenants where role_name = $1", &[&name.as_str()]).await?;
        match row {
            Some(row) => self.get(pools, TenantId(row.try_get(0)?)).await,
            None => Err(Error::not_found()),
        }
    }

    /// Forgets what is cached about a tenant: call it after changing the tenant.
    pub async fn forget(&self, id: TenantId) {
        self.by_id.invalidate(&id).await;
    }

    async fn load(&self, pools: &Pools, id: TenantId) -> Result<Option<Tenant>> {
        let client = pools.control.get().await?;
        let statement = client.prepared(&format!("{SELECT} and id = $1")).await?;
        let Some(row) = client.client().query_opt(&statement, &[&id]).await? else { return Ok(None) };
        let kind: String = row.try_get("kind")?;
        let state: String = row.try_get("state")?;
        Ok(Some(Tenant {
            id,
            kind: if kind == "agency" { TenantKind::Agency } else { TenantKind::Client },
            parent: row.try_get("parent_id")?,
            name: row.try_get("name")?,
            state: match state.as_str() {
                "active" => TenantState::Active,
                "read_only" => TenantState::ReadOnly,
                "suspended" => TenantState::Suspended,
                _ => TenantState::Moving,
            },
            zone: row.try_get("zone")?,
            locale: row.try_get("locale")?,
            country: row.try_get("country")?,
            plan: row.try_get("plan_id")?,
            schema_version: row.try_get("schema_version")?,
            role: SchemaName::parse(row.try_get("role_name")?)?,
            schema: SchemaName::parse(row.try_get("schema_name")?)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_names_become_identifiers() {
        let name = SchemaName::of(TenantId(uuid::Uuid::from_u128(42)));
        assert_eq!(SchemaName::parse(name.as_str()).unwrap(), name);
        for bad in ["public", "t_", "t_x; drop schema public", "t_\"", "t_0000000000000000000000000O"] {
            assert!(SchemaName::parse(bad).is_err(), "{bad}");
        }
    }
}
