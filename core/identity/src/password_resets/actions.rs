//! Asking for a new password and choosing it.
use super::{db, jobs::SendPasswordReset};
use crate::{
    notices::actions::reset_password,
    passwords,
    users::{self, model::normal_email},
};
use chrono::TimeDelta;
use kernel::{
    Anonymous, ControlTx, Error, Result,
    crypto::{new_secret, sha256},
    ids::{UserId, new_uuid},
    jobs::Enqueue,
    tenancy::memory::Change,
};

/// How long a link works, in minutes.
const MINUTES: i64 = 30;

/// Sends a link to the address if it has an account; the answer is the same either way.
pub(crate) async fn ask(cx: &Anonymous, email: &str) -> Result<()> {
    let email = normal_email(email);
    cx.limit_attempts(&format!("reset/{email}"))?;
    cx.control(async |tx| {
        let user = users::db::by_email(tx, &email).await?.filter(|u| u.state == "active").map(|u| u.id);
        tx.enqueue(&SendPasswordReset { user }, Enqueue::default()).await.map(drop)
    })
    .await
}

/// Makes the link and queues the mail with it, in one transaction.
pub(crate) async fn send(tx: &mut ControlTx, user: UserId) -> Result<()> {
    let now = tx.now();
    let reader = users::db::by_id(tx, user).await?.reader(None);
    let (token, hash) = new_secret("upp");
    db::insert(tx, (new_uuid(now), user, &hash), now, now + TimeDelta::minutes(MINUTES)).await?;
    reset_password(tx, &reader, &token, MINUTES).await
}

/// Chooses a new password with a link; every session ends.
pub(crate) async fn confirm(cx: &Anonymous, token: &str, password: &str) -> Result<()> {
    cx.limit_attempts("reset-confirmation")?;
    let (hash, now) = (sha256(token.as_bytes()), cx.app.clock.now());
    let user = cx.control(async |tx| match db::owner(tx, &hash, now).await? {
        Some(user) => users::db::by_id(tx, user).await,
        None => Err(invalid()),
    });
    let user = user.await?;
    let new = passwords::actions::prepare(&cx.app, "/password", password, &user).await?;
    cx.control(async |tx| {
        if !db::spend(tx, &hash, now).await? {
            return Err(invalid());
        }
        passwords::actions::change(tx, user.id, (None, None), &new, "reset").await
    })
    .await?;
    cx.app.changes.forget(Change::User(user.id.0));
    Ok(())
}

fn invalid() -> Error {
    Error::invalid("/token", "token_invalid", "This link was used, replaced or is too old. Ask for a new one.")
}
