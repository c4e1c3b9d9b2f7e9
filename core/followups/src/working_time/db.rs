//! Every statement on working time.
use super::model::{NewWorkingTime, Spans, WorkingTime, WorkingTimeRow};
use kernel::{Result, Tx, db::Sql, sql};

/// When the tenant works.
pub(super) async fn find(tx: &mut Tx) -> Result<WorkingTime> {
    let row = row(tx).await?;
    Ok(WorkingTime::of(row, &tx.tenant().zone))
}

async fn row(tx: &mut Tx) -> Result<WorkingTimeRow> {
    const FIND: Sql = sql!("select w.zone, w.spans, w.updated_at, w.version from working_time w where w.key = 1");
    tx.row(FIND, &[]).await
}

/// The same, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx) -> Result<WorkingTime> {
    const LOCK: Sql = sql!("select w.version from working_time w where w.key = 1 for update");
    tx.value::<i64>(LOCK, &[]).await?;
    find(tx).await
}

/// Writes the locked row.
pub(super) async fn update(tx: &mut Tx, new: NewWorkingTime) -> Result<()> {
    const UPDATE: Sql =
        sql!("update working_time set zone = $1, spans = $2, updated_at = $3, version = version + 1 where key = 1");
    let now = tx.now();
    tx.exec_one(UPDATE, &[&new.zone, &Spans(new.spans), &now]).await
}
