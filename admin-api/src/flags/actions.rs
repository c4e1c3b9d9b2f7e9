use super::{
    db,
    model::{Flag, FlagBody},
};
use kernel::{ControlTx, Result, events::NewEvent, http::check_if_match};
use uuid::Uuid;

/// Makes a flag, or changes the one of this key. A flag that is not there yet has version 0: whoever means to make a new one says
/// so with it, and does not overwrite somebody else's.
pub async fn put(tx: &mut ControlTx, key: &str, if_match: Option<&str>, body: &FlagBody) -> Result<Flag> {
    let flag = match db::insert(tx, key, body).await? {
        Some(made) => {
            check_if_match(if_match, 0)?;
            made
        }
        None => {
            check_if_match(if_match, db::version(tx, key).await?)?;
            db::update(tx, key, body).await?
        }
    };
    let payload = serde_json::json!({"flag": flag.key, "enabled": flag.enabled, "percent": flag.percent});
    let event = NewEvent::new("flag.changed", "flags", Uuid::nil(), format!("Flag {} changed", flag.key));
    tx.record(None, event.payload(&payload)).await?;
    Ok(flag)
}
