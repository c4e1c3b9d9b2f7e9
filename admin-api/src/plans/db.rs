use super::model::{PlanBody, PlanView};
use kernel::{ControlTx, Error, OnConstraint, Result, sql};
use serde_json::json;
use tenants::plans::PlanId;

pub async fn list(tx: &mut ControlTx) -> Result<Vec<PlanView>> {
    let sql = sql!(
        "select p.id, p.key, p.name, p.description, p.level, p.limits, p.modules, p.price_minor, p.currency, p.trial_days, p.active,
           p.version, (select count(*) from control.tenants t where t.plan_id = p.id and t.state not in ('deleting', 'deleted')) as accounts
         from control.plans p order by p.level, p.price_minor, p.id"
    );
    tx.rows(sql, &[]).await
}

pub async fn insert(tx: &mut ControlTx, id: PlanId, plan: &PlanBody) -> Result<PlanView> {
    let sql = sql!(
        "insert into control.plans as p (id, key, name, description, level, limits, modules, price_minor, currency, trial_days, active, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
         returning p.id, p.key, p.name, p.description, p.level, p.limits, p.modules, p.price_minor, p.currency, p.trial_days, p.active,
           p.version, (select count(*) from control.tenants t where t.plan_id = p.id and t.state not in ('deleting', 'deleted')) as accounts"
    );
    let (now, limits, modules) = (tx.now(), json!(plan.limits), plan.modules.as_ref().map(|m| json!(m)));
    let params: &[&(dyn tokio_postgres::types::ToSql + Sync)] = &[
        &id,
        &plan.key,
        &plan.name,
        &plan.description,
        &plan.level,
        &limits,
        &modules,
        &plan.price_minor,
        &plan.currency,
        &plan.trial_days,
        &plan.active,
        &now,
    ];
    tx.row(sql, params).await.on_constraint("plans_key_key", taken)
}

pub async fn version(tx: &mut ControlTx, id: PlanId) -> Result<i64> {
    tx.value(sql!("select version from control.plans where id = $1 for update"), &[&id]).await
}

pub async fn update(tx: &mut ControlTx, id: PlanId, plan: &PlanBody) -> Result<PlanView> {
    let sql = sql!(
        "update control.plans p set key = $2, name = $3, description = $4, level = $5, limits = $6, modules = $7, price_minor = $8,
           currency = $9, trial_days = $10, active = $11, updated_at = $12, version = version + 1 where id = $1
         returning p.id, p.key, p.name, p.description, p.level, p.limits, p.modules, p.price_minor, p.currency, p.trial_days, p.active,
           p.version, (select count(*) from control.tenants t where t.plan_id = p.id and t.state not in ('deleting', 'deleted')) as accounts"
    );
    let (now, limits, modules) = (tx.now(), json!(plan.limits), plan.modules.as_ref().map(|m| json!(m)));
    let params: &[&(dyn tokio_postgres::types::ToSql + Sync)] = &[
        &id,
        &plan.key,
        &plan.name,
        &plan.description,
        &plan.level,
        &limits,
        &modules,
        &plan.price_minor,
        &plan.currency,
        &plan.trial_days,
        &plan.active,
        &now,
    ];
    tx.row(sql, params).await.on_constraint("plans_key_key", taken)
}

fn taken() -> Error {
    Error::conflict("plan_key_taken", "Another plan has this key.")
}
