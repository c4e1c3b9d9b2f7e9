//! The embed edge: what visitors' browsers talk to. It serves the loader, decides which page may hold which widget, gives
//! the frame its tokens, limits, and passes visitor actions on to the core, signed.
//!
//! It has no right on any tenant's schema: it reads four views of widgets, allowed origins, revisions and keys, and keeps
//! what it reads in memory.
//!
//! Read in this order: [`route`] (which question), [`frame`] (who may hold a widget), [`session`] (what is asked of every
//! call of our own frame), [`actions`], [`forward`] and [`channel`] (the core), [`cache`] and [`watch`] (how memory stays
//! true), [`server`] (connections).
pub mod actions;
pub mod admin;
pub mod answers;
pub mod assets;
pub mod body;
pub mod cache;
pub mod channel;
pub mod client;
pub mod forward;
pub mod frame;
pub mod limits;
pub mod renewed;
pub mod reply;
pub mod report;
pub mod route;
pub mod server;
pub mod session;
pub mod settings;
pub mod site;
pub mod source;
pub mod tls;
pub mod watch;

pub use settings::{Options, Times};

use crate::{
    admin::{Emergency, Internal},
    answers::Answers,
    assets::Assets,
    cache::Sites,
    forward::Core,
    limits::Guard,
    report::Report,
    route::Public,
    server::{Life, Server},
    settings::Settings,
    source::Source,
};
use kernel::{Error, Result, clock::Clock, config::Config};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Limiters forget old keys once in so long.
const SWEEP: Duration = Duration::from_secs(10);
/// The internal listener takes so many connections.
const INTERNAL_CONNECTIONS: usize = 64;

/// Everything a request needs.
pub struct Edge {
    pub(crate) settings: Settings,
    pub(crate) times: Times,
    pub(crate) clock: Clock,
    pub(crate) assets: Assets,
    pub(crate) templates: frame::Templates,
    pub(crate) sites: Arc<Sites>,
    pub(crate) guard: Guard,
    pub(crate) report: Report,
    pub(crate) answers: Answers,
    pub(crate) core: Core,
    pub(crate) spent: actions::Spent,
    pub(crate) uploads: Semaphore,
}

/// A running edge.
pub struct Handle {
    /// Address of the public listener.
    pub addr: SocketAddr,
    /// Address of the internal listener, when there is one.
    pub admin_addr: Option<SocketAddr>,
    /// Address of the listener for revocations, when there is one.
    pub revoke_addr: Option<SocketAddr>,
    /// `http` or `https`, as browsers see it.
    pub scheme: &'static str,
    /// Bearer secret of the emergency verbs, derived from the master key.
    pub admin_secret: String,
    life: Life,
    tasks: TaskTracker,
    drain: Duration,
}

/// Starts an edge and returns when it listens.
///
/// # Errors
/// The configuration is wrong, the built widgets are missing, or an address is taken. A database or core that is away is
/// no error: the edge answers 503 until they are there.
pub async fn serve(config: &Config, options: Options) -> Result<Handle> {
    // Fails only when it is installed already, which is just as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let _ = admin::recorder();
    let settings = Settings::new(config)?;
    let Options { clock, times } = options;
    let tasks = TaskTracker::new();
    let source = Arc::new(Source::new(&settings, times.query, tasks.clone())?);
    let sites = Arc::new(Sites::new(source.clone(), settings.limits.widgets, &times, clock.clone(), tasks.clone()));
    let assets = Assets::read(&settings.assets)?;
    let tls = tls::Tls::new(&settings)?.map(Arc::new);
    let revoke = emergency(&settings).await?;
    let edge = Arc::new(Edge {
        templates: frame::Templates::new(&assets),
        assets,
        guard: Guard::new(&settings.limits, &clock),
        report: Report::new(clock.clone()),
        answers: Answers::new(clock.now()),
        core: Core::new(&settings)?,
        spent: actions::Spent::default(),
        uploads: Semaphore::new(settings.limits.uploads_at_once),
        sites: sites.clone(),
        settings,
        times,
        clock,
    });
    let life = Life { stop: CancellationToken::new(), kill: CancellationToken::new(), connections: TaskTracker::new() };
    let listener = bind(&edge.settings.listen).await?;
    let internal = match &edge.settings.admin_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let handle = Handle {
        addr: listener.local_addr().map_err(Error::internal)?,
        admin_addr: internal.as_ref().and_then(|l| l.local_addr().ok()),
        revoke_addr: revoke.as_ref().and_then(|(l, _)| l.local_addr().ok()),
        scheme: edge.settings.scheme,
        admin_secret: edge.settings.admin_secret.clone(),
        life: life.clone(),
        tasks: tasks.clone(),
        drain: edge.times.drain,
    };
    tasks.spawn(watch::run(sites.clone(), source, edge.times.clone(), life.stop.clone()));
    tasks.spawn(report::run(edge.clone(), life.stop.clone()));
    tasks.spawn(answers::run(edge.clone(), life.clone()));
    tasks.spawn(sweep(edge.clone(), life.stop.clone()));
    let (look, stop) = (edge.times.certificate, &life.stop);
    tasks.spawn(edge.core.renewed().watch(look, stop.clone()));
    for tls in tls.iter().chain(revoke.iter().map(|(_, tls)| tls)) {
        tasks.spawn(tls.renewed().watch(look, stop.clone()));
    }
    // A moment for the first look at the database, so that an edge that says it listens usually also knows its keys.
    let _ = tokio::time::timeout(edge.times.query, sites.first_contact()).await;
    listen(listener, Public(edge.clone()), tls, &edge, edge.settings.limits.connections, &life);
    if let Some(internal) = internal {
        listen(internal, Internal(edge.clone()), None, &edge, INTERNAL_CONNECTIONS, &life);
    }
    if let Some((listener, tls)) = revoke {
        listen(listener, Emergency(edge.clone()), Some(tls), &edge, INTERNAL_CONNECTIONS, &life);
    }
    Ok(handle)
}

impl Handle {
    /// Stops accepting, finishes open requests, and returns when everything has ended.
    pub async fn stop(&self) {
        self.life.stop.cancel();
        self.life.connections.close();
        if tokio::time::timeout(self.drain, self.life.connections.wait()).await.is_err() {
            tracing::warn!("open requests did not end in time and are cut");
            self.life.kill.cancel();
            self.life.connections.wait().await;
        }
        self.tasks.close();
        // Tasks that move a connection's bytes end with their client; nothing is lost when one of them is late.
        let _ = tokio::time::timeout(Duration::from_secs(3), self.tasks.wait()).await;
    }
}

async fn bind(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|e| Error::internal(format!("{address}: {e}")))
}

/// The listener for revocations, for those alone who have a certificate.
async fn emergency(settings: &Settings) -> Result<Option<(TcpListener, Arc<tls::Tls>)>> {
    let (Some(address), Some(channel)) = (&settings.revoke_listen, &settings.channel) else { return Ok(None) };
    Ok(Some((bind(address).await?, Arc::new(tls::Tls::mutual(channel)?))))
}

fn listen<E>(
    listener: TcpListener,
    endpoint: E,
    tls: Option<Arc<tls::Tls>>,
    edge: &Edge,
    connections: usize,
    life: &Life,
) where
    E: poem::Endpoint<Output = poem::Response> + 'static,
{
    let server = Server {
        endpoint,
        tls,
        times: edge.times.clone(),
        slots: Arc::new(Semaphore::new(connections)),
        life: life.clone(),
    };
    life.connections.spawn(Arc::new(server).run(listener));
}

async fn sweep(edge: Arc<Edge>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => edge.guard.sweep(),
        }
    }
}
