//! Adding passkeys, signing in with them, removing them.
use super::{
    db,
    model::{
        CEREMONY, CeremonyId, MOST, NewPasskey, Passkey, PasskeyAnswer, PasskeyCeremony, PasskeyChanges, PasskeyId,
        PasskeyProof, fits, party, read, stored, transports,
    },
};
use crate::{
    events,
    notices::actions::security,
    sessions::{self, model::Tokens},
    users::{self, model::check_name},
};
use kernel::{
    Anonymous, App, ControlTx, Error, OnConstraint, Result,
    auth::Context,
    events::NewEvent,
    http::{RequestInfo, check_if_match},
    ids::{TenantId, UserId},
};
use passki::{
    AuthenticationCredential, AuthenticationOptions, PasskiError, RegistrationCredential, RegistrationOptions,
    RegistrationState, ResidentKeyRequirement, UserVerificationRequirement,
};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use tenants::domains::{Place, place};

fn json(value: impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(Error::internal)
}

async fn begin(
    tx: &mut ControlTx,
    user: Option<UserId>,
    options: impl Serialize,
    state: impl Serialize,
) -> Result<PasskeyCeremony> {
    let now = tx.now();
    let ceremony = CeremonyId::new(now);
    db::begin(tx, (ceremony, user), &json(state)?, now, now + CEREMONY).await?;
    Ok(PasskeyCeremony { ceremony, options: json(options)?, expires_in: CEREMONY.num_seconds() })
}

/// Begins to add a passkey; the caller has proven the password. The device keeps who it is for, so that nobody types an
/// address, and asks for a finger, a face or a code, so that finding the device is not enough.
pub(crate) async fn begin_adding(tx: &mut ControlTx, user: UserId, here: &Place) -> Result<PasskeyCeremony> {
    let party = party(&tx.app().config, here)?;
    let person = users::db::by_id(tx, user).await?;
    let had: Vec<_> = db::keys(tx, user).await?.iter().map(stored).collect();
    if had.len() >= MOST {
        return Err(Error::conflict("passkeys_full", "You have as many passkeys as there can be. Remove one first."));
    }
    let mut options = RegistrationOptions::default();
    options.timeout = u64::try_from(CEREMONY.num_milliseconds()).unwrap_or_default();
    options.resident_key = ResidentKeyRequirement::Required;
    options.user_verification = UserVerificationRequirement::Required;
    options.exclude_credentials = Some(&had);
    let begun = party.start_passkey_registration(user.0.as_bytes(), &person.email, &person.name, options);
    let (options, state) = begun.map_err(Error::internal)?;
    begin(tx, Some(user), options, state).await
}

/// Keeps what the device made; `state` was taken with [`db::take`].
pub(crate) async fn add(
    tx: &mut ControlTx,
    (user, home): (UserId, TenantId),
    state: Option<Value>,
    new: NewPasskey,
    here: &Place,
) -> Result<Passkey> {
    if let Some(problem) = check_name("/name", &new.name) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    let credential: RegistrationCredential = read(&new.credential)?;
    let state: RegistrationState = state.and_then(|state| serde_json::from_value(state).ok()).ok_or_else(too_late)?;
    let made = party(&tx.app().config, here)?.finish_passkey_registration(&credential, &state);
    let made = made.ok().filter(fits).ok_or_else(|| {
        Error::invalid("/credential", "passkey_refused", "The device's answer does not fit. Try again.")
    })?;
    users::db::lock(tx, user).await?;
    let had = db::list(tx, user).await?;
    if had.len() >= MOST {
        return Err(Error::conflict("passkeys_full", "You have as many passkeys as there can be. Remove one first."));
    }
    let (now, names) = (tx.now(), transports(&made));
    let id = PasskeyId::new(now);
    let row = db::NewRow {
        id,
        user,
        credential_id: &made.credential_id,
        public_key: &made.public_key,
        algorithm: made.algorithm,
        counter: i64::from(made.counter),
        transports: &names,
        synced: made.bs,
        name: new.name.trim(),
        host: here.own().map(|front| front.host.as_str()),
    };
    let known = || Error::conflict("passkey_known", "This passkey was added before.");
    db::insert(tx, &row, now).await.on_constraint("passkeys_credential_id_key", known)?;
    tell(tx, (user, home), (events::PASSKEY_ADDED, id, "Passkey added"), "passkey_added").await?;
    db::get(tx, user, id).await
}

fn too_late() -> Error {
    Error::conflict("ceremony_over", "This took too long, or it was answered before. Begin again.")
}

/// Renames a passkey.
pub(crate) async fn update(
    tx: &mut ControlTx,
    (user, home): (UserId, TenantId),
    (id, if_match): (PasskeyId, Option<&str>),
    changes: PasskeyChanges,
) -> Result<Passkey> {
    users::db::lock(tx, user).await?;
    let before = db::get(tx, user, id).await?;
    check_if_match(if_match, before.version)?;
    let Some(name) = changes.name else { return Ok(before) };
    if let Some(problem) = check_name("/name", &name) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    db::rename(tx, user, id, name.trim()).await?;
    tx.record(Some(home), NewEvent::new(events::PASSKEY_RENAMED, "passkeys", id.0, "Passkey renamed")).await?;
    db::get(tx, user, id).await
}

/// Removes a passkey: nobody signs in with it any more.
pub(crate) async fn remove(tx: &mut ControlTx, (user, home): (UserId, TenantId), id: PasskeyId) -> Result<()> {
    db::delete(tx, user, id).await?;
    tell(tx, (user, home), (events::PASSKEY_REMOVED, id, "Passkey removed"), "passkey_removed").await
}

async fn tell(
    tx: &mut ControlTx,
    (user, home): (UserId, TenantId),
    (kind, id, title): (&'static str, PasskeyId, &str),
    what: &str,
) -> Result<()> {
    let now = tx.now();
    tx.record(Some(home), NewEvent::new(kind, "passkeys", id.0, title)).await?;
    let reader = users::db::by_id(tx, user).await?.reader(Some(home));
    security(tx, now, &reader, (what, None), None).await
}

/// Begins a sign-in. Nobody has said who he is, so any passkey of this domain may answer.
pub(crate) async fn begin_sign_in(cx: &Anonymous) -> Result<PasskeyCeremony> {
    let mut options = AuthenticationOptions::default();
    options.timeout = u64::try_from(CEREMONY.num_milliseconds()).unwrap_or_default();
    options.user_verification = UserVerificationRequirement::Required;
    let here = place(&cx.app, &cx.request.host).await?;
    let begun = party(&cx.app.config, &here)?.start_passkey_authentication(&[], options);
    let (options, state) = begun.map_err(Error::internal)?;
    cx.control(async |tx| begin(tx, None, options, state).await).await
}

/// Signs in: a passkey that checked its person takes the place of the password and of the second factor.
pub(crate) async fn sign_in(cx: &Anonymous, given: PasskeyProof) -> Result<Tokens> {
    cx.limit_attempts("passkey")?;
    let here = place(&cx.app, &cx.request.host).await?;
    let answer = PasskeyAnswer { ceremony: given.ceremony, credential: given.credential };
    let user = match answered(&cx.app, cx.context(), &here, &answer).await? {
        Proof::Right(user) => user,
        Proof::Wrong => return Err(Error::unauthenticated("passkey_refused")),
        Proof::Late => return Err(Error::unauthenticated("challenge_invalid")),
    };
    let tenant = cx.control(async |tx| sessions::actions::place_of(tx, user, given.tenant, &here).await).await?;
    sessions::actions::start(&cx.app, &cx.request, user, tenant, true).await
}

/// Proves with a passkey to be somebody who is known already. Counted with every other proof of his, from wherever it comes.
pub(crate) async fn prove_as(
    app: &Arc<App>,
    request: &RequestInfo,
    context: Context,
    (user, answer): (UserId, &PasskeyAnswer),
) -> Result<()> {
    request.limit_slow(app, &format!("prove/{user}"), app.config.limits.auth_per_15_minutes)?;
    let here = place(app, &request.host).await?;
    match answered(app, context, &here, answer).await? {
        Proof::Right(proven) if proven == user => Ok(()),
        Proof::Right(_) | Proof::Wrong => Err(Error::forbidden(
            "passkey_refused",
            "This is not a passkey of this account, or its answer does not fit.",
        )),
        Proof::Late => Err(too_late()),
    }
}

enum Proof {
    Right(UserId),
    Wrong,
    /// The challenge is too old, or it was answered before.
    Late,
}

/// Whose passkey answered a challenge that anybody may ask for.
async fn answered(app: &Arc<App>, context: Context, here: &Place, answer: &PasskeyAnswer) -> Result<Proof> {
    let credential: AuthenticationCredential = read(&answer.credential)?;
    let now = context.now;
    // Taken in a transaction of its own: a wrong answer uses the challenge up as well.
    let state = app.control(context.clone(), async |tx| db::take(tx, answer.ceremony, None, now).await).await?;
    let Some(state) = state else { return Ok(Proof::Late) };
    app.control(context, async |tx| prove(tx, &credential, state, here).await).await
}

async fn prove(tx: &mut ControlTx, credential: &AuthenticationCredential, state: Value, here: &Place) -> Result<Proof> {
    let Ok(id) = passki::Passki::base64_decode(&credential.raw_id) else { return Ok(Proof::Wrong) };
    let Some(key) = db::lock_by_credential(tx, &id).await? else { return Ok(Proof::Wrong) };
    let state = serde_json::from_value(state).map_err(Error::internal)?;
    let party = party(&tx.app().config, here)?;
    match party.finish_passkey_authentication(credential, &state, &stored(&key)) {
        // The device says whose it is; a passkey of somebody else under that name is no proof.
        Ok(proof) if proof.user_handle.as_deref() == Some(key.user_id.0.as_bytes()) => {
            let now = tx.now();
            db::used(tx, key.id, i64::from(proof.counter), now).await?;
            Ok(Proof::Right(key.user_id))
        }
        // Two devices count with one key: one of them is a copy. Its owner should know.
        Err(PasskiError::CounterRegression) => {
            copied(tx, &key).await?;
            Ok(Proof::Wrong)
        }
        Ok(_) | Err(_) => Ok(Proof::Wrong),
    }
}

async fn copied(tx: &mut ControlTx, key: &db::KeyRow) -> Result<()> {
    let now = tx.now();
    tx.record(None, NewEvent::new(events::PASSKEY_COPIED, "passkeys", key.id.0, "Passkey may be copied")).await?;
    let reader = users::db::by_id(tx, key.user_id).await?.reader(None);
    security(tx, now, &reader, ("passkey_refused", None), None).await
}
