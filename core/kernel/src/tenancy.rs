//! The tenant catalogue: which schema and role a tenant has, and whether it may work. Looked up, never computed.
pub mod memory;

use crate::{Error, Result, clock::Clock, db::pool::Pools, ids::TenantId};
use chrono::TimeDelta;
use memory::{Change, Changes, Memory};
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
    /// ISO 4217: the currency of its totals, and of amounts that name none.
    pub currency: String,
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

/// Tenants of which a process remembers where they are.
const REMEMBERED: u64 = 20_000;

/// Remembered placements. When the control plane is away, known tenants keep working for 15 minutes.
pub struct Catalogue {
    by_id: Memory<TenantId, Tenant>,
    /// Never wrong: a role belongs to one tenant for good.
    by_role: moka::sync::Cache<String, TenantId>,
}

const SELECT: &str = "select id, kind, parent_id, coalesce(name, '') as name, state, zone, locale, country, coalesce(currency, 'USD') as currency, plan_id, schema_version, role_name, schema_name \
     from control.tenants where kind is not null and state in ('active', 'read_only', 'suspended', 'moving', 'restoring')";

impl Catalogue {
    /// An empty memory.
    pub fn new(clock: Clock, changes: Arc<Changes>) -> Self {
        let concerns = |change, id: &TenantId, _: &Tenant| change == Change::Tenant(*id);
        Catalogue {
            by_id: Memory::new(clock, changes, REMEMBERED, TimeDelta::minutes(15), concerns),
            by_role: moka::sync::Cache::new(REMEMBERED),
        }
    }

    /// The tenant.
    pub async fn get(&self, pools: &Pools, id: TenantId) -> Result<Arc<Tenant>> {
        let tenant = self.by_id.get(&id, async || self.load(pools, id).await?.ok_or_else(Error::not_found)).await?;
        if !self.by_role.contains_key(tenant.role.as_str()) {
            self.by_role.insert(tenant.role.as_str().to_owned(), id);
        }
        Ok(tenant)
    }

    /// The tenant behind a role name, as found in `ops` rows.
    pub async fn by_role(&self, pools: &Pools, role: &str) -> Result<Arc<Tenant>> {
        if let Some(id) = self.by_role.get(role) {
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
            currency: row.try_get("currency")?,
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
