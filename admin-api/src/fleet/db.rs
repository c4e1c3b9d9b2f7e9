use super::model::{FleetGroup, SchemaDot, SchemaView};
use kernel::{
    ControlTx, Result,
    db::{Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    sql,
};

const LIST: ListSpec = ListSpec {
    select: "select s.tenant_id, t.name, t.kind, t.schema_name, t.state as tenant_state, t.created_at, s.version, s.state, s.error, s.attempts, s.finished_at from control.tenant_schemas s join control.tenants t on t.id = s.tenant_id",
    id: "s.tenant_id",
    always: "",
    fields: &[
        Field { name: "state", sql: "s.state", kind: FieldKind::Text, sort: None },
        Field { name: "version", sql: "s.version", kind: FieldKind::Int, sort: Some("s.version") },
        Field { name: "tenant_state", sql: "t.state", kind: FieldKind::Text, sort: None },
        Field { name: "kind", sql: "t.kind", kind: FieldKind::Text, sort: None },
        Field { name: "name", sql: "t.name", kind: FieldKind::Text, sort: Some("lower(t.name)") },
        Field { name: "schema_name", sql: "t.schema_name", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "t.created_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    ],
    default_sort: "created_at",
};

pub async fn list(tx: &mut ControlTx, query: &ListQuery) -> Result<Page<SchemaView>> {
    tx.list(&LIST, query, &[]).await
}

/// Most dots of the map: beyond that nobody tells them apart.
const MOST: i64 = 10_000;

/// Every schema, oldest first, with just what a drawing needs.
pub async fn map(tx: &mut ControlTx) -> Result<Vec<SchemaDot>> {
    let sql = sql!(
        "select s.tenant_id, t.name, t.kind, t.cell, s.state, s.error from control.tenant_schemas s
         join control.tenants t on t.id = s.tenant_id where t.state <> 'deleted' order by t.created_at, t.id limit $1"
    );
    tx.rows(sql, &[&MOST]).await
}

pub async fn groups(tx: &mut ControlTx) -> Result<Vec<FleetGroup>> {
    let sql = sql!(
        "select version, state, count(*) as count from control.tenant_schemas group by version, state order by version desc, state"
    );
    tx.rows(sql, &[]).await
}
