//! Statements on preferences.
use super::model::{Changed, Preference};
use kernel::{Result, Tx, sql};
use uuid::Uuid;

/// What these people changed about a module.
pub(crate) async fn of_users(tx: &mut Tx, users: &[Uuid], module: &str) -> Result<Vec<Changed>> {
    tx.rows(
        sql!(
            "select user_id, module, channel, enabled from notification_preferences
             where user_id = any ($1) and module = $2"
        ),
        &[&users, &module],
    )
    .await
}

/// Everything a person changed.
pub(crate) async fn of_user(tx: &mut Tx, user: Uuid) -> Result<Vec<Changed>> {
    tx.rows(sql!("select user_id, module, channel, enabled from notification_preferences where user_id = $1"), &[&user])
        .await
}

/// Sets one preference.
pub(crate) async fn put(tx: &mut Tx, user: Uuid, preference: &Preference) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "insert into notification_preferences (user_id, module, channel, enabled, updated_at) values ($1, $2, $3, $4, $5)
             on conflict on constraint notification_preferences_pkey do update set enabled = $4, updated_at = $5"
        ),
        &[&user, &preference.module, &preference.channel.as_str(), &preference.enabled, &now],
    )
    .await
}
