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
    select: "select id, tenant, kind, state, attempts, max_attempts, run_at, last_error, created_at, finished_at from ops.jobs",
    id: "id",
    always: "",
    fields: &[
        Field { name: "state", sql: "state", kind: FieldKind::Text, sort: None },
        Field { name: "kind", sql: "kind", kind: FieldKind::Text, sort: None },
        Field { name: "tenant", sql: "tenant", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "created_at", kind: FieldKind::Time, sort: Some("created_at") },
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
        "update ops.jobs set state = 'queued', attempts = 0, run_at = $2, finished_at = null where id = $1 and state = 'dead'
         returning id, tenant, kind, state, attempts, max_attempts, run_at, last_error, created_at, finished_at"
    );
    tx.row(sql, &[&id, &now]).await
}

pub async fn discard(tx: &mut ControlTx, id: JobId) -> Result<String> {
    tx.value(sql!("delete from ops.jobs where id = $1 and state in ('dead', 'queued') returning kind"), &[&id]).await
}
