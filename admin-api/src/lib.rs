//! # Purpose
//! The platform administration: its own listener, its own database login, no tenant schema.
//! # Tables
//! None of its own: reads the control plane and the shared tables of the cell.
//! # Permissions
//! See [`access::PERMISSIONS`]; held by the seeded roles platform admin and platform support.
//! # Events
//! `plan.*`, `flag.changed`, `setting.changed`, `job.*`, `tenant.module_switched`, in the platform's audit log.
//! # Invariants
//! A tenant's schema is never reached from here: this program has no login that could.
pub mod access;
pub mod accounts;
pub mod audit;
pub mod domains;
pub mod embed_keys;
pub mod flags;
pub mod fleet;
pub mod health;
pub mod impersonations;
pub mod jobs;
pub mod plans;
pub mod revenue;
pub mod sessions;
pub mod settings;
pub mod sightings;

use kernel::{
    App, Error, Module, Result,
    clock::Clock,
    config::Config,
    http::{
        console::{Console, is_admin_page},
        openapi,
    },
    telemetry,
};
use poem::{
    Endpoint, EndpointExt, IntoEndpoint, IntoResponse, Response, Route,
    http::Method,
    listener::{Acceptor, Listener, TcpListener},
    middleware::Compression,
    web::{CompressionAlgo, Redirect},
};
use poem_openapi::{OpenApi, OpenApiService, Tags};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::task::JoinHandle;

#[derive(Tags)]
pub(crate) enum Tag {
    /// Signing in.
    Sessions,
    /// Agencies and clients.
    Accounts,
    /// Plans, flags, settings.
    Platform,
    /// Queues, schemas, keys, health, audit.
    Operations,
}

fn api() -> impl OpenApi {
    (
        sessions::api::SessionsApi,
        (accounts::api::AccountsApi, domains::api::DomainsApi, impersonations::api::ImpersonationsApi),
        (plans::api::PlansApi, revenue::api::RevenueApi, flags::api::FlagsApi, settings::api::SettingsApi),
        (
            jobs::api::JobsApi,
            fleet::api::FleetApi,
            embed_keys::api::EmbedKeysApi,
            health::api::HealthApi,
            sightings::api::SightingsApi,
            audit::api::AuditApi,
        ),
    )
}

/// The program; nothing runs yet. It never sees the logins that reach tenants.
pub fn build(mut config: Config, clock: Clock) -> Result<Arc<App>> {
    let database = &mut config.database;
    for url in [&mut database.app_url, &mut database.owner_url, &mut database.control_url, &mut database.ops_url] {
        *url = Default::default();
    }
    let platform = Module { name: "platform", permissions: access::PERMISSIONS, ..Module::default() };
    let app = App::new(config, clock, vec![platform, tenants::module(), notifications::module(), identity::module()])?;
    tenants::install(&app)?;
    Ok(app)
}

fn service(public_url: &str) -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(api(), "Upzento platform administration", env!("CARGO_PKG_VERSION"))
        .description(
            "For the people who run the platform. Ids look like `ten_…`; times are UTC; errors are RFC 9457 problems.",
        )
        .server(public_url.to_owned())
}

/// The corrected OpenAPI document.
pub fn openapi_document(public_url: &str) -> Result<String> {
    openapi::document(&service(public_url).spec(), &[])
}

/// Everything that answers HTTP.
pub fn routes(app: &Arc<App>) -> Result<impl Endpoint<Output = Response> + 'static> {
    let url = app.config.admin.public_url.clone();
    let docs = openapi::on_demand("text/html; charset=utf-8", move || Ok(service(&url).scalar_html()));
    let url = app.config.admin.public_url.clone();
    let spec = openapi::on_demand("application/json", move || openapi_document(&url));
    let api = service(&app.config.admin.public_url).into_endpoint();
    let api = match Console::read(&app.config.admin.dashboard, "admin.dashboard", "", is_admin_page)? {
        Some(console) => console.before(to_console(api)).boxed(),
        None => api.map_to_response().boxed(),
    };
    let routes = Route::new()
        .at("/healthz", poem::get(telemetry::healthz))
        .at("/readyz", poem::get(telemetry::readyz))
        .at("/metrics", poem::get(telemetry::metrics))
        .at("/openapi.json", poem::get(spec))
        .at("/docs", poem::get(docs))
        .nest("/", api);
    let compression = Compression::new().algorithms([CompressionAlgo::BR, CompressionAlgo::GZIP]);
    Ok(kernel::http::around(app.clone(), routes.with(compression)))
}

/// Whoever comes to the bare address wants the console.
fn to_console<E: Endpoint + 'static>(api: E) -> impl Endpoint<Output = Response> + 'static {
    api.around(|api, req| async move {
        if req.method() == Method::GET && req.uri().path() == "/" {
            return Ok(Redirect::temporary("/admin").into_response());
        }
        Ok(api.call(req).await?.into_response())
    })
}

/// A running administration.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The program.
    pub app: Arc<App>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Waits for the end after somebody cancelled `app.stop`.
    pub async fn wait(self) -> Result<()> {
        self.app.stop.cancelled().await;
        self.server.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

/// Starts the administration on the configured address.
pub async fn serve(app: Arc<App>) -> Result<Running> {
    let acceptor = TcpListener::bind(app.config.admin.listen.clone()).into_acceptor().await.map_err(Error::internal)?;
    let address = acceptor
        .local_addr()
        .into_iter()
        .find_map(|a| a.0.as_socket_addr().copied())
        .ok_or_else(|| Error::internal("no listening address"))?;
    let (routes, stop, drain) = (routes(&app)?, app.stop.clone(), Duration::from_secs(app.config.server.drain_seconds));
    let server = poem::Server::new_with_acceptor(kernel::http::NoDelay(acceptor));
    let server =
        tokio::spawn(server.run_with_graceful_shutdown(routes, async move { stop.cancelled().await }, Some(drain)));
    Ok(Running { address, app, server })
}
