//! # Purpose
//! The binary `upzento`: mounts every module, serves the API, runs background work.
//! # Tables
//! None.
//! # Permissions
//! None.
//! # Events
//! None.
//! # Invariants
//! Nothing is decided here: this crate only puts modules together.
pub mod audit;
pub mod demo;
mod hosts;
mod internal;
pub mod modules;
pub mod recount;

use kernel::{
    App, Error, Result,
    clock::Clock,
    config::Config,
    http::{
        coding::pack,
        console::{Console, is_admin_page},
        openapi,
    },
    telemetry,
};
use poem::{
    Endpoint, EndpointExt, IntoEndpoint, Response, Route, Server,
    listener::{Acceptor, Listener, TcpListener},
};
use poem_openapi::OpenApiService;
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{runtime::Handle, task::JoinHandle};

/// A connection on which nothing moves is closed; longer than any answer takes, and than an edge keeps one in reserve.
const INTERNAL_IDLE: Duration = Duration::from_secs(120);

/// The program with every module installed; nothing runs yet.
pub fn build(config: Config, clock: Clock) -> Result<Arc<App>> {
    let app = App::new(config, clock, modules::all())?;
    modules::install(&app)?;
    Ok(app)
}

fn service(public_url: &str) -> OpenApiService<impl poem_openapi::OpenApi, ()> {
    OpenApiService::new(modules::api(), "Upzento", env!("CARGO_PKG_VERSION"))
        .description("The API of agencies, their clients and their tools. Ids look like `con_…`; times are UTC; money is in minor units; errors are RFC 9457 problems. Where a filter of a list takes a day or a moment it also takes a day that moves: `today`, `week`, `month`, `quarter` or `year`, with so many of them before or after (`today-7`, `month+1`), in the account's time zone.")
        .server(public_url.to_owned())
}

/// The corrected OpenAPI document.
pub fn openapi_document(public_url: &str) -> Result<String> {
    openapi::document(&service(public_url).spec(), &modules::described())
}

/// Everything that answers HTTP; without what edges call, when they have a listener of their own.
pub fn routes(app: &Arc<App>) -> Result<impl Endpoint<Output = Response> + 'static> {
    let url = app.config.server.public_url.clone();
    let docs = openapi::on_demand("text/html; charset=utf-8", move || Ok(service(&url).scalar_html()));
    let url = app.config.server.public_url.clone();
    let spec = openapi::on_demand("application/json", move || openapi_document(&url));
    let api = service(&app.config.server.public_url).into_endpoint();
    // Previews of widgets come from the edge.
    let frames = format!("; frame-src {}", app.config.edge.public_url);
    let folder = &app.config.server.dashboard;
    let api = match Console::read(folder, "server.dashboard", &frames, |path| !is_admin_page(path))? {
        Some(console) => console.before(api).boxed(),
        None => api.map_to_response().boxed(),
    };
    let api = if app.config.internal.core_listen.is_empty() { api } else { internal::split(api, false).boxed() };
    let routes = Route::new()
        .at("/healthz", poem::get(telemetry::healthz))
        .at("/readyz", poem::get(telemetry::readyz))
        .at("/metrics", poem::get(telemetry::metrics))
        .at("/openapi.json", poem::get(spec))
        .at("/internal/domains/ask", poem::get(hosts::ask))
        .at("/docs", poem::get(docs))
        .nest("/", api);
    let state = app.clone();
    let routes = routes.around(move |endpoint, req| {
        let app = state.clone();
        async move {
            let accepted = req.header("accept-encoding").unwrap_or_default().to_owned();
            hosts::route(app, endpoint, req).await.map(|response| pack(&accepted, response))
        }
    });
    Ok(kernel::http::around(app.clone(), routes))
}

/// A running server.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it listens for edges, when that is an address of its own.
    pub internal: Option<SocketAddr>,
    /// The program.
    pub app: Arc<App>,
    servers: Vec<JoinHandle<std::io::Result<()>>>,
    work: Vec<JoinHandle<()>>,
}

impl Running {
    /// Stops taking requests, lets open ones finish, waits for running jobs.
    pub async fn stop(self) -> Result<()> {
        self.app.stop.cancel();
        for server in self.servers {
            server.await.map_err(Error::internal)?.map_err(Error::internal)?;
        }
        for task in self.work {
            task.await.map_err(Error::internal)?;
        }
        Ok(())
    }

    /// Waits until somebody else stops it.
    pub async fn wait(self) -> Result<()> {
        self.app.stop.cancelled().await;
        self.stop().await
    }
}

/// Starts the API on the configured addresses, and background work when threads are given to it.
pub async fn serve(app: Arc<App>, work: Option<&Handle>) -> Result<Running> {
    let listener = TcpListener::bind(app.config.server.listen.clone());
    let acceptor = kernel::http::NoDelay(listener.into_acceptor().await.map_err(Error::internal)?);
    let (address, routes) = (address(&acceptor)?, routes(&app)?);
    let mut running = Running { address, internal: None, app: app.clone(), servers: vec![], work: vec![] };
    if !app.config.internal.core_listen.is_empty() {
        let acceptor = internal::acceptor(&app.config.internal).await?;
        running.internal = Some(self::address(&acceptor)?);
        let server = Server::new_with_acceptor(acceptor).idle_timeout(INTERNAL_IDLE);
        running.servers.push(run(&app, server, internal::routes(&app)));
    }
    running.servers.push(run(&app, Server::new_with_acceptor(acceptor), routes));
    if let Some(threads) = work {
        running.work = spawn_work(&app, threads);
    }
    Ok(running)
}

fn address(acceptor: &impl Acceptor) -> Result<SocketAddr> {
    let mut addresses = acceptor.local_addr().into_iter();
    addresses.find_map(|a| a.0.as_socket_addr().copied()).ok_or_else(|| Error::internal("no listening address"))
}

/// Serves until the program stops; open requests then have a while.
fn run<A, E>(app: &Arc<App>, server: Server<Infallible, A>, routes: E) -> JoinHandle<std::io::Result<()>>
where
    A: Acceptor + 'static,
    E: Endpoint + 'static,
{
    let (stop, drain) = (app.stop.clone(), Duration::from_secs(app.config.server.drain_seconds));
    let stopped = async move { stop.cancelled().await };
    tokio::spawn(server.run_with_graceful_shutdown(routes, stopped, Some(drain)))
}

/// Starts the dispatcher, the workers and the warm pool.
pub fn spawn_work(app: &Arc<App>, threads: &Handle) -> Vec<JoinHandle<()>> {
    vec![
        threads.spawn(kernel::events::dispatch_forever(app.clone())),
        threads.spawn(kernel::jobs::work_forever(app.clone())),
        threads.spawn(keep_warm(app.clone())),
    ]
}

/// Keeps schemas ready for sign-ups and destroys those whose end has come. Only a process that knows the owner's login
/// can do either.
async fn keep_warm(app: Arc<App>) {
    let (url, wanted) = (&app.config.database.owner_url, app.config.database.warm_pool);
    if url.is_empty() || wanted == 0 {
        return;
    }
    let mut owner = None;
    while !app.stop.is_cancelled() {
        if let Err(error) = tend_schemas(&app, &mut owner, url.expose(), wanted).await {
            tracing::warn!(%error, "schemas are not tended");
            owner = None;
        }
        tokio::select! {
            () = app.stop.cancelled() => {}
            // Whoever opens a tenant while none stands ready is told to come again; so look often, it is a count or two.
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

async fn tend_schemas(
    app: &Arc<App>,
    kept: &mut Option<tenant_migrations::Session>,
    url: &str,
    wanted: usize,
) -> anyhow::Result<()> {
    let owner = match kept {
        Some(owner) => owner,
        None => kept.insert(tenant_migrations::connect_owner(url).await?),
    };
    tenant_migrations::ensure_warm(owner, wanted).await?;
    let newest = app.config.secrets.master.first().map(|key| key.expose().to_owned()).unwrap_or_default();
    let signer = tenant_migrations::deletion::Signer::from_master(&newest)?;
    let empty = |name: tenant_migrations::TenantName| {
        let app = app.clone();
        async move { files::forget_tenant(&app, name.as_str()).await.map_err(anyhow::Error::from) }
    };
    tenant_migrations::deletion::delete_started(owner, Some(&signer), empty).await?;
    Ok(())
}
