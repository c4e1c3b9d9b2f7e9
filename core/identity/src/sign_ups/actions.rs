//! Signing up and proving the address.
use super::{
    db::{self, SignUp},
    jobs::SendSignUpMail,
};
use crate::{
    notices::actions::{Reader, already_registered, verify_email},
    passwords::model::{Hasher, check_password},
    users::{
        self,
        model::{check_email, check_name, normal_email},
    },
};
use chrono::TimeDelta;
use kernel::{
    Anonymous, ControlTx, Error, Result,
    crypto::{new_secret, sha256},
    ids::{TenantId, UserId, new_uuid},
    jobs::Enqueue,
};
use uuid::Uuid;

/// How long the link works, in hours.
const HOURS: i64 = 24;

/// Keeps a sign-up and sends a link to its address. Known and unknown addresses get the same answer.
pub(crate) async fn sign_up(cx: &Anonymous, agency: &str, name: &str, email: &str, password: &str) -> Result<()> {
    let email = normal_email(email);
    let problems = [
        check_name("/agency", agency),
        check_name("/name", name),
        check_email("/email", &email),
        check_password("/password", password, &[&email, name]),
    ];
    let problems: Vec<_> = problems.into_iter().flatten().collect();
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    cx.limit_attempts(&format!("sign-up/{email}"))?;
    if !cx.control(async |tx| tenants::tenants::sign_up_open(tx).await).await? {
        return Err(Error::forbidden("sign_up_closed", "New agencies are opened by the platform. Ask its support."));
    }
    let password_hash = Hasher::of(&cx.app).hash(password).await?;
    let new = SignUp { email, name: name.trim().into(), agency: agency.trim().into(), password_hash };
    cx.control(async |tx| {
        let now = tx.now();
        let id = new_uuid(now);
        db::insert(tx, id, &new, now, now + TimeDelta::hours(HOURS)).await?;
        tx.enqueue(&SendSignUpMail { sign_up: id }, Enqueue::default()).await.map(drop)
    })
    .await
}

/// Queues the mail of a sign-up.
pub(crate) async fn send(tx: &mut ControlTx, sign_up: Uuid) -> Result<()> {
    let now = tx.now();
    let Some(waiting) = db::waiting(tx, sign_up, now).await? else { return Ok(()) };
    if let Some(user) = users::db::by_email(tx, &waiting.email).await? {
        return already_registered(tx, &user.reader(None)).await;
    }
    let (token, hash) = new_secret("upv");
    db::set_token(tx, sign_up, &hash).await?;
    let reader = Reader { email: waiting.email, name: waiting.name, locale: "en".into(), brand: None };
    verify_email(tx, &reader, &token, HOURS).await
}

/// Proves the address: from now on the agency and its owner exist.
pub(crate) async fn verify(cx: &Anonymous, token: &str) -> Result<(TenantId, UserId)> {
    cx.limit_attempts("sign-up-verification")?;
    let hash = sha256(token.as_bytes());
    cx.control(async |tx| {
        let now = tx.now();
        let invalid = || {
            Error::invalid("/token", "token_invalid", "This link was used or is too old. Sign up again, or sign in.")
        };
        let new = db::spend(tx, &hash, now).await?.ok_or_else(invalid)?;
        users::actions::found_agency(tx, &new.agency, &new.name, &new.email, &new.password_hash).await
    })
    .await
}
