//! Signing up and proving the address.
use super::{
    api::NewSignUp,
    db::{self, SignUp},
    jobs::SendSignUpMail,
};
use crate::{
    notices::actions::{Reader, already_registered, verify_email},
    passwords::model::{Hasher, check_password},
    users::{
        self,
        model::{NewUser, check_email, check_locale, check_name, locale_of, normal_email},
    },
};
use chrono::TimeDelta;
use kernel::{
    Anonymous, ControlTx, Error, Result,
    crypto::{new_secret, sha256},
    ids::{TenantId, UserId, new_uuid},
    jobs::Enqueue,
};
use tenants::domains;
use uuid::Uuid;

/// How long the link works, in hours.
const HOURS: i64 = 24;

/// Keeps a sign-up and sends a link to its address. Known and unknown addresses get the same answer. Refuses when the
/// platform takes no new agencies at the moment.
pub(crate) async fn sign_up(cx: &Anonymous, new: NewSignUp, languages: Option<&str>) -> Result<()> {
    let email = normal_email(&new.email);
    let problems = [
        check_name("/agency", &new.agency),
        check_name("/name", &new.name),
        check_email("/email", &email),
        check_password("/password", &new.password, &[&email, &new.name]),
        new.locale.as_deref().and_then(|locale| check_locale("/locale", locale)),
    ];
    let problems: Vec<_> = problems.into_iter().flatten().collect();
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    cx.limit_attempts(&format!("sign-up/{email}"))?;
    if domains::place(&cx.app, &cx.request.host).await?.own().is_some() {
        return Err(Error::forbidden("sign_up_closed", "New agencies do not sign up at this address."));
    }
    if !cx.control(async |tx| tenants::tenants::sign_up_open(tx).await).await? {
        return Err(Error::forbidden("sign_up_closed", "This platform takes no new agencies at the moment."));
    }
    let password_hash = Hasher::of(&cx.app).hash(&new.password).await?;
    let locale = locale_of(new.locale, languages);
    let (name, agency) = (new.name.trim().into(), new.agency.trim().into());
    let new = SignUp { email, name, agency, password_hash, locale };
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
    let reader = Reader { email: waiting.email, name: waiting.name, locale: waiting.locale, brand: None };
    verify_email(tx, &reader, &token, HOURS).await
}

/// Proves the address: from now on the agency and its owner exist. The password is asked for again: whoever reads the
/// mail must also be who signed up, or a stranger could choose the password of an account in somebody else's name.
pub(crate) async fn verify(cx: &Anonymous, token: &str, password: &str) -> Result<(TenantId, UserId)> {
    cx.limit_attempts("sign-up-verification")?;
    let hash = sha256(token.as_bytes());
    let invalid =
        || Error::invalid("/token", "token_invalid", "This link was used or is too old. Sign up again, or sign in.");
    let now = cx.context().now;
    let waiting = cx.control(async |tx| db::by_token(tx, &hash, now).await).await?.ok_or_else(invalid)?;
    if !Hasher::of(&cx.app).verify(password, Some(&waiting.password_hash)).await? {
        let wrong =
            "This is not the password of this sign-up. If somebody else signed up with your address, ignore the mail.";
        return Err(Error::invalid("/password", "password_wrong", wrong));
    }
    cx.control(async |tx| {
        let now = tx.now();
        let new = db::spend(tx, &hash, now).await?.ok_or_else(invalid)?;
        let SignUp { email, name, agency, password_hash, locale } = &new;
        users::actions::found_agency(tx, agency, &NewUser { email, name, password_hash, locale }).await
    })
    .await
}
