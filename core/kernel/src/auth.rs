//! Who asks and what he may do. A handler's signature carries its permission: `cx: Cx<contacts::Write>`; `Cx` is the
//! only door to a transaction.
use crate::{
    Error, Result,
    db::{ControlTx, Tx},
    embed::{EDGE_KEY_INFO, SIGNATURE_HEADER, Signed, VISITOR_HEADER, VisitorClaims},
    http::{Created, RequestInfo, Upserted},
    ids::TenantId,
    module::App,
    tenancy::Tenant,
};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    payload::Json,
    registry::{MetaSecurityScheme, Registry},
    types::ToJSON,
};
use std::{collections::HashMap, marker::PhantomData, sync::Arc};
use uuid::Uuid;

/// Who acts, for events and logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The user, key or widget session; none for the system.
    pub id: Option<Uuid>,
    /// Whose place the actor took (impersonation): both are on every event.
    pub on_behalf_of: Option<Uuid>,
}

/// Kinds of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A signed-in person.
    User,
    /// A program with an API key.
    ApiKey,
    /// Somebody on a client's website.
    Visitor,
    /// Upzento itself: jobs and subscriptions.
    System,
    /// A platform admin.
    Admin,
}

impl ActorKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            ActorKind::User => "user",
            ActorKind::ApiKey => "api_key",
            ActorKind::Visitor => "visitor",
            ActorKind::System => "system",
            ActorKind::Admin => "admin",
        }
    }
}

impl Actor {
    /// Upzento itself.
    pub const SYSTEM: Actor = Actor { kind: ActorKind::System, id: None, on_behalf_of: None };

    /// The member with whose eyes something is read: of an impersonation the one whose place was taken; none of programs.
    pub fn eyes(self) -> Option<Uuid> {
        let is_person = matches!(self.kind, ActorKind::User | ActorKind::Admin);
        self.on_behalf_of.or(self.id).filter(|_| is_person)
    }
}

/// What a transaction knows about the outside: who, when, which request.
#[derive(Debug, Clone)]
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// The request or job this belongs to.
    pub request_id: String,
    /// Now.
    pub now: DateTime<Utc>,
}

/// How far a permission reaches. Ordered: more comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Not at all.
    No,
    /// Records the member owns.
    Own,
    /// Records owned by members of the same teams.
    Team,
    /// Every record.
    All,
}

/// Permission names with their levels; roles merge to the most permissive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(HashMap<String, Level>);

impl Grants {
    /// Adds a grant; the higher level stays.
    pub fn add(&mut self, permission: &str, level: Level) {
        let entry = self.0.entry(permission.to_owned()).or_insert(Level::No);
        *entry = (*entry).max(level);
    }
    /// The level of a permission.
    pub fn level(&self, permission: &str) -> Level {
        self.0.get(permission).copied().unwrap_or(Level::No)
    }
    /// Keeps at most what the other allows: an API key or an impersonation never reaches further than its maker.
    pub fn intersect(&self, other: &Grants) -> Grants {
        Grants(self.0.iter().map(|(name, level)| (name.clone(), (*level).min(other.level(name)))).collect())
    }
    /// Every grant, unordered.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Level)> {
        self.0.iter().map(|(name, level)| (name.as_str(), *level))
    }
}

/// An authenticated somebody, acting in one tenant.
#[derive(Debug, Clone)]
pub struct Principal {
    /// For events.
    pub actor: Actor,
    /// The user; API keys have none.
    pub user: Option<Uuid>,
    /// The tenant he acts in.
    pub tenant: TenantId,
    /// The tenant his credential names; differs when an agency acts on its client.
    pub home: TenantId,
    /// What he may do here.
    pub grants: Arc<Grants>,
    /// Members of his teams, himself included: what level `team` sees.
    pub team_members: Arc<Vec<Uuid>>,
    /// The session behind a token.
    pub session: Option<Uuid>,
    /// Somebody else's hands.
    pub impersonation: Option<Impersonation>,
}

/// An impersonation in force.
#[derive(Debug, Clone)]
pub struct Impersonation {
    /// The impersonation's id.
    pub id: Uuid,
    /// Reading only (the default).
    pub read_only: bool,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What came in the request.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// `Authorization: Bearer …`
    Bearer(&'a str),
    /// `X-Api-Key: …`
    ApiKey(&'a str),
}

/// Turns a credential into a principal; the identity module provides it.
pub trait Authenticator: Send + Sync {
    /// `tenant` is the header `Upzento-Tenant`: an agency acting on one of its clients. `request` says where the
    /// credential came from: API keys may be bound to addresses.
    fn authenticate<'a>(
        &'a self,
        app: &'a Arc<App>,
        credential: Credential<'a>,
        tenant: Option<TenantId>,
        request: &'a RequestInfo,
    ) -> BoxFuture<'a, Result<Principal>>;
}

/// A named right.
pub trait Permission: Send + Sync + 'static {
    /// `<module>.<action>`.
    const NAME: &'static str;
    /// Whether it changes anything: an impersonator who only looks may not.
    const WRITES: bool;

    /// How far it reaches for somebody. Whatever is asked for in the request itself is looked at later ([`Cx::require`]).
    fn level(_: &App, grants: &Grants) -> Level {
        if Self::NAME.is_empty() { Level::All } else { grants.level(Self::NAME) }
    }
}

/// A permission as the roles editor shows it.
#[derive(Debug, Clone, Copy)]
pub struct PermissionInfo {
    /// `<module>.<action>`.
    pub name: &'static str,
    /// What it allows, in English.
    pub doc: &'static str,
}

/// Defines a module's permissions: `permissions! { /// See contacts. Read = "contacts.read", … }`. Names ending in
/// `.read` change nothing.
#[macro_export]
macro_rules! permissions {
    ($(#[doc = $doc:literal] $t:ident = $name:literal),* $(,)?) => {
        $(
            #[doc = $doc]
            #[derive(Debug)]
            pub struct $t;
            impl $crate::auth::Permission for $t {
                const NAME: &'static str = $name;
                const WRITES: bool = !$crate::auth::is_read($name);
            }
        )*
        /// Every permission of this module.
        pub const PERMISSIONS: &[$crate::auth::PermissionInfo] = &[$($crate::auth::PermissionInfo { name: $name, doc: $doc }),*];
    };
}

/// Whether a permission name ends in `.read`.
pub const fn is_read(name: &str) -> bool {
    let (bytes, suffix) = (name.as_bytes(), b".read");
    if bytes.len() < suffix.len() {
        return false;
    }
    let mut i = 0;
    while i < suffix.len() {
        if bytes[bytes.len() - suffix.len() + i] != suffix[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Anybody signed in, whatever his role: for what concerns only himself.
#[derive(Debug)]
pub struct SignedIn;
impl Permission for SignedIn {
    const NAME: &'static str = "";
    const WRITES: bool = false;
}

/// The authorised context of one request.
pub struct Cx<P: Permission> {
    /// The running program.
    pub app: Arc<App>,
    /// Whose data.
    pub tenant: Arc<Tenant>,
    /// Who asks.
    pub principal: Arc<Principal>,
    /// How far permission `P` reaches.
    pub level: Level,
    /// The request itself.
    pub request: RequestInfo,
    permission: PhantomData<P>,
}

impl<P: Permission> Cx<P> {
    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// What verbs and events need to know.
    pub fn context(&self) -> Context {
        Context { actor: self.principal.actor, request_id: self.request.id.clone(), now: self.now() }
    }

    /// Reads in the tenant's schema.
    pub async fn read<T>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.read(&self.tenant, self.context(), f).await
    }

    /// Writes in the tenant's schema: PUT, PATCH, DELETE. POST uses [`Cx::create`] or [`Cx::act`].
    pub async fn write<T>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.write(&self.tenant, self.context(), f).await
    }

    /// A POST that makes something: 201, and the same answer again for the same `Idempotency-Key`.
    pub async fn create<T: ToJSON>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<Created<T>> {
        self.once(|_| 201, f).await.map(|made| Created::Created(Json(made)))
    }

    /// A POST that makes something, or finds that it is there: `is_new` tells of the answer which it was. The same answer for
    /// the same `Idempotency-Key`.
    pub async fn upsert<T: ToJSON>(
        &self,
        is_new: impl Fn(&T) -> bool,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T>,
    ) -> Result<Upserted<T>> {
        let done = self.once(|done| if is_new(done) { 201 } else { 200 }, f).await?;
        Ok(if is_new(&done) { Upserted::Created(Json(done)) } else { Upserted::Known(Json(done)) })
    }

    /// A POST that does something: 200, and the same answer again for the same `Idempotency-Key`.
    pub async fn act<T: ToJSON>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<Json<T>> {
        self.once(|_| 200, f).await.map(Json)
    }

    async fn once<T: ToJSON>(
        &self,
        status: impl Fn(&T) -> u16,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T>,
    ) -> Result<T> {
        let key = self.request.idempotency.clone();
        let scope = format!("{}/{}", self.request.operation, self.principal.actor.id.unwrap_or_default());
        self.write(async |tx| {
            if let Some(key) = &key {
                crate::http::claim_key(tx, &scope, key).await?;
            }
            let made = f(tx).await?;
            if let Some(key) = &key {
                crate::http::keep_answer(tx, &scope, key, status(&made), made.to_json()).await?;
            }
            Ok(made)
        })
        .await
    }

    /// Works in the control plane.
    pub async fn control<T>(&self, f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>) -> Result<T> {
        if P::WRITES {
            self.tenant.check_state(true)?;
        }
        self.app.control(self.context(), f).await
    }

    /// A POST on the control plane: like [`Cx::create`], same answer for the same `Idempotency-Key`.
    pub async fn control_create<T: ToJSON>(
        &self,
        f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>,
    ) -> Result<Created<T>> {
        self.control_once(201, f).await.map(|made| Created::Created(Json(made)))
    }

    /// A POST on the control plane that does something: like [`Cx::act`].
    pub async fn control_act<T: ToJSON>(&self, f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>) -> Result<Json<T>> {
        self.control_once(200, f).await.map(Json)
    }

    async fn control_once<T: ToJSON>(
        &self,
        status: u16,
        f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>,
    ) -> Result<T> {
        let key = self.request.idempotency.clone();
        // The control plane keeps every tenant's keys in one place, so the tenant is part of the scope here.
        let principal = &self.principal;
        let actor = principal.actor.id.unwrap_or_default();
        let scope = format!("{}/{}/{actor}", self.request.operation, principal.tenant);
        self.control(async |tx| {
            if let Some(key) = &key {
                crate::http::claim_key(tx, &scope, key).await?;
            }
            let made = f(tx).await?;
            if let Some(key) = &key {
                crate::http::keep_answer(tx, &scope, key, status, made.to_json()).await?;
            }
            Ok(made)
        })
        .await
    }

    /// The level of a permission that is known only by what is asked for.
    ///
    /// # Errors
    /// 403 when the caller does not have it, or the plan not its module.
    pub async fn require(&self, permission: &str) -> Result<Level> {
        let level = self.principal.grants.level(permission);
        if level == Level::No {
            return Err(Error::forbidden("permission_missing", format!("This needs the permission {permission}.")));
        }
        self.app.check_module(&self.tenant, permission).await?;
        Ok(level)
    }

    /// The level of another permission, for fields and special rights inside one operation.
    pub fn level_of<Q: Permission>(&self) -> Level {
        self.principal.grants.level(Q::NAME)
    }

    /// Owners whose records the caller may see: `None` for all of them.
    pub fn visible_owners(&self) -> Option<Vec<Uuid>> {
        self.owners_at(self.level)
    }

    /// The same by another permission: for records of a second kind inside one operation.
    pub fn visible_owners_of<Q: Permission>(&self) -> Option<Vec<Uuid>> {
        self.owners_at(self.level_of::<Q>())
    }

    /// The same by the level of a permission that is known only by what is asked for; see [`Cx::require`].
    pub fn owners_at(&self, level: Level) -> Option<Vec<Uuid>> {
        match level {
            Level::All => None,
            Level::Team => Some(self.principal.team_members.to_vec()),
            Level::Own => Some(self.principal.user.into_iter().collect()),
            Level::No => Some(vec![]),
        }
    }
}

impl<'a, P: Permission> ApiExtractor<'a> for Cx<P> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register_schemes(registry);
    }
    fn security_schemes() -> Vec<&'static str> {
        vec!["bearer", "api_key"]
    }
    async fn from_request(req: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        Ok(authorise::<P>(req).await?)
    }
}

fn register_schemes(registry: &mut Registry) {
    let scheme = |ty, description, name, key_in, scheme| MetaSecurityScheme {
        ty,
        description: Some(description),
        name,
        key_in,
        scheme,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    registry.create_security_scheme(
        "bearer",
        scheme("http", "Access token from sign-in, valid 15 minutes.", None, None, Some("bearer")),
    );
    registry.create_security_scheme(
        "api_key",
        scheme("apiKey", "API key of a tenant.", Some("X-Api-Key"), Some("header"), None),
    );
}

async fn authorise<P: Permission>(req: &Request) -> Result<Cx<P>> {
    let app = App::of(req)?;
    let request = RequestInfo::of(req);
    let bearer = req.header("authorization").and_then(|h| h.strip_prefix("Bearer "));
    let credential = match (bearer, req.header("x-api-key")) {
        (Some(token), _) => Credential::Bearer(token),
        (None, Some(key)) => Credential::ApiKey(key),
        (None, None) => {
            request.limit(&app, &format!("ip/{}", request.ip_prefix()), app.config.limits.public_per_minute)?;
            return Err(Error::unauthenticated("credential_missing"));
        }
    };
    let wanted = match req.header("upzento-tenant") {
        Some(text) => Some(
            text.parse::<TenantId>()
                .map_err(|_| Error::bad_request("tenant_header_invalid", "Upzento-Tenant takes an id like ten_…"))?,
        ),
        None => None,
    };
    let principal = match app.authenticator()?.authenticate(&app, credential, wanted, &request).await {
        Ok(principal) => principal,
        Err(error) => {
            // Guessing credentials costs as much as having none.
            request.limit(&app, &format!("ip/{}", request.ip_prefix()), app.config.limits.public_per_minute)?;
            return Err(error);
        }
    };
    let who = principal.actor.id.unwrap_or_default();
    request.limit(&app, &format!("principal/{who}"), app.config.limits.api_per_minute)?;
    let tenant = app.tenant(principal.tenant).await?;
    tracing::Span::current().record("tenant", tracing::field::display(principal.tenant));
    if P::WRITES && principal.impersonation.as_ref().is_some_and(|i| i.read_only) {
        return Err(Error::forbidden(
            "impersonation_read_only",
            "This impersonation may only look. Start one that may act.",
        ));
    }
    let level = P::level(&app, &principal.grants);
    if level == Level::No {
        let name = if P::NAME.is_empty() { "of what is asked for" } else { P::NAME };
        return Err(Error::forbidden("permission_missing", format!("This needs the permission {name}.")));
    }
    app.check_module(&tenant, P::NAME).await?;
    Ok(Cx { app, tenant, principal: Arc::new(principal), level, request, permission: PhantomData })
}

/// A request without a credential: sign-up, sign-in, links from e-mails. Limited by address.
pub struct Anonymous {
    /// The running program.
    pub app: Arc<App>,
    /// The request itself.
    pub request: RequestInfo,
}

impl Anonymous {
    /// What events need to know.
    pub fn context(&self) -> Context {
        Context {
            actor: Actor { kind: ActorKind::Visitor, id: None, on_behalf_of: None },
            request_id: self.request.id.clone(),
            now: self.app.clock.now(),
        }
    }
    /// Works in the control plane.
    pub async fn control<T>(&self, f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>) -> Result<T> {
        self.app.control(self.context(), f).await
    }
    /// Counts an attempt to prove who one is: few in 15 minutes, for the address and for the name tried.
    pub fn limit_attempts(&self, name: &str) -> Result<()> {
        let per = self.app.config.limits.auth_per_15_minutes;
        self.request.limit_slow(&self.app, &format!("auth/{}/{}", self.request.ip_prefix(), name.to_lowercase()), per)
    }
}

impl<'a> ApiExtractor<'a> for Anonymous {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::PoemExtractor];
    type ParamType = ();
    type ParamRawType = ();
    async fn from_request(req: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let app = App::of(req)?;
        let request = RequestInfo::of(req);
        request.limit(&app, &format!("ip/{}", request.ip_prefix()), app.config.limits.public_per_minute)?;
        Ok(Anonymous { app, request })
    }
}

/// Somebody whose session shows in the request itself, for example in a cookie: the operation checks it. He is no
/// stranger, and many of his kind may sit behind one address.
pub struct Returning(pub Anonymous);

impl<'a> ApiExtractor<'a> for Returning {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::PoemExtractor];
    type ParamType = ();
    type ParamRawType = ();
    async fn from_request(req: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let (app, request) = (App::of(req)?, RequestInfo::of(req));
        request.limit(&app, &format!("returning/{}", request.ip_prefix()), app.config.limits.api_per_minute)?;
        Ok(Returning(Anonymous { app, request }))
    }
}

/// A visitor's action, forwarded and signed by the embed edge: tenant, widget and origin were checked there.
pub struct Visitor {
    /// The running program.
    pub app: Arc<App>,
    /// The tenant whose widget it is.
    pub tenant: Arc<Tenant>,
    /// What the edge attests.
    pub claims: VisitorClaims,
    /// The request itself.
    pub request: RequestInfo,
}

impl Visitor {
    /// What verbs and events need to know.
    pub fn context(&self) -> Context {
        Context {
            actor: Actor { kind: ActorKind::Visitor, id: None, on_behalf_of: None },
            request_id: self.request.id.clone(),
            now: self.app.clock.now(),
        }
    }
    /// Reads in the tenant's schema.
    pub async fn read<T>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.read(&self.tenant, self.context(), f).await
    }
    /// Writes in the tenant's schema.
    pub async fn write<T>(&self, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.write(&self.tenant, self.context(), f).await
    }
}

impl<'a> ApiExtractor<'a> for Visitor {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::PoemExtractor];
    type ParamType = ();
    type ParamRawType = ();
    async fn from_request(req: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let app = App::of(req)?;
        let request = RequestInfo::of(req);
        let claims = edge_claims(req, &app, &request)?;
        let id = TenantId(claims.tenant.ok_or_else(|| Error::unauthenticated("edge_signature"))?);
        let tenant = app.tenant(id).await?;
        tracing::Span::current().record("tenant", tracing::field::display(id));
        Ok(Visitor { app, tenant, claims, request })
    }
}

/// What the edge signed for this request; 401 when it did not come from our edge.
pub fn edge_claims(req: &Request, app: &App, request: &RequestInfo) -> Result<VisitorClaims> {
    let header = |name| req.header(name).unwrap_or("").to_owned();
    let signed = Signed { claims: header(VISITOR_HEADER), signature: header(SIGNATURE_HEADER) };
    let key = app.keys.derive(EDGE_KEY_INFO);
    let target = req.original_uri().path_and_query().map_or("", |t| t.as_str());
    let now = app.clock.now().timestamp();
    VisitorClaims::verify_hashed(&key, req.method().as_str(), target, &signed, &request.body_hash, now).map_err(
        |reason| {
            tracing::warn!(?reason, "a call that is not from our edge");
            Error::unauthenticated("edge_signature")
        },
    )
}
