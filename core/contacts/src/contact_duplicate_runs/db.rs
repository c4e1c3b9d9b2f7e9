//! Every statement on runs.
use super::model::{ContactDuplicateRun, ContactDuplicateRunId, DuplicateRunKind};
use crate::contacts::Owners;
use chrono::{DateTime, Utc};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Runs, the latest first.
pub const LIST: ListSpec = ListSpec {
    select: "select u.id, u.kind, u.state, u.confidence, u.total, u.done, u.found, u.merged, u.skipped, u.created_by, u.created_at, u.finished_at, u.version \
        from contact_duplicate_runs u",
    id: "u.id",
    always: "",
    fields: &[
        Field { name: "kind", sql: "u.kind", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "u.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "u.created_at", kind: FieldKind::Time, sort: Some("u.created_at") },
    ],
    default_sort: "-created_at",
};

/// The run.
pub async fn find(tx: &mut Tx, id: ContactDuplicateRunId) -> Result<ContactDuplicateRun> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let page: Page<ContactDuplicateRun> = tx.list(&LIST, &query, &[Clause("u.id = ?", &id, Type::UUID)]).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// A new run; 409 when one of its kind is at work.
pub async fn insert(
    tx: &mut Tx,
    id: ContactDuplicateRunId,
    kind: DuplicateRunKind,
    confidence: i16,
    owners: &Owners,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contact_duplicate_runs (id, kind, confidence, reach, total, created_by, created_at)
         values ($1, $2, $3, $4, case $2 when 'scan' then (select count(*) from contacts where deleted_at is null)
           else (select count(*) from contact_duplicates where state = 'open' and confidence >= $3) end, $5, $6)"
    );
    let (now, by) = (tx.now(), tx.context().actor.id);
    let running = || Error::conflict("run_running", "Such a run is at work already.");
    let made = tx.exec_one(INSERT, &[&id, &kind.as_str(), &confidence, owners, &by, &now]).await;
    made.on_constraint("contact_duplicate_runs_running_key", running)
}

row! {
    /// A locked run.
    pub struct Run {
        pub kind: DuplicateRunKind,
        pub state: String,
        pub confidence: i16,
        pub reach: Owners,
        pub position: Option<Uuid>,
        pub created_at: DateTime<Utc>,
    }
}

/// A run, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: ContactDuplicateRunId) -> Result<Run> {
    const LOCK: Sql = sql!(
        "select kind, state, confidence, reach, position, created_at from contact_duplicate_runs where id = $1 for update"
    );
    tx.row(LOCK, &[&id]).await
}

/// What a step did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Step {
    pub position: Option<Uuid>,
    pub done: i64,
    pub found: i64,
    pub merged: i64,
    pub skipped: i64,
}

/// Notes a step of a locked run.
pub async fn advance(tx: &mut Tx, id: ContactDuplicateRunId, step: Step) -> Result<()> {
    const ADVANCE: Sql = sql!(
        "update contact_duplicate_runs set position = $2, done = done + $3, found = found + $4, merged = merged + $5, skipped = skipped + $6,
           total = greatest(total, done + $3), version = version + 1 where id = $1"
    );
    tx.exec_one(ADVANCE, &[&id, &step.position, &step.done, &step.found, &step.merged, &step.skipped]).await
}

/// Ends a locked run.
pub async fn finish(tx: &mut Tx, id: ContactDuplicateRunId, state: &str) -> Result<()> {
    const FINISH: Sql =
        sql!("update contact_duplicate_runs set state = $2, finished_at = $3, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(FINISH, &[&id, &state, &now]).await
}
