//! Who may administrate: `Admin<P>` is the authenticated platform admin with permission `P` checked, and the only way
//! from a handler to the control plane.
use futures_util::future::BoxFuture;
use identity::admins::{actions::authenticate, model::AdminPrincipal};
use kernel::{
    App, ControlTx, Error, Result,
    auth::{Context, Level, Permission},
    db::ListQuery,
    events::NewEvent,
    http::{Created, Page, RequestInfo},
    ids::new_uuid,
};
use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    payload::Json,
    registry::{MetaSecurityScheme, Registry},
    types::{ParseFromJSON, ToJSON},
};
use sheets::{CsvFile, Export};
use std::{marker::PhantomData, sync::Arc};

kernel::permissions! {
    /// See agencies, clients, plans, queues, schemas, health and the audit log of the platform.
    Read = "platform.read",
    /// Suspend, resume, transfer and delete accounts.
    Accounts = "platform.accounts.write",
    /// Change plans, module switches, flags and settings.
    Settings = "platform.settings.write",
    /// Retry and discard jobs.
    Jobs = "platform.jobs.write",
    /// Rotate and revoke embed keys.
    Keys = "platform.keys.write",
    /// Work in an account in the place of one of its members.
    Impersonate = "identity.impersonate",
}

/// The authorised context of one admin request.
pub struct Admin<P: Permission> {
    /// The running program.
    pub app: Arc<App>,
    /// Who asks.
    pub admin: AdminPrincipal,
    /// The request itself.
    pub request: RequestInfo,
    permission: PhantomData<P>,
}

impl<P: Permission> Admin<P> {
    /// What events need to know.
    pub fn context(&self) -> Context {
        Context { actor: self.admin.actor(), request_id: self.request.id.clone(), now: self.app.clock.now() }
    }

    /// Works in the control plane.
    pub async fn control<T>(&self, f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>) -> Result<T> {
        self.app.control(self.context(), f).await
    }

    /// A POST that makes something: the same answer again for the same `Idempotency-Key`.
    pub async fn create<T: ToJSON>(&self, f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>) -> Result<Created<T>> {
        let key = self.request.idempotency.clone();
        let scope = format!("{}/{}", self.request.operation, self.admin.id);
        let made = self
            .control(async |tx| {
                if let Some(key) = &key {
                    kernel::http::claim_key(tx, &scope, key).await?;
                }
                let made = f(tx).await?;
                if let Some(key) = &key {
                    kernel::http::keep_answer(tx, &scope, key, 201, made.to_json()).await?;
                }
                Ok(made)
            })
            .await?;
        Ok(Created::Created(Json(made)))
    }
}

impl<P: Permission + Send + Sync + 'static> Admin<P> {
    /// A list as a file; that it left is recorded.
    pub async fn export<T, L>(self, what: Export, event: &'static str, list: L) -> Result<CsvFile>
    where
        T: ParseFromJSON + ToJSON + Send + Sync + 'static,
        L: for<'a> Fn(&'a mut ControlTx, &'a ListQuery) -> BoxFuture<'a, Result<Page<T>>> + Send + Sync + 'static,
    {
        let event = NewEvent::new(event, "exports", new_uuid(self.app.clock.now()), format!("{} exported", what.name));
        let shared = Arc::new((self, list));
        let reader = shared.clone();
        let load = move |query| {
            let shared = reader.clone();
            async move { shared.0.control(async |tx| (shared.1)(tx, &query).await).await }
        };
        let file = sheets::file(what.name, what.columns, (what.filter, what.sort), load).await?;
        shared.0.control(async |tx| tx.record(None, event).await).await?;
        Ok(file)
    }
}

impl<'a, P: Permission> ApiExtractor<'a> for Admin<P> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = MetaSecurityScheme {
            ty: "http",
            description: Some("Token of a platform admin from POST /v1/sessions."),
            name: None,
            key_in: None,
            scheme: Some("bearer"),
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme("bearer", scheme);
    }
    fn security_schemes() -> Vec<&'static str> {
        vec!["bearer"]
    }
    async fn from_request(req: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        Ok(authorise::<P>(req).await?)
    }
}

async fn authorise<P: Permission>(req: &Request) -> Result<Admin<P>> {
    let app = App::of(req)?;
    let request = RequestInfo::of(req);
    let by_address =
        |app: &App| request.limit(app, &format!("ip/{}", request.ip_prefix()), app.config.limits.public_per_minute);
    let Some(token) = req.header("authorization").and_then(|h| h.strip_prefix("Bearer ")) else {
        by_address(&app)?;
        return Err(Error::unauthenticated("credential_missing"));
    };
    let admin = match authenticate(&app, token).await {
        Ok(admin) => admin,
        Err(error) => {
            // Guessing tokens costs as much as having none.
            by_address(&app)?;
            return Err(error);
        }
    };
    request.limit(&app, &format!("admin/{}", admin.id), app.config.limits.api_per_minute)?;
    if !P::NAME.is_empty() && admin.grants.level(P::NAME) == Level::No {
        return Err(Error::forbidden("permission_missing", format!("This needs the permission {}.", P::NAME)));
    }
    Ok(Admin { app, admin, request, permission: PhantomData })
}
