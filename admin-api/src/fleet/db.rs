use super::model::{FleetGroup, SchemaView};
use kernel::{
    ControlTx, Result,
    db::{Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    sql,
};

const LIST: ListSpec = ListSpec {
    select: "select s.tenant_id, t.name, t.state as tenant_state, s.version, s.state, s.error, s.attempts, s.finished_at from control.tenant_schemas s join control.tenants t on t.id = s.tenant_id",
    id: "s.tenant_id",
    always: "",
    fields: &[
        Field { name: "state", sql: "s.state", kind: FieldKind::Text, sort: None },
        Field { name: "version", sql: "s.version", kind: FieldKind::Int, sort: Some("s.version") },
        Field { name: "tenant_state", sql: "t.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "t.created_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    ],
    default_sort: "created_at",
};

pub async fn list(tx: &mut ControlTx, query: &ListQuery) -> Result<Page<SchemaView>> {
    tx.list(&LIST, query, &[]).await
}

pub async fn groups(tx: &mut ControlTx) -> Result<Vec<FleetGroup>> {
    let sql = sql!(
        "select version, state, count(*) as count from control.tenant_schemas group by version, state order by version desc, state"
    );
    tx.rows(sql, &[]).await
}
