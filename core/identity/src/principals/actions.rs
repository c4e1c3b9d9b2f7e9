//! The authenticator and what it remembers.
use super::{
    db,
    model::{self, ACCESS, AccessClaims},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use kernel::{
    App, ControlTx, Cx, Error, Result,
    auth::{Actor, ActorKind, Authenticator, Credential, Grants, Impersonation, Level, Permission, Principal},
    crypto::sha256,
    error::Kind,
    http::{Created, RequestInfo},
    ids::{TenantId, UserId},
    tenancy::memory::{Change, Memory},
    tenancy::{Tenant, TenantKind, TenantState},
};
use poem_openapi::{payload::Json, types::ToJSON};
use serde_json::Value;
use std::{net::IpAddr, sync::Arc};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Token(AccessClaims, TenantId),
    ApiKey([u8; 32], Option<TenantId>),
}

struct Known {
    principal: Principal,
    addresses: Vec<String>,
    valid_until: Option<DateTime<Utc>>,
}

/// Principals by credential.
pub struct Principals(Memory<Key, Known>);

impl Principals {
    /// Knows nobody yet.
    pub(crate) fn new(app: &App) -> Self {
        let concerns = |change, key: &Key, known: &Known| match change {
            Change::All => true,
            Change::Tenant(tenant) => known.principal.tenant == tenant || known.principal.home == tenant,
            // His own sessions, and whoever works in his place.
            Change::User(user) => {
                matches!(key, Key::Token(claims, _) if claims.user == user) || known.principal.user == Some(user)
            }
        };
        // Nobody is let in on the strength of what was so before the control plane went away.
        Principals(Memory::new(app.clock.clone(), app.changes.clone(), 50_000, TimeDelta::zero(), concerns))
    }
}

impl Authenticator for Principals {
    fn authenticate<'a>(
        &'a self,
        app: &'a Arc<App>,
        credential: Credential<'a>,
        tenant: Option<TenantId>,
        request: &'a RequestInfo,
    ) -> BoxFuture<'a, Result<Principal>> {
        Box::pin(async move {
            let now = app.clock.now();
            let key = match credential {
                Credential::Bearer(token) => {
                    let claims: AccessClaims = app
                        .keys
                        .verify(ACCESS, token, now)
                        .ok_or_else(|| Error::unauthenticated("access_token_invalid"))?;
                    Key::Token(claims, tenant.unwrap_or(TenantId(claims.tenant)))
                }
                Credential::ApiKey(key) => Key::ApiKey(sha256(key.as_bytes()), tenant),
            };
            let mut known = self.0.get(&key, async || load(app, &key, now).await).await?;
            if known.valid_until.is_some_and(|until| until <= now) {
                // Read again instead of refused: a session that was refreshed meanwhile lives longer than was known.
                self.0.forget(&key);
                known = self.0.get(&key, async || load(app, &key, now).await).await?;
            }
            check_address(&known.addresses, request.ip)?;
            Ok(known.principal.clone())
        })
    }
}

fn check_address(allowed: &[String], ip: IpAddr) -> Result<()> {
    let inside = |net: &String| net.parse::<ipnet::IpNet>().is_ok_and(|net| net.contains(&ip.to_canonical()));
    if allowed.is_empty() || allowed.iter().any(inside) {
        return Ok(());
    }
    Err(Error::forbidden("address_not_allowed", "This API key may not be used from this address."))
}

async fn load(app: &Arc<App>, key: &Key, now: DateTime<Utc>) -> Result<Known> {
    match key {
        Key::Token(claims, target) if claims.impersonation.is_some() => {
            load_impersonation(app, claims, *target, now).await
        }
        Key::Token(claims, target) => load_member(app, claims, *target, now).await,
        Key::ApiKey(hash, target) => load_api_key(app, hash, *target, now).await,
    }
}

/// The tenant a credential of `home` acts in: itself, or a client of the agency it is. Everything else looks the same.
async fn destination(app: &App, home: TenantId, target: TenantId) -> Result<Arc<Tenant>> {
    let foreign = || Error::forbidden("tenant_foreign", "The header Upzento-Tenant names none of your clients.");
    let own = app.tenant(home).await.map_err(|e| if e.is_not_found() { gone() } else { e })?;
    if own.state == TenantState::Suspended {
        // A member of a suspended tenant stays out; its agency still gets in.
        return Err(Error::forbidden("tenant_suspended", "This account is suspended. Its agency can resume it."));
    }
    if target == home {
        return Ok(own);
    }
    let other = app.tenant(target).await.map_err(|e| if e.is_not_found() { foreign() } else { e })?;
    if own.kind != TenantKind::Agency || other.parent != Some(home) {
        return Err(foreign());
    }
    Ok(other)
}

fn gone() -> Error {
    Error::unauthenticated("session_ended")
}

/// Grants from a JSON array of roles' grants.
pub(crate) fn grants_of(app: &App, roles: &Value) -> Grants {
    let roles: Vec<_> = roles.as_array().into_iter().flatten().map(model::patterns).collect();
    model::merge(&roles, app.modules.iter().flat_map(|m| m.permissions))
}

/// Looks something up for an authentication: nobody acts yet.
async fn look_up<T>(app: &Arc<App>, f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>) -> Result<T> {
    app.control(app.system("authentication"), f).await
}

async fn load_member(app: &Arc<App>, claims: &AccessClaims, target: TenantId, now: DateTime<Utc>) -> Result<Known> {
    let home = TenantId(claims.tenant);
    let member = look_up(app, async |tx| db::session_member(tx, claims.session, claims.user, home.0, now).await);
    let member = member.await?.ok_or_else(gone)?;
    destination(app, home, target).await?;
    let principal = Principal {
        actor: Actor { kind: ActorKind::User, id: Some(claims.user), on_behalf_of: None },
        user: Some(claims.user),
        tenant: target,
        home,
        grants: Arc::new(grants_of(app, &member.grants)),
        team_members: Arc::new(member.team_members),
        session: Some(claims.session),
        impersonation: None,
    };
    Ok(Known { principal, addresses: vec![], valid_until: Some(member.expires_at) })
}

/// What somebody may do in a tenant as a member of it, or of its agency, and who is in his teams: for work that goes on
/// without him. None when he is no member any more.
pub async fn standing(app: &Arc<App>, tenant: &Tenant, user: UserId) -> Result<Option<(Grants, Vec<Uuid>)>> {
    let found = look_up(app, async |tx| {
        for place in [Some(tenant.id), tenant.parent].into_iter().flatten() {
            if let Some(member) = db::member(tx, user.0, place.0).await? {
                return Ok(Some(member));
            }
        }
        Ok(None)
    });
    Ok(found.await?.map(|member| (grants_of(app, &member.grants), member.team_members)))
}

async fn load_api_key(app: &Arc<App>, hash: &[u8], target: Option<TenantId>, now: DateTime<Utc>) -> Result<Known> {
    let key = look_up(app, async |tx| {
        let key = db::api_key(tx, hash, now).await?;
        if let Some(key) = &key {
            db::api_key_used(tx, key.id, now).await?;
        }
        Ok(key)
    });
    let key = key.await?.ok_or_else(|| Error::unauthenticated("api_key_invalid"))?;
    let home = TenantId(key.tenant_id);
    let target = target.unwrap_or(home);
    destination(app, home, target).await?;
    let principal = Principal {
        actor: Actor { kind: ActorKind::ApiKey, id: Some(key.id), on_behalf_of: None },
        user: None,
        tenant: target,
        home,
        grants: Arc::new(grants_of(app, &Value::Array(vec![key.scopes]))),
        team_members: Arc::new(key.team_members),
        session: None,
        impersonation: None,
    };
    Ok(Known { principal, addresses: key.addresses, valid_until: key.expires_at })
}

async fn load_impersonation(
    app: &Arc<App>,
    claims: &AccessClaims,
    target: TenantId,
    now: DateTime<Utc>,
) -> Result<Known> {
    let id = claims.impersonation.ok_or_else(gone)?;
    let tenant = app.tenant(TenantId(claims.tenant)).await.map_err(|e| if e.is_not_found() { gone() } else { e })?;
    if target != tenant.id {
        return Err(Error::forbidden("tenant_foreign", "An impersonation works in its own tenant only."));
    }
    let found = look_up(app, async |tx| {
        let Some(row) = db::impersonation(tx, id, now).await? else { return Ok(None) };
        if (row.tenant_id, row.impersonator_id, row.session_id) != (tenant.id.0, claims.user, claims.session) {
            return Ok(None);
        }
        let held = match row.home_id {
            Some(home) => {
                let held = db::session_member(tx, row.session_id, row.impersonator_id, home, now).await?;
                held.filter(|_| tenant.parent == Some(TenantId(home))).map(|m| (m.grants, m.expires_at))
            }
            None => db::admin_grants(tx, row.session_id, row.impersonator_id, now)
                .await?
                .map(|admin| (Value::Array(vec![admin.grants]), admin.expires_at)),
        };
        let Some(held) = held else { return Ok(None) };
        let member = match row.member_id {
            Some(member) => db::member(tx, member, row.tenant_id).await?.map(|m| (m.grants, m.team_members)),
            None => Some((Value::Array(vec![db::owner_grants(tx, owner_role(tenant.kind)).await?]), vec![])),
        };
        Ok(member.map(|(grants, team)| (row, held, grants, team)))
    });
    let (row, (held, session_ends), grants, team) =
        found.await?.ok_or_else(|| Error::unauthenticated("impersonation_ended"))?;
    let held = grants_of(app, &held);
    if held.level(crate::Impersonate::NAME) == Level::No {
        return Err(Error::unauthenticated("impersonation_ended"));
    }
    let kind = if row.home_id.is_some() { ActorKind::User } else { ActorKind::Admin };
    let principal = Principal {
        actor: Actor { kind, id: Some(row.impersonator_id), on_behalf_of: Some(row.on_behalf_of) },
        user: row.member_id,
        tenant: tenant.id,
        home: row.home_id.map_or(tenant.id, TenantId),
        grants: Arc::new(grants_of(app, &grants).intersect(&held)),
        team_members: Arc::new(team),
        session: Some(row.session_id),
        impersonation: Some(Impersonation { id, read_only: !row.may_act, expires_at: row.expires_at }),
    };
    Ok(Known { principal, addresses: vec![], valid_until: Some(row.expires_at.min(session_ends)) })
}

/// Key of the seeded role that may do everything in a tenant.
pub(crate) fn owner_role(kind: TenantKind) -> &'static str {
    match kind {
        TenantKind::Agency => "agency_owner",
        TenantKind::Client => "client_admin",
    }
}

/// A POST whose answer holds a secret: as [`Cx::control_create`], but what is kept for a repeat is sealed.
pub(crate) async fn create_secret<P: Permission, T: ToJSON>(
    cx: &Cx<P>,
    f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>,
) -> Result<Created<T>> {
    once_sealed(cx, 201, f).await.map(|made| Created::Created(Json(made)))
}

/// The same with 200.
pub(crate) async fn act_secret<P: Permission, T: ToJSON>(
    cx: &Cx<P>,
    f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>,
) -> Result<Json<T>> {
    once_sealed(cx, 200, f).await.map(Json)
}

async fn once_sealed<P: Permission, T: ToJSON>(
    cx: &Cx<P>,
    status: u16,
    f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>,
) -> Result<T> {
    let Some(key) = cx.request.idempotency.clone() else { return cx.control(f).await };
    let actor = cx.principal.actor.id.unwrap_or_default();
    let scope = format!("{}/{}/{actor}", cx.request.operation, cx.principal.tenant);
    let place = format!("answer:{scope}/{}", key.key);
    let made = cx
        .control(async |tx| {
            kernel::http::claim_key(tx, &scope, &key).await?;
            let made = f(tx).await?;
            let body = serde_json::to_vec(&made.to_json()).map_err(Error::internal)?;
            let sealed = kernel::crypto::hex(&tx.app().keys.seal(&place, &body)?);
            kernel::http::keep_answer(tx, &scope, &key, status, Some(Value::String(sealed))).await?;
            Ok(made)
        })
        .await;
    made.map_err(|error| match error.kind() {
        Kind::Replay { status, body: Some(Value::String(sealed)) } => {
            let opened = unhex(sealed).and_then(|sealed| cx.app.keys.open(&place, &sealed).ok());
            match opened.and_then(|body| serde_json::from_slice(&body).ok()) {
                Some(body) => Kind::Replay { status: *status, body }.into(),
                None => Error::internal("a kept answer does not open"),
            }
        }
        _ => error,
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
