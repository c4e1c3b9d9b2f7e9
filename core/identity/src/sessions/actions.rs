//! Signing in, staying in, signing out.
use super::{
    cookie, db,
    model::{
        Because, CHALLENGE, CHALLENGE_KIND, Challenge, ChallengeAnswer, Credentials, REFRESH, REPEAT, Refresh,
        SecondFactor, SessionId, Switched, Tokens, device,
    },
};
use crate::{
    events,
    notices::actions::security,
    passwords::model::Hasher,
    principals::model::{ACCESS, ACCESS_SECONDS, AccessClaims},
    totp,
    users::{self, model::normal_email},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    Anonymous, App, ControlTx, Error, Result,
    auth::{Actor, ActorKind, Context},
    crypto::{constant_time_eq, hmac_sha256, new_secret, sha256},
    events::NewEvent,
    http::{IdempotencyKey, RequestInfo},
    ids::{TenantId, UserId, new_uuid},
};
use serde_json::json;
use std::sync::Arc;
use tenants::domains::{self, Place};
use uuid::Uuid;

/// How a sign-in goes on after the password.
pub enum SignIn {
    /// He is in.
    In(Tokens),
    /// A second factor is asked for.
    Challenge(ChallengeAnswer),
}

/// The first step: address and password. Unknown addresses cost the same work and get the same answer.
pub async fn sign_in(cx: &Anonymous, given: Credentials) -> Result<SignIn> {
    let email = normal_email(&given.email);
    cx.limit_attempts(&format!("sign-in/{email}"))?;
    let user = cx.control(async |tx| users::db::by_email(tx, &email).await).await?;
    let hash = user.as_ref().map(|u| u.password_hash.as_str());
    let fits = Hasher::of(&cx.app).verify(&given.password, hash).await?;
    let Some(user) = user.filter(|_| fits) else { return Err(wrong()) };
    if user.state != "active" {
        return Err(Error::forbidden("account_blocked", "This account is blocked."));
    }
    let here = domains::place(&cx.app, &cx.request.host).await?;
    let tenant = cx.control(async |tx| place(tx, user.id, given.tenant, &here).await).await?;
    let now = cx.app.clock.now();
    if user.second_factor {
        let challenge = Challenge { user: user.id.0, tenant: tenant.0 };
        let challenge = cx.app.keys.sign(CHALLENGE_KIND, &challenge, now, CHALLENGE)?;
        return Ok(SignIn::Challenge(ChallengeAnswer { challenge, expires_in: CHALLENGE.num_seconds() }));
    }
    start(&cx.app, &cx.request, user.id, tenant, false).await.map(SignIn::In)
}

/// The second step: a code from the app, or a recovery code. Each works once.
pub async fn second_factor(cx: &Anonymous, given: SecondFactor) -> Result<Tokens> {
    let now = cx.app.clock.now();
    let challenge: Challenge = cx
        .app
        .keys
        .verify(CHALLENGE_KIND, &given.challenge, now)
        .ok_or_else(|| Error::unauthenticated("challenge_invalid"))?;
    // Per user, from wherever: six digits must not be guessed by many machines together.
    let per = cx.app.config.limits.auth_per_15_minutes;
    cx.request.limit_slow(&cx.app, &format!("second-factor/{}", challenge.user), per)?;
    let user = UserId(challenge.user);
    let right = acting(&cx.app, &cx.request, user, async |tx| totp::actions::spend_code(tx, user, &given.code).await);
    if !right.await? {
        return Err(Error::unauthenticated("code_wrong"));
    }
    let here = domains::place(&cx.app, &cx.request.host).await?;
    let tenant = cx.control(async |tx| place_of(tx, user, Some(TenantId(challenge.tenant)), &here).await).await?;
    start(&cx.app, &cx.request, user, tenant, true).await
}

/// Where somebody who proved who he is works, unless he is kept out.
pub(crate) async fn place_of(
    tx: &mut ControlTx,
    user: UserId,
    wished: Option<TenantId>,
    here: &Place,
) -> Result<TenantId> {
    let user = users::db::by_id(tx, user).await?;
    if user.state != "active" {
        return Err(Error::forbidden("account_blocked", "This account is blocked."));
    }
    place(tx, user.id, wished, here).await
}

fn wrong() -> Error {
    Error::unauthenticated("credentials_wrong")
}

/// Where somebody works: the wished tenant, or the one worked in last. Under an own domain it is its owner, or a client of its
/// owner; whoever works elsewhere is told where.
async fn place(tx: &mut ControlTx, user: UserId, wished: Option<TenantId>, here: &Place) -> Result<TenantId> {
    let places = db::places(tx, user).await?;
    let admitted = |p: &&db::Place| here.admits(p.tenant_id, p.parent_id);
    let is_wished = |p: &&db::Place| wished.is_none_or(|wished| p.tenant_id == wished);
    if let Some(elsewhere) = places.iter().find(is_wished)
        && !places.iter().filter(is_wished).any(|p| admitted(&p))
    {
        let address = domains::address_in(tx, elsewhere.tenant_id).await?;
        return Err(Error::elsewhere(address));
    }
    let fits = |p: &&db::Place| is_wished(p) && admitted(p);
    let usable = |p: &&db::Place| p.state != "suspended";
    match (places.iter().filter(fits).find(usable), places.iter().find(fits)) {
        (Some(place), _) => Ok(place.tenant_id),
        (None, Some(_)) => {
            Err(Error::forbidden("tenant_suspended", "This account is suspended. Its agency can resume it."))
        }
        (None, None) => Err(Error::forbidden("membership_missing", "You are not a member there.")),
    }
}

/// Runs something as the person who just proved who he is.
pub(crate) async fn acting<T>(
    app: &Arc<App>,
    request: &RequestInfo,
    user: UserId,
    f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>,
) -> Result<T> {
    let actor = Actor { kind: ActorKind::User, id: Some(user.0), on_behalf_of: None };
    app.control(Context { actor, request_id: request.id.clone(), now: app.clock.now() }, f).await
}

/// Starts a session; tells the user by mail when the device is new.
pub(crate) async fn start(
    app: &Arc<App>,
    request: &RequestInfo,
    user: UserId,
    tenant: TenantId,
    second_factor: bool,
) -> Result<Tokens> {
    acting(app, request, user, async |tx| {
        let now = tx.now();
        let session = SessionId::new(now);
        let ip = request.ip.to_string();
        let expires_at = now + REFRESH;
        let agent = request.user_agent.as_str();
        let new = db::NewSession { id: session, user, tenant, user_agent: agent, ip: &ip, second_factor, expires_at };
        db::insert(tx, &new, now).await?;
        let (refresh, hash) = new_secret("upr");
        db::insert_token(tx, (new_uuid(now), session, &hash), now, expires_at).await?;
        let seen = db::note_device(tx, user, &device(agent), now).await?;
        if !seen.known && !seen.first {
            let reader = users::db::by_id(tx, user).await?.reader(Some(tenant));
            security(tx, now, &reader, ("sign_in", None), Some(agent)).await?;
        }
        let event = NewEvent::new(events::SESSION_STARTED, "sessions", session.0, "Signed in");
        tx.record(Some(tenant), event.payload(&json!({"second_factor": second_factor}))).await?;
        tokens(tx, (user, tenant, session), refresh)
    })
    .await
}

fn tokens(tx: &ControlTx, (user, tenant, session): (UserId, TenantId, SessionId), refresh: String) -> Result<Tokens> {
    Ok(Tokens {
        access_token: access_token(tx.app(), user, tenant, session.0, tx.now())?,
        expires_in: ACCESS_SECONDS,
        refresh_token: Some(refresh),
        refresh_expires_in: REFRESH.num_seconds(),
        session,
        user,
        tenant,
    })
}

fn access_token(app: &App, user: UserId, tenant: TenantId, session: Uuid, now: DateTime<Utc>) -> Result<String> {
    let claims = AccessClaims { user: user.0, tenant: tenant.0, session, impersonation: None };
    app.keys.sign(ACCESS, &claims, now, TimeDelta::seconds(ACCESS_SECONDS))
}

enum Rotation {
    Done(Tokens),
    Refused(&'static str),
}

/// Trades a refresh token for the next one. A token that was traded before ends the session: two hold it, one of them
/// stole it. Only a repeat with the same `Idempotency-Key` within seconds gets the same answer again.
pub async fn refresh(cx: &Anonymous, given: Refresh) -> Result<Tokens> {
    let sent = given.refresh_token.or_else(|| cookie::sent(&cx.request));
    let Some(token) = sent else { return Err(Error::unauthenticated("refresh_token_invalid")) };
    let key = cx.request.idempotency.as_ref();
    let here = domains::place(&cx.app, &cx.request.host).await?;
    let outcome = cx.control(async |tx| rotate(tx, &token, given.tenant, key, &here).await).await?;
    match outcome {
        Rotation::Done(tokens) => Ok(tokens),
        Rotation::Refused(code) => Err(Error::unauthenticated(code)),
    }
}

async fn rotate(
    tx: &mut ControlTx,
    given: &str,
    wished: Option<TenantId>,
    key: Option<&IdempotencyKey>,
    here: &Place,
) -> Result<Rotation> {
    let now = tx.now();
    let Some(token) = db::token(tx, &sha256(given.as_bytes())).await? else {
        return Ok(Rotation::Refused("refresh_token_invalid"));
    };
    let who = (token.user_id, token.tenant_id, token.session_id);
    if token.revoked_at.is_some() || token.expires_at <= now || token.user_state != "active" {
        return Ok(Rotation::Refused("refresh_token_invalid"));
    }
    let successor = key.map(|key| successor(tx.app(), given, &key.key));
    let key_hash = key.map(|key| sha256(key.key.as_bytes()));
    if let Some(used_at) = token.used_at {
        if let (Some(again), Some(hash), Some(used)) = (&successor, &key_hash, &token.used_key)
            && now - used_at <= REPEAT
            && !token.successor_used
            && constant_time_eq(hash, used)
            && token.successor_hash.is_some_and(|h| constant_time_eq(&h, &sha256(again.as_bytes())))
        {
            return Ok(Rotation::Done(tokens(tx, who, again.clone())?));
        }
        db::revoke(tx, token.user_id, token.session_id, Because::Reuse.as_str(), now).await?;
        let event = NewEvent::new(
            events::SESSION_REUSE_DETECTED,
            "sessions",
            token.session_id.0,
            "A refresh token was used twice",
        );
        tx.record(Some(token.tenant_id), event).await?;
        return Ok(Rotation::Refused("refresh_token_reused"));
    }
    let tenant = match place(tx, token.user_id, Some(wished.unwrap_or(token.tenant_id)), here).await {
        Err(_) if wished.is_none() => place(tx, token.user_id, None, here).await?,
        other => other?,
    };
    let (next, hash) = match successor {
        Some(next) => {
            let hash = sha256(next.as_bytes()).to_vec();
            (next, hash)
        }
        None => new_secret("upr"),
    };
    let (next_id, expires_at) = (new_uuid(now), now + REFRESH);
    db::insert_token(tx, (next_id, token.session_id, &hash), now, expires_at).await?;
    db::rotate(tx, token.id, (next_id, key_hash.as_ref().map(|h| h.as_slice())), now).await?;
    db::extend(tx, token.session_id, tenant, now, expires_at).await?;
    Ok(Rotation::Done(tokens(tx, (token.user_id, tenant, token.session_id), next)?))
}

/// The next token of a rotation under an `Idempotency-Key`: made from the old one, so that nothing readable is stored
/// and a repeat makes the same one again.
fn successor(app: &App, old: &str, key: &str) -> String {
    let secret = app.keys.derive("upz/refresh-successor/v1");
    format!("upr_{}", B64.encode(hmac_sha256(&secret, &[old.as_bytes(), b"\n", key.as_bytes()])))
}

/// Ends one session of a user.
pub(crate) async fn end(
    tx: &mut ControlTx,
    user: UserId,
    tenant: TenantId,
    session: SessionId,
    because: Because,
) -> Result<()> {
    let now = tx.now();
    db::revoke(tx, user, session, because.as_str(), now).await?;
    ended(tx, tenant, session, because).await
}

/// Ends every session of a user, except one if named.
pub(crate) async fn end_all(
    tx: &mut ControlTx,
    user: UserId,
    tenant: Option<TenantId>,
    except: Option<Uuid>,
    because: Because,
) -> Result<()> {
    let now = tx.now();
    for session in db::revoke_all(tx, user, except, because.as_str(), now).await? {
        if let Some(tenant) = tenant {
            ended(tx, tenant, session, because).await?;
        }
    }
    Ok(())
}

async fn ended(tx: &mut ControlTx, tenant: TenantId, session: SessionId, because: Because) -> Result<()> {
    let event = NewEvent::new(events::SESSION_ENDED, "sessions", session.0, "Session ended");
    tx.record(Some(tenant), event.payload(&json!({"because": because.as_str()}))).await.map(drop)
}

/// Lets a session work in another tenant of its user.
pub(crate) async fn switch(
    tx: &mut ControlTx,
    (user, session): (UserId, SessionId),
    tenant: TenantId,
    here: &Place,
) -> Result<Switched> {
    let tenant = place(tx, user, Some(tenant), here).await?;
    db::set_tenant(tx, session, tenant).await?;
    let access_token = access_token(tx.app(), user, tenant, session.0, tx.now())?;
    Ok(Switched { access_token, expires_in: ACCESS_SECONDS, tenant })
}
