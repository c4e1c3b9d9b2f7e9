use super::model::Setting;
use kernel::{ControlTx, Error, Result, sql};
use serde_json::Value;

pub async fn list(tx: &mut ControlTx) -> Result<Vec<Setting>> {
    tx.rows(sql!("select key, value, description, updated_at from control.system_settings order by key"), &[]).await
}

pub async fn lock(tx: &mut ControlTx, key: &str) -> Result<Setting> {
    tx.row(
        sql!("select key, value, description, updated_at from control.system_settings where key = $1 for update"),
        &[&key],
    )
    .await
}

/// Refuses a key that no plan on offer has.
pub async fn check_plan(tx: &mut ControlTx, key: &str) -> Result<()> {
    match tx.value_opt::<i32>(sql!("select 1 from control.plans where key = $1 and active"), &[&key]).await? {
        Some(_) => Ok(()),
        None => Err(Error::invalid("/value", "plan_unknown", "No plan on offer has this key.")),
    }
}

pub async fn update(tx: &mut ControlTx, key: &str, value: &Value) -> Result<Setting> {
    let sql = sql!(
        "update control.system_settings set value = $2, updated_at = $3, version = version + 1 where key = $1
         returning key, value, description, updated_at"
    );
    let now = tx.now();
    tx.row(sql, &[&key, value, &now]).await
}
