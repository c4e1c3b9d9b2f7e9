//! Proving and changing a password.
use super::model::{Hasher, check_password};
use crate::{
    events,
    notices::actions::security,
    sessions::{self, model::Because},
    users::{self, model::User},
};
use kernel::{
    ControlTx, Cx, Error, Result,
    auth::Permission,
    events::NewEvent,
    ids::{TenantId, UserId},
};
use serde_json::json;
use uuid::Uuid;

/// Asks a signed-in person for his password again, before something that a thief of his session must not do.
pub(crate) async fn prove<P: Permission>(cx: &Cx<P>, user: UserId, password: &str) -> Result<User> {
    let per = cx.app.config.limits.auth_per_15_minutes;
    cx.request.limit_slow(&cx.app, &format!("prove/{user}"), per)?;
    let user = cx.control(async |tx| users::db::by_id(tx, user).await).await?;
    if !Hasher::of(&cx.app).verify(password, Some(&user.password_hash)).await? {
        return Err(Error::forbidden("password_wrong", "The current password is another one."));
    }
    Ok(user)
}

/// The hash of a new password, if it may be one.
pub(crate) async fn prepare(app: &kernel::App, field: &str, password: &str, of: &User) -> Result<String> {
    if let Some(problem) = check_password(field, password, &[&of.email, &of.name]) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    Hasher::of(app).hash(password).await
}

/// Sets a new password: other sessions end, and the person is told by mail. `by` is `user` or `reset`.
pub(crate) async fn change(
    tx: &mut ControlTx,
    user: UserId,
    (tenant, session): (Option<TenantId>, Option<Uuid>),
    hash: &str,
    by: &'static str,
) -> Result<()> {
    let now = tx.now();
    users::db::set_password(tx, user, hash, now).await?;
    sessions::actions::end_all(tx, user, tenant, session, Because::Password).await?;
    let event = NewEvent::new(events::USER_PASSWORD_CHANGED, "users", user.0, "Password changed");
    tx.record(tenant, event.payload(&json!({"by": by}))).await?;
    let reader = users::db::by_id(tx, user).await?.reader(tenant);
    security(tx, now, &reader, ("password", None), None).await
}
