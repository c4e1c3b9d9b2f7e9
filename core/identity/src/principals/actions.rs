//! The authenticator and what it remembers for a few seconds.
use super::{
    db,
    model::{self, ACCESS, AccessClaims, FRESH_SECONDS},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use kernel::{
    App, ControlTx, Cx, Error, Result,
    auth::{Actor, ActorKind, Authenticator, Credential, Grants, Impersonation, Level, Permission, Principal},
    crypto::sha256,
    error::Kind,
    http::{Created, RequestInfo},
    ids::TenantId,
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
    loaded: DateTime<Utc>,
    valid_until: Option<DateTime<Utc>>,
}

/// Principals by credential, believed for [`FRESH_SECONDS`].
pub struct Principals(moka::future::Cache<Key, Arc<Known>>);

impl Default for Principals {
    fn default() -> Self {
        let cache = moka::future::Cache::builder()
            .max_capacity(50_000)
            .time_to_live(std::time::Duration::from_secs(60))
            .support_invalidation_closures();
        Principals(cache.build())
    }
}

impl Principals {
    /// Forgets what is known of a person, so that a change counts at once in this process (elsewhere within seconds).
    pub(crate) fn forget_user(app: &App, user: Uuid) {
        Self::forget(app, move |key, known| {
            matches!(key, Key::Token(claims, _) if claims.user == user) || known.principal.user == Some(user)
        });
    }
    /// Forgets everybody who works in a tenant.
    pub(crate) fn forget_tenant(app: &App, tenant: TenantId) {
        Self::forget(app, move |_, known| known.principal.tenant == tenant || known.principal.home == tenant);
    }
    /// Forgets an impersonation.
    pub(crate) fn forget_impersonation(app: &App, id: Uuid) {
        Self::forget(app, move |key, _| matches!(key, Key::Token(claims, _) if claims.impersonation == Some(id)));
    }
    fn forget(app: &App, which: impl Fn(&Key, &Arc<Known>) -> bool + Send + Sync + 'static) {
        if let Ok(principals) = app.provided::<Principals>() {
            // Why ignoring is right: it fails only without closure support, which is switched on above.
            let _ = principals.0.invalidate_entries_if(which);
        }
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
            let known = match self.0.get(&key).await {
                Some(known) if now - known.loaded < TimeDelta::seconds(FRESH_SECONDS) => known,
                _ => {
                    let known = Arc::new(load(app, &key, now).await?);
                    self.0.insert(key, known.clone()).await;
                    known
                }
            };
            if known.valid_until.is_some_and(|until| until <= now) {
                return Err(Error::unauthenticated("credential_expired"));
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
    Ok(Known { principal, addresses: vec![], loaded: now, valid_until: None })
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
    Ok(Known { principal, addresses: key.addresses, loaded: now, valid_until: key.expires_at })
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
                held.map(|m| m.grants).filter(|_| tenant.parent == Some(TenantId(home)))
            }
            None => {
                db::admin_grants(tx, row.session_id, row.impersonator_id, now).await?.map(|g| Value::Array(vec![g]))
            }
        };
        let Some(held) = held else { return Ok(None) };
        let member = match row.member_id {
            Some(member) => db::member(tx, member, row.tenant_id).await?.map(|m| (m.grants, m.team_members)),
            None => Some((Value::Array(vec![db::owner_grants(tx, owner_role(tenant.kind)).await?]), vec![])),
        };
        Ok(member.map(|(grants, team)| (row, held, grants, team)))
    });
    let (row, held, grants, team) = found.await?.ok_or_else(|| Error::unauthenticated("impersonation_ended"))?;
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
    Ok(Known { principal, addresses: vec![], loaded: now, valid_until: Some(row.expires_at) })
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
