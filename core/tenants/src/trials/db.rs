//! Statements on trials.
use super::model::{Ending, LATE};
use chrono::TimeDelta;
use kernel::{ControlTx, Result, ids::TenantId, sql};

/// Gives an account days of its own; null for those of its plan. Its owners are told anew.
pub(crate) async fn set(tx: &mut ControlTx, id: TenantId, days: Option<i32>) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "update control.tenants set trial_days = $2, trial_told = null, version = version + 1, updated_at = $3 where id = $1"
        ),
        &[&id, &days, &now],
    )
    .await
}

/// Accounts at work whose trial ends within eight days, or ended lately.
pub(crate) async fn ending(tx: &mut ControlTx) -> Result<Vec<Ending>> {
    let (from, to) = (tx.now() - LATE, tx.now() + TimeDelta::days(8));
    tx.rows(
        sql!(
            "select t.id, e.ends_at, (e.ends_at at time zone t.zone)::date as day, t.trial_told as told from control.tenants t
             cross join lateral (values (control.trial_end(t.activated_at, t.trial_days, t.plan_id))) as e (ends_at)
             where t.kind is not null and t.state in ('active', 'read_only') and (t.trial_days > 0 or t.plan_id is not null)
               and e.ends_at between $1 and $2 order by e.ends_at, t.id"
        ),
        &[&from, &to],
    )
    .await
}

/// One account's trial.
pub(crate) async fn get(tx: &mut ControlTx, id: TenantId) -> Result<Ending> {
    tx.row(
        sql!(
            "select t.id, e.ends_at, (e.ends_at at time zone t.zone)::date as day, t.trial_told as told from control.tenants t
             cross join lateral (values (control.trial_end(t.activated_at, t.trial_days, t.plan_id))) as e (ends_at)
             where t.id = $1"
        ),
        &[&id],
    )
    .await
}

/// Notes what the owners were told.
pub(crate) async fn set_told(tx: &mut ControlTx, id: TenantId, days: i32) -> Result<()> {
    tx.exec_one(sql!("update control.tenants set trial_told = $2 where id = $1"), &[&id, &days]).await
}
