use super::{
    db,
    model::{Setting, SettingKind, check_type},
};
use kernel::{ControlTx, Result, events::NewEvent};
use serde_json::Value;
use uuid::Uuid;

/// Changes a setting to what it may be.
pub async fn change(tx: &mut ControlTx, key: &str, value: &Value) -> Result<Setting> {
    let before = db::lock(tx, key).await?.value;
    let kind = SettingKind::of(key, &before);
    check_type(kind, &before, value)?;
    if let (SettingKind::Plan, Some(plan)) = (kind, value.as_str()) {
        db::check_plan(tx, plan).await?;
    }
    let setting = db::update(tx, key, value).await?;
    let event = NewEvent::new("setting.changed", "settings", Uuid::nil(), format!("Setting {} changed", setting.key));
    tx.record(None, event).await?;
    Ok(setting)
}
