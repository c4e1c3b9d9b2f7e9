//! Choosing what one is told.
use super::{
    db,
    model::{Preference, PreferenceChange, check, matrix},
};
use crate::{notifications::actions::person, push_subscriptions::db as push};
use kernel::{ControlTx, Cx, Result, Tx, auth::SignedIn, events::NewEvent, ids::TenantId, notices::Channel};
use serde_json::json;
use uuid::Uuid;

/// Every kind with every channel, as a person has it. Devices belong to the person, so what reaches them is kept with
/// him and not with the account.
pub(crate) async fn get(cx: &Cx<SignedIn>) -> Result<Vec<Preference>> {
    let (user, tenant) = (person(&cx.principal)?, cx.tenant.id);
    let mut choices = cx.read(async |tx| db::of_user(tx, user).await).await?;
    choices.extend(cx.control(async |tx| push::choices(tx, &[user], tenant).await).await?);
    Ok(matrix(&cx.app.notices().collect::<Vec<_>>(), &choices, user))
}

/// Changes some of them.
pub(crate) async fn put(tx: &mut Tx, user: Uuid, changes: &[PreferenceChange]) -> Result<()> {
    let kinds = check(changes, &tx.app().notices().collect::<Vec<_>>())?;
    for (change, kind) in changes.iter().zip(kinds).filter(|(change, _)| change.channel != Channel::Push) {
        db::put(tx, user, kind, change).await?;
    }
    if changes.is_empty() {
        return Ok(());
    }
    let mut fields: Vec<_> = changes.iter().map(|c| format!("{}/{}", c.kind, c.channel.as_str())).collect();
    fields.dedup();
    let event = NewEvent::new("preferences.updated", "preferences", user, "Notification preferences changed");
    tx.record(event.payload(&json!({"fields": fields}))).await.map(drop)
}

/// The same for what reaches devices.
pub(crate) async fn put_push(tx: &mut ControlTx, whose: (Uuid, TenantId), changes: &[PreferenceChange]) -> Result<()> {
    let (kinds, now) = (check(changes, &tx.app().notices().collect::<Vec<_>>())?, tx.now());
    for (change, kind) in changes.iter().zip(kinds).filter(|(change, _)| change.channel == Channel::Push) {
        push::choose(tx, whose, kind, change.enabled, now).await?;
    }
    Ok(())
}
