//! Choosing what one is told.
use super::{
    db,
    model::{Preference, check, matrix},
};
use kernel::{Result, Tx, events::NewEvent};
use serde_json::json;
use uuid::Uuid;

/// Modules that tell people things; this one only carries it.
fn modules(tx: &Tx) -> Vec<&'static str> {
    tx.app().modules.iter().map(|m| m.name).filter(|name| *name != "notifications").collect()
}

/// Every module with every channel, as a person has it.
pub(crate) async fn get(tx: &mut Tx, user: Uuid) -> Result<Vec<Preference>> {
    let changed = db::of_user(tx, user).await?;
    Ok(matrix(&modules(tx), &changed))
}

/// Changes some of them.
pub(crate) async fn put(tx: &mut Tx, user: Uuid, changes: &[Preference]) -> Result<Vec<Preference>> {
    check(changes, &modules(tx))?;
    for change in changes {
        db::put(tx, user, change).await?;
    }
    if !changes.is_empty() {
        let mut fields: Vec<_> = changes.iter().map(|c| format!("{}/{}", c.module, c.channel.as_str())).collect();
        fields.dedup();
        let event = NewEvent::new("preferences.updated", "preferences", user, "Notification preferences changed");
        tx.record(event.payload(&json!({"fields": fields}))).await?;
    }
    get(tx, user).await
}
