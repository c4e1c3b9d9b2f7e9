//! Asking for a new password and choosing it.
use super::{db, jobs::SendPasswordReset};
use crate::{
    notices::actions::reset_password,
    passwords, sessions,
    users::{self, model::normal_email},
};
use chrono::TimeDelta;
use kernel::{
    Anonymous, ControlTx, Error, Result,
    crypto::{new_secret, sha256},
    ids::{TenantId, UserId, new_uuid},
    jobs::Enqueue,
    tenancy::memory::Change,
};
use tenants::domains;

/// How long a link works, in minutes.
const MINUTES: i64 = 30;

/// Sends a link to the address if it has an account; the answer is the same either way.
pub(crate) async fn ask(cx: &Anonymous, email: &str) -> Result<()> {
    let email = normal_email(email);
    cx.limit_attempts(&format!("reset/{email}"))?;
    let here = domains::place(&cx.app, &cx.request.host).await?;
    cx.control(async |tx| {
        let user = users::db::by_email(tx, &email).await?.filter(|u| u.state == "active").map(|u| u.id);
        let domain = here.own().map(|front| front.tenant);
        tx.enqueue(&SendPasswordReset { user, domain }, Enqueue::default()).await.map(drop)
    })
    .await
}

/// Makes the link and queues the mail with it, in one transaction. It comes in the name of the tenant at whose domain somebody
/// asked, if the person works there.
pub(crate) async fn send(tx: &mut ControlTx, user: UserId, domain: Option<TenantId>) -> Result<()> {
    let now = tx.now();
    let places = sessions::db::places(tx, user).await?;
    let brand = domain.filter(|own| places.iter().any(|p| p.tenant_id == *own || p.parent_id == Some(*own)));
    let reader = users::db::by_id(tx, user).await?.reader(brand);
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
