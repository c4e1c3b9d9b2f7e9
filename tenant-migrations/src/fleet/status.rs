//! The state of the fleet for `migrate status` and the admin pages.

use anyhow::Result;
use serde::Serialize;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::sets::{Sets, Step};

/// The state of the fleet.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The sets that exist once per database.
    pub platform: Vec<SetStatus>,
    /// Newest version of a tenant schema this program knows.
    pub newest: i32,
    /// How many tenants are where.
    pub versions: Vec<Group>,
    /// Pool: built and waiting.
    pub ready: i64,
    /// Pool: reserved, not built yet.
    pub warming: i64,
    /// Tenants whose last attempt failed.
    pub failed: Vec<FailedTenant>,
}

/// One of `control` and `ops`.
#[derive(Clone, Debug, Serialize)]
pub struct SetStatus {
    /// Name of the set.
    pub name: &'static str,
    /// Version in the database, 0 when never migrated.
    pub version: i32,
    /// Newest version this program knows.
    pub newest: i32,
}

/// Tenants of one version and state.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Schema version.
    pub version: i32,
    /// Lifecycle state.
    pub lifecycle: String,
    /// State in the central version table.
    pub state: String,
    /// How many.
    pub tenants: i64,
}

/// A failed tenant.
#[derive(Clone, Debug, Serialize)]
pub struct FailedTenant {
    /// Id of the tenant.
    pub tenant: Uuid,
    /// Name of its schema.
    pub schema: String,
    /// Version it stayed at.
    pub version: i32,
    /// Attempts since it was last current.
    pub attempts: i32,
    /// The database's words.
    pub error: String,
}

/// Reads the state of the fleet.
///
/// # Errors
/// The control set was never migrated, or the connection is lost.
pub async fn status(client: &Client, sets: &Sets) -> Result<Status> {
    let mut platform = Vec::new();
    for (name, steps) in [("control", &sets.control), ("ops", &sets.ops)] {
        let table = format!("{name}.refinery_schema_history");
        let row = client.query_one("select to_regclass($1) is not null", &[&table]).await?;
        let version = if row.get(0) {
            client.query_one(&format!("select coalesce(max(version), 0) from {table}"), &[]).await?.get(0)
        } else {
            0
        };
        platform.push(SetStatus { name, version, newest: steps.last().map_or(0, Step::version) });
    }
    let rows = client
        .query(
            "select t.schema_version, t.state, coalesce(s.state, 'pending'), count(*)
             from control.tenants t left join control.tenant_schemas s on s.tenant_id = t.id
             where t.state not in ('warming', 'deleted') group by 1, 2, 3 order by 1, 2, 3",
            &[],
        )
        .await?;
    let versions: Vec<Group> = rows
        .iter()
        .map(|row| Group { version: row.get(0), lifecycle: row.get(1), state: row.get(2), tenants: row.get(3) })
        .collect();
    let row = client
        .query_one(
            "select count(*) filter (where state = 'ready'), count(*) filter (where state = 'warming') from control.tenants",
            &[],
        )
        .await?;
    let rows = client
        .query(
            "select t.id, t.schema_name, s.version, s.attempts, coalesce(s.error, '')
             from control.tenant_schemas s join control.tenants t on t.id = s.tenant_id
             where s.state = 'failed' order by t.id",
            &[],
        )
        .await?;
    let failed = rows
        .iter()
        .map(|failed| FailedTenant {
            tenant: failed.get(0),
            schema: failed.get(1),
            version: failed.get(2),
            attempts: failed.get(3),
            error: failed.get(4),
        })
        .collect();
    Ok(Status { platform, newest: sets.tenant_version(), versions, ready: row.get(0), warming: row.get(1), failed })
}
