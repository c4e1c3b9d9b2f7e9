use super::model::Setting;
use kernel::{ControlTx, Result, sql};
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

pub async fn update(tx: &mut ControlTx, key: &str, value: &Value) -> Result<Setting> {
    let sql = sql!(
        "update control.system_settings set value = $2, updated_at = $3, version = version + 1 where key = $1
         returning key, value, description, updated_at"
    );
    let now = tx.now();
    tx.row(sql, &[&key, value, &now]).await
}
