//! Fingerprints of everything a tenant has: its schema, its rows in the control plane and in the shared tables.
use super::world::{Tenant, World};
use std::collections::BTreeMap;

/// Table → fingerprint of its rows.
pub type Marks = BTreeMap<String, String>;

const TABLES: &str = "select table_schema::text, table_name::text, (array_agg(column_name::text) filter \
    (where column_name in ('tenant_id', 'tenant')))[1] from information_schema.columns join information_schema.tables \
    using (table_schema, table_name) where table_type = 'BASE TABLE' and table_schema in ($1, 'control', 'ops') group by 1, 2";

/// One statement that marks everything a tenant has.
async fn statement(world: &World, tenant: &Tenant) -> String {
    let client = world.base.app.db.superuser().await;
    let rows = client.query(TABLES, &[&tenant.schema]).await.expect("the catalogue");
    let parts = rows.iter().filter_map(|row| {
        let (schema, table, column): (String, String, Option<String>) = (row.get(0), row.get(1), row.get(2));
        let filter = match (schema.as_str(), table.as_str(), column.as_deref()) {
            (own, ..) if own == tenant.schema => "true".to_owned(),
            (_, "tenants", _) => format!("id = '{}'", tenant.id.0),
            (_, _, Some("tenant_id")) => format!("tenant_id = '{}'", tenant.id.0),
            (_, _, Some("tenant")) => format!("tenant = '{}'", tenant.schema),
            _ => return None,
        };
        Some(format!(
            "select '{schema}.{table}', md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from {schema}.{table} x where {filter}"
        ))
    });
    parts.collect::<Vec<_>>().join(" union all ")
}

/// Watches one tenant.
pub struct Watch {
    statement: String,
    client: tokio_postgres::Client,
    last: Marks,
}

impl Watch {
    pub async fn on(world: &World, tenant: &Tenant) -> Self {
        let (statement, client) = (statement(world, tenant).await, world.base.app.db.superuser().await);
        let mut watch = Watch { statement, client, last: Marks::new() };
        watch.changed().await;
        watch
    }

    /// Tables that changed since the last look.
    pub async fn changed(&mut self) -> Vec<String> {
        let rows = self.client.query(&self.statement, &[]).await.expect("fingerprints");
        let now: Marks = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let changed = now.iter().filter(|(table, mark)| self.last.get(*table) != Some(mark));
        let changed = changed.map(|(table, _)| table.clone()).collect();
        self.last = now;
        changed
    }
}
