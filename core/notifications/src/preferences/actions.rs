//! Choosing what one is told.
use super::{
    db,
    model::{Changed, Channel, Preference, check, matrix},
};
use crate::{notifications::actions::person, push_subscriptions::db as push};
use kernel::{App, ControlTx, Cx, Result, Tx, auth::SignedIn, events::NewEvent, ids::TenantId};
use serde_json::json;
use uuid::Uuid;

/// Modules that tell people things; this one only carries it.
fn modules(app: &App) -> Vec<&'static str> {
    app.modules.iter().map(|m| m.name).filter(|name| *name != "notifications").collect()
}

/// Every module with every channel, as a person has it. Devices belong to the person, so what reaches them is kept with
/// him and not with the account.
pub(crate) async fn get(cx: &Cx<SignedIn>) -> Result<Vec<Preference>> {
    let (user, tenant) = (person(&cx.principal)?, cx.tenant.id);
    let mut changed: Vec<Changed> = cx.read(async |tx| db::of_user(tx, user).await).await?;
    changed.extend(cx.control(async |tx| push::preferences(tx, &[user], tenant).await).await?);
    Ok(matrix(&modules(&cx.app), &changed))
}

/// Changes some of them.
pub(crate) async fn put(tx: &mut Tx, user: Uuid, changes: &[Preference]) -> Result<()> {
    check(changes, &modules(tx.app()))?;
    for change in changes.iter().filter(|change| change.channel != Channel::Push) {
        db::put(tx, user, change).await?;
    }
    if changes.is_empty() {
        return Ok(());
    }
    let mut fields: Vec<_> = changes.iter().map(|c| format!("{}/{}", c.module, c.channel.as_str())).collect();
    fields.dedup();
    let event = NewEvent::new("preferences.updated", "preferences", user, "Notification preferences changed");
    tx.record(event.payload(&json!({"fields": fields}))).await.map(drop)
}

/// The same for what reaches devices.
pub(crate) async fn put_push(tx: &mut ControlTx, whose: (Uuid, TenantId), changes: &[Preference]) -> Result<()> {
    let now = tx.now();
    for change in changes.iter().filter(|change| change.channel == Channel::Push) {
        push::prefer(tx, whose, &change.module, change.enabled, now).await?;
    }
    Ok(())
}
