//! Asking for another address, proving it, and taking it back.
use super::{
    db,
    jobs::SendEmailChange,
    model::{Change, EmailChange, EmailChangeId, EmailProof, HOURS, NewEmailChange, REVERT},
};
use crate::{
    events, invitations,
    notices::actions::{self as notices, Reader},
    passkeys, password_resets,
    passwords::{self, model::Hasher},
    sessions::actions::acting,
    totp,
    users::{
        self,
        model::{User, check_email, normal_email},
    },
};
use chrono::TimeDelta;
use kernel::{
    Anonymous, ControlTx, Cx, Error, Result,
    auth::Permission,
    crypto::{new_secret, sha256},
    events::NewEvent,
    ids::{TenantId, UserId},
    jobs::Enqueue,
    tenancy::memory::Change as Changed,
};

fn password_missing() -> Error {
    Error::invalid("/password", "required", "Send the password, or prove a passkey.")
}

/// Asks for what signing in takes: whoever owns the address owns the account. Gives the code that is yet to be spent, of a person
/// with a second factor.
pub(crate) async fn prove<'a, P: Permission>(
    cx: &Cx<P>,
    user: UserId,
    wish: &'a NewEmailChange,
) -> Result<Option<&'a str>> {
    if let Some(answer) = &wish.passkey {
        passkeys::actions::prove_as(&cx.app, &cx.request, cx.context(), (user, answer)).await?;
        return Ok(None);
    }
    let password = wish.password.as_deref().ok_or_else(password_missing)?;
    if !passwords::actions::prove(cx, user, password).await?.second_factor {
        return Ok(None);
    }
    let code = wish.code.as_deref().map(str::trim).filter(|code| !code.is_empty()).ok_or_else(|| {
        Error::forbidden(
            "second_factor_required",
            "Send a code from the app or a recovery code too, or prove a passkey.",
        )
    })?;
    // Counted with the codes of sign-ins: six digits must not be guessed in two places.
    let per = cx.app.config.limits.auth_per_15_minutes;
    cx.request.limit_slow(&cx.app, &format!("second-factor/{user}"), per)?;
    Ok(Some(code))
}

/// Keeps the wish for another address and sends the mails; the caller has proven who he is, up to the code that is spent with it.
/// Addresses that have an account and those that have none get the same answer. What was wished before is over.
pub(crate) async fn ask(
    tx: &mut ControlTx,
    (user, home): (UserId, TenantId),
    email: &str,
    code: Option<&str>,
) -> Result<EmailChange> {
    let email = normal_email(email);
    if let Some(problem) = check_email("/email", &email) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    users::db::lock(tx, user).await?;
    let old_email = users::db::by_id(tx, user).await?.email;
    if email == old_email {
        return Err(Error::invalid("/email", "email_same", "This is your address already."));
    }
    if let Some(code) = code
        && !totp::actions::spend_code(tx, user, code).await?
    {
        return Err(Error::forbidden("code_wrong", "The code does not fit, or it was used before."));
    }
    db::cancel(tx, user).await?;
    let now = tx.now();
    let (id, revert_until) = (EmailChangeId::new(now), now + REVERT);
    let change =
        Change { id, user_id: user, tenant_id: home, old_email, new_email: email, created_at: now, revert_until };
    db::insert(tx, &change, now + TimeDelta::hours(HOURS)).await?;
    tx.enqueue(&SendEmailChange { change: id, again: false }, Enqueue::default()).await?;
    tell(tx, &change, events::USER_EMAIL_CHANGE_ASKED, "Another address asked for").await?;
    db::get(tx, user, id).await
}

/// Sends a new link to the new address; the one before no longer works.
pub(crate) async fn send_again(tx: &mut ControlTx, user: UserId, id: EmailChangeId) -> Result<EmailChange> {
    let now = tx.now();
    db::extend(tx, (user, id), now, (now + TimeDelta::hours(HOURS), now + REVERT)).await?;
    tx.enqueue(&SendEmailChange { change: id, again: true }, Enqueue::default()).await?;
    db::get(tx, user, id).await
}

/// The address stays as it is.
pub(crate) async fn cancel(tx: &mut ControlTx, user: UserId, id: EmailChangeId) -> Result<()> {
    users::db::lock(tx, user).await?;
    let now = tx.now();
    let change =
        db::waiting(tx, id, now).await?.filter(|change| change.user_id == user).ok_or_else(Error::not_found)?;
    db::cancel(tx, user).await?;
    tell(tx, &change, events::USER_EMAIL_CHANGE_CANCELLED, "Address stays as it is").await
}

/// Writes the links: to the new address, and with the first of them word to the one in force.
pub(crate) async fn send(tx: &mut ControlTx, id: EmailChangeId, again: bool) -> Result<()> {
    let now = tx.now();
    let Some(change) = db::waiting(tx, id, now).await? else { return Ok(()) };
    let reader = users::db::by_id(tx, change.user_id).await?.reader(Some(change.tenant_id));
    if !again {
        let (token, hash) = new_secret("upo");
        db::set_revert_token(tx, id, &hash).await?;
        notices::email_change_asked(tx, &reader, &token, &change.new_email).await?;
    }
    if let Some(other) = users::db::by_email(tx, &change.new_email).await? {
        return notices::email_has_account(tx, &other.reader(None)).await;
    }
    let (token, hash) = new_secret("upe");
    db::set_token(tx, id, &hash).await?;
    notices::confirm_email(tx, &Reader { email: change.new_email, ..reader }, &token, HOURS).await
}

fn invalid() -> Error {
    Error::invalid("/token", "token_invalid", "This link was used, replaced or is too old. Ask for a new one.")
}

fn password_wrong() -> Error {
    Error::invalid("/password", "password_wrong", "This is not the password of the account that the mail is about.")
}

/// Whoever reads a mail that went to a mistyped address must not become the owner of somebody else's account.
async fn prove_again(cx: &Anonymous, person: &User, proof: &EmailProof) -> Result<()> {
    if let Some(answer) = &proof.passkey {
        return passkeys::actions::prove_as(&cx.app, &cx.request, cx.context(), (person.id, answer)).await;
    }
    let password = proof.password.as_deref().ok_or_else(password_missing)?;
    // Counted with every other proof of his password, from wherever it comes.
    let per = cx.app.config.limits.auth_per_15_minutes;
    cx.request.limit_slow(&cx.app, &format!("prove/{}", person.id), per)?;
    match Hasher::of(&cx.app).verify(password, Some(&person.password_hash)).await? {
        true => Ok(()),
        false => Err(password_wrong()),
    }
}

/// The new address is in force from now on, for whoever proves once more that the account is his.
pub(crate) async fn confirm(cx: &Anonymous, proof: EmailProof) -> Result<()> {
    cx.limit_attempts("email-confirmation")?;
    let (hash, now) = (sha256(proof.token.as_bytes()), cx.app.clock.now());
    let found = cx.control(async |tx| match db::owner(tx, &hash, now).await? {
        Some(user) => users::db::by_id(tx, user).await.map(Some),
        None => Ok(None),
    });
    let person = found.await?.filter(|person| person.state == "active").ok_or_else(invalid)?;
    prove_again(cx, &person, &proof).await?;
    acting(&cx.app, &cx.request, person.id, async |tx| {
        users::db::lock(tx, person.id).await?;
        if users::db::by_id(tx, person.id).await?.password_hash != person.password_hash {
            return Err(password_wrong());
        }
        let change = db::confirm(tx, &hash, now).await?.ok_or_else(invalid)?;
        settle(tx, &change, (&change.old_email, &change.new_email)).await?;
        tell(tx, &change, events::USER_EMAIL_CHANGED, "Address changed").await?;
        let reader = users::db::by_id(tx, person.id).await?.reader(Some(change.tenant_id));
        let now = tx.now();
        notices::security(tx, now, &Reader { email: change.old_email, ..reader }, ("email", None), None).await
    })
    .await
}

/// Brings the old address back, for whoever reads its mail: with a new password, and without anybody who is signed in. It holds
/// against whatever was asked for since.
pub(crate) async fn revert(cx: &Anonymous, token: &str, password: &str) -> Result<()> {
    cx.limit_attempts("email-reversion")?;
    let (hash, now) = (sha256(token.as_bytes()), cx.app.clock.now());
    let found = cx.control(async |tx| match db::revert_owner(tx, &hash, now).await? {
        Some(user) => users::db::by_id(tx, user).await.map(Some),
        None => Ok(None),
    });
    let person = found.await?.ok_or_else(invalid)?;
    let new = passwords::actions::prepare(&cx.app, "/password", password, &person).await?;
    cx.control(async |tx| {
        users::db::lock(tx, person.id).await?;
        let change = db::revert(tx, &hash, now).await?.ok_or_else(invalid)?;
        db::revert_later(tx, person.id, change.created_at).await?;
        let current = users::db::by_id(tx, person.id).await?.email;
        settle(tx, &change, (&current, &change.old_email)).await?;
        tell(tx, &change, events::USER_EMAIL_REVERTED, "Address of before restored").await?;
        passwords::actions::change(tx, person.id, (Some(change.tenant_id), None), &new, "reset").await
    })
    .await?;
    cx.app.changes.forget(Changed::User(person.id.0));
    Ok(())
}

/// The address becomes another one, with what was sent to it: invitations wait at the new one, links to a password are over.
async fn settle(tx: &mut ControlTx, change: &Change, (from, to): (&str, &str)) -> Result<()> {
    let now = tx.now();
    password_resets::db::end_all(tx, change.user_id, now).await?;
    if from == to {
        return Ok(());
    }
    users::db::set_email(tx, change.user_id, to, now).await?;
    invitations::db::move_to(tx, from, to).await
}

async fn tell(tx: &mut ControlTx, change: &Change, kind: &'static str, title: &str) -> Result<()> {
    tx.record(Some(change.tenant_id), NewEvent::new(kind, "users", change.user_id.0, title)).await.map(drop)
}
