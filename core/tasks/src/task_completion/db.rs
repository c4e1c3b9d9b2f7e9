//! The statement behind figures of completion.
use super::model::Row;
use chrono::{DateTime, Utc};
use contacts::Owners;
use kernel::{Result, Tx, db::Sql, sql};

/// What became of tasks that were due from one moment until before another, by who does them: those that the list shows.
pub(super) async fn figures(
    tx: &mut Tx,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    owners: &Owners,
) -> Result<Vec<Row>> {
    const FIGURES: Sql = sql!(
        "select t.assignee_id as member,
           count(*) filter (where t.status = 'done' and t.closed_at <= t.due_at) as in_time,
           count(*) filter (where t.status = 'done' and t.closed_at > t.due_at) as late,
           count(*) filter (where t.status = 'skipped' and t.closed_by is not null) as skipped,
           count(*) filter (where t.status = 'open' and t.due_at < $3) as overdue,
           count(*) filter (where t.status = 'skipped' and t.closed_by is null) as withdrawn
         from tasks t where t.due_at >= $1 and t.due_at < $2 and t.due_at is not null and t.deleted_at is null
           and ($4::uuid[] is null or t.assignee_id = any($4) or (t.collaborators <> '{}' and t.collaborators && $4))
         group by t.assignee_id order by count(*) desc, t.assignee_id"
    );
    let now = tx.now();
    tx.rows(FIGURES, &[&from, &until, &now, owners]).await
}
