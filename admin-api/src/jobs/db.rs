use super::model::{JobView, Queue};
use chrono::{DateTime, Utc};
use kernel::{
    ControlTx, Result,
    db::{Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    ids::JobId,
    sql,
};

const LIST: ListSpec = ListSpec {
    select: "select j.id, j.tenant, t.id as tenant_id, t.name as tenant_name, j.kind, j.state, j.attempts, j.max_attempts, j.run_at, j.last_error, j.created_at, j.finished_at from ops.jobs j left join control.tenants t on t.role_name = j.tenant",
    id: "j.id",
    always: "",
    fields: &[
        Field { name: "state", sql: "j.state", kind: FieldKind::Text, sort: None },
        Field { name: "kind", sql: "j.kind", kind: FieldKind::Text, sort: None },
        Field { name: "tenant", sql: "j.tenant", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "j.created_at", kind: FieldKind::Time, sort: Some("j.created_at") },
    ],
    default_sort: "-created_at",
};

pub async fn list(tx: &mut ControlTx, query: &ListQuery) -> Result<Page<JobView>> {
    tx.list(&LIST, query, &[]).await
}

pub async fn queues(tx: &mut ControlTx, now: DateTime<Utc>) -> Result<Vec<Queue>> {
    let sql = sql!(
        "select kind, count(*) filter (where state = 'queued') as queued, count(*) filter (where state = 'running') as running,
           count(*) filter (where state = 'dead') as dead, min(run_at) filter (where state = 'queued' and run_at <= $1) as oldest_due_at
         from ops.jobs group by kind order by kind"
    );
    tx.rows(sql, &[&now]).await
}

/// Only a dead letter is tried again; a job at work is left alone.
pub async fn retry(tx: &mut ControlTx, id: JobId, now: DateTime<Utc>) -> Result<JobView> {
    let sql = sql!(
        "update ops.jobs j set state = 'queued', attempts = 0, run_at = $2, finished_at = null where id = $1 and state = 'dead'
         returning j.id, j.tenant, (select t.id from control.tenants t where t.role_name = j.tenant) as tenant_id,
           (select t.name from control.tenants t where t.role_name = j.tenant) as tenant_name, j.kind, j.state, j.attempts,
           j.max_attempts, j.run_at, j.last_error, j.created_at, j.finished_at"
    );
    tx.row(sql, &[&id, &now]).await
}

pub async fn discard(tx: &mut ControlTx, id: JobId) -> Result<String> {
    tx.value(sql!("delete from ops.jobs where id = $1 and state in ('dead', 'queued') returning kind"), &[&id]).await
}
