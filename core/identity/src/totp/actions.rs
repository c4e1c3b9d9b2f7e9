//! Enrolling, spending codes, switching off.
use super::{
    db,
    model::{
        ENROLMENT_MINUTES, Enrolment, RECOVERY_CODES, RecoveryCodes, enrolment, generator, is_app_code, recovery_code,
        recovery_hash, step_of,
    },
};
use crate::{
    events,
    notices::actions::security,
    sessions::{self, model::Because},
    users,
};
use chrono::TimeDelta;
use kernel::{
    ControlTx, Error, Result,
    clock::random_bytes,
    events::NewEvent,
    ids::{TenantId, UserId},
};
use serde_json::json;
use uuid::Uuid;

fn place(user: UserId) -> String {
    format!("totp:{}", user.0)
}

/// Begins an enrolment; one that waits for its confirmation is shown again.
pub(crate) async fn enrol(tx: &mut ControlTx, user: UserId, issuer: &str) -> Result<Enrolment> {
    let now = tx.now();
    users::db::lock(tx, user).await?;
    let account = users::db::by_id(tx, user).await?.email;
    let secret = match db::get(tx, user).await? {
        Some(row) if row.confirmed_at.is_some() => return Err(active()),
        Some(row) if now - row.created_at < TimeDelta::minutes(ENROLMENT_MINUTES) => {
            tx.app().keys.open(&place(user), &row.sealed)?
        }
        _ => {
            let secret = random_bytes::<20>().to_vec();
            let sealed = tx.app().keys.seal(&place(user), &secret)?;
            db::begin(tx, user, &sealed, now).await?;
            secret
        }
    };
    enrolment(&generator(&secret, &account, issuer)?)
}

fn active() -> Error {
    Error::conflict("second_factor_active", "The second factor is on already. Switch it off first.")
}

/// Switches the second factor on, once the app shows the right code. Other sessions end: they never gave one.
pub(crate) async fn confirm(
    tx: &mut ControlTx,
    user: UserId,
    (home, session): (TenantId, Option<Uuid>),
    code: &str,
) -> Result<RecoveryCodes> {
    users::db::lock(tx, user).await?;
    let now = tx.now();
    let row = db::get(tx, user)
        .await?
        .ok_or_else(|| Error::conflict("second_factor_not_begun", "Begin with POST /v1/totp."))?;
    if row.confirmed_at.is_some() {
        return Err(active());
    }
    let secret = tx.app().keys.open(&place(user), &row.sealed)?;
    let step = step_of(&generator(&secret, "account", "issuer")?, code, now.timestamp());
    match step {
        Some(step) if db::spend(tx, user, step).await? => {}
        _ => {
            return Err(Error::invalid("/code", "code_wrong", "The code does not fit. Check the clock of the device."));
        }
    }
    db::confirm(tx, user, now).await?;
    let codes = new_codes(tx, user).await?;
    sessions::actions::end_all(tx, user, Some(home), session, Because::SecondFactor).await?;
    tell(tx, user, home, "on").await?;
    Ok(codes)
}

/// Spends a code from the app or a recovery code; false when it does not fit or was spent before.
pub(crate) async fn spend_code(tx: &mut ControlTx, user: UserId, code: &str) -> Result<bool> {
    let now = tx.now();
    let code = code.trim();
    if !is_app_code(code) {
        return db::spend_recovery(tx, user, &recovery_hash(user.0, code), now).await;
    }
    let Some(row) = db::get(tx, user).await?.filter(|row| row.confirmed_at.is_some()) else { return Ok(false) };
    let secret = tx.app().keys.open(&place(user), &row.sealed)?;
    match step_of(&generator(&secret, "account", "issuer")?, code, now.timestamp()) {
        Some(step) => db::spend(tx, user, step).await,
        None => Ok(false),
    }
}

/// Switches the second factor off; the caller has proven the password.
pub(crate) async fn remove(tx: &mut ControlTx, user: UserId, home: TenantId) -> Result<()> {
    users::db::lock(tx, user).await?;
    if !db::delete(tx, user).await? {
        return Err(Error::not_found());
    }
    let now = tx.now();
    db::set_codes(tx, user, &[], now).await?;
    tell(tx, user, home, "off").await
}

/// New recovery codes in place of the old ones; the caller has proven the password.
pub(crate) async fn renew_codes(tx: &mut ControlTx, user: UserId, home: TenantId) -> Result<RecoveryCodes> {
    users::db::lock(tx, user).await?;
    if db::get(tx, user).await?.is_none_or(|row| row.confirmed_at.is_none()) {
        return Err(Error::conflict("second_factor_off", "The second factor is not on."));
    }
    let codes = new_codes(tx, user).await?;
    tell(tx, user, home, "recovery_codes").await?;
    Ok(codes)
}

async fn new_codes(tx: &mut ControlTx, user: UserId) -> Result<RecoveryCodes> {
    let now = tx.now();
    let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    let hashes: Vec<_> = codes.iter().map(|code| recovery_hash(user.0, code)).collect();
    db::set_codes(tx, user, &hashes, now).await?;
    Ok(RecoveryCodes { recovery_codes: codes })
}

async fn tell(tx: &mut ControlTx, user: UserId, home: TenantId, change: &str) -> Result<()> {
    let event = NewEvent::new(events::USER_SECOND_FACTOR_CHANGED, "users", user.0, "Second factor changed");
    tx.record(Some(home), event.payload(&json!({"change": change}))).await?;
    let reader = users::db::by_id(tx, user).await?.reader(Some(home));
    let now = tx.now();
    security(tx, now, &reader, ("second_factor", Some(change)), None).await
}
