//! Connections: lanes for requests of tenants, one pool each for their files, their jobs, the control plane and the queues.
use super::statements::Statements;
use crate::{Error, Result, config::Database, config::Secret, ids::TenantId, priority};
use deadpool::managed::{self, Metrics, Object, Pool, RecycleError, RecycleResult, Timeouts};
use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
};
use tokio_postgres::{AsyncMessage, Client, NoTls, Statement, config::Host};

/// One Postgres connection with its prepared statements and the tenants it has served.
pub struct Backend {
    client: Client,
    task: JoinHandle<()>,
    statements: Mutex<Statements<Statement>>,
}

impl Backend {
    /// The raw client; only the kernel's transaction types hand it on.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }
    /// A kept statement; `None` when it should be prepared and remembered.
    pub(crate) fn cached(&self, sql: &str) -> Option<Statement> {
        lock(&self.statements).get(sql)
    }
    pub(crate) fn remember(&self, sql: &str, statement: Statement) {
        lock(&self.statements).keep(sql, statement);
    }
    pub(crate) fn forget_statements(&self) {
        lock(&self.statements).clear();
    }
    pub(crate) fn serve(&self, tenant: TenantId) {
        lock(&self.statements).serve(tenant);
    }
    /// Prepares once for each connection.
    pub(crate) async fn prepared(&self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.cached(sql) {
            return Ok(statement);
        }
        let statement = self.client.prepare(sql).await?;
        self.remember(sql, statement.clone());
        Ok(statement)
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Opens connections and decides when one is worn out.
pub struct Connector {
    config: tokio_postgres::Config,
    tls: Option<tokio_postgres_rustls::MakeRustlsConnect>,
    max_tenants: usize,
    /// Whether nobody waits for what its connections do.
    gives_way: bool,
}

impl Connector {
    /// Whether the server is reached without leaving this machine.
    fn is_here(&self) -> bool {
        self.config.get_hosts().iter().all(|host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
        })
    }

    /// A connection, the task that drives it, and what it hears.
    async fn connect(&self) -> Result<(Client, JoinHandle<()>, Notices), tokio_postgres::Error> {
        let (sender, notices) = unbounded_channel();
        let (client, task) = match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                (client, tokio::spawn(drive(connection, sender)))
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                (client, tokio::spawn(drive(connection, sender)))
            }
        };
        Ok((client, task, notices))
    }
}

type Notices = UnboundedReceiver<String>;

/// Moves the bytes of one connection until it ends; ends too when its client is dropped.
async fn drive<S, T>(mut connection: tokio_postgres::Connection<S, T>, sender: UnboundedSender<String>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
        if let AsyncMessage::Notification(notice) = message {
            // Why ignoring is right: a connection of a pool listens to nothing.
            let _ = sender.send(notice.payload().to_owned());
        }
    }
}

/// A connection that listens.
pub(crate) struct Line {
    pub(crate) client: Client,
    /// Payloads; ends with the connection.
    pub(crate) notices: Notices,
}

impl managed::Manager for Connector {
    type Type = Backend;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Backend, tokio_postgres::Error> {
        let (client, task, _) = self.connect().await?;
        if self.gives_way && self.is_here() {
            let row = client.query_one("select pg_backend_pid()", &[]).await?;
            priority::server_gives_way(row.get(0));
        }
        metrics::counter!("upzento_db_connections_opened_total").increment(1);
        Ok(Backend { client, task, statements: Mutex::default() })
    }

    async fn recycle(&self, backend: &mut Backend, _: &Metrics) -> RecycleResult<tokio_postgres::Error> {
        if backend.client.is_closed() {
            return Err(RecycleError::message("closed"));
        }
        // Why: a backend keeps about 20 kB for each table of each tenant it touched and never gives it back.
        if lock(&backend.statements).tenants() >= self.max_tenants {
            return Err(RecycleError::message("served enough tenants"));
        }
        Ok(())
    }
}

/// A pool of one login.
#[derive(Clone)]
pub struct DbPool(Pool<Connector>);

/// A connection on loan. Dropping it returns it; [`Loan::discard`] closes it.
pub struct Loan(Option<Object<Connector>>);

impl Loan {
    /// Closes the connection instead of returning it: for one that may be in the middle of something.
    pub(crate) fn discard(mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

impl std::ops::Deref for Loan {
    type Target = Backend;
    fn deref(&self) -> &Backend {
        match &self.0 {
            Some(object) => object,
            // `discard` takes the value by move, so nobody can look at an emptied loan.
            None => unreachable!("a loan is emptied only when it is consumed"),
        }
    }
}

impl DbPool {
    fn new(url: &Secret, size: usize, max_tenants: usize, tls_ca: &str, name: &str, gives_way: bool) -> Result<Self> {
        let mut config: tokio_postgres::Config =
            url.expose().parse().map_err(|e| Error::internal(format!("database url: {e}")))?;
        let name = format!("{name} {}", crate::telemetry::instance());
        config.application_name(&name).connect_timeout(Duration::from_secs(5)).keepalives_idle(Duration::from_secs(30));
        if gives_way {
            // A job works on many rows, and often makes them: a plan that was kept from when a table was small asks all of it for each
            // row of a list.
            let options = [config.get_options().unwrap_or_default(), "-c plan_cache_mode=force_custom_plan"].join(" ");
            config.options(options.trim());
        }
        let tls = match config.get_ssl_mode() {
            tokio_postgres::config::SslMode::Require => Some(tls(tls_ca)?),
            _ => None,
        };
        let pool = Pool::builder(Connector { config, tls, max_tenants, gives_way })
            .max_size(size)
            .runtime(deadpool::Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(5)))
            .create_timeout(Some(Duration::from_secs(6)))
            .build()
            .map_err(Error::internal)?;
        Ok(DbPool(pool))
    }

    /// A connection, waiting for one at most five seconds.
    pub(crate) async fn get(&self) -> Result<Loan> {
        self.0.get().await.map(|o| Loan(Some(o))).map_err(pool_error)
    }

    /// A connection outside the pool that already listens to a channel.
    pub(crate) async fn listen(&self, channel: &str) -> Result<Line> {
        let (client, _, notices) = self.0.manager().connect().await?;
        client.batch_execute(&format!("listen {channel}")).await?;
        Ok(Line { client, notices })
    }

    async fn get_within(&self, wait: Duration) -> Option<Result<Loan>> {
        let timeouts = Timeouts { wait: Some(wait), create: Some(Duration::from_secs(6)), recycle: None };
        match self.0.timeout_get(&timeouts).await {
            Ok(object) => Some(Ok(Loan(Some(object)))),
            Err(managed::PoolError::Timeout(managed::TimeoutType::Wait)) => None,
            Err(other) => Some(Err(pool_error(other))),
        }
    }
}

fn pool_error(error: managed::PoolError<tokio_postgres::Error>) -> Error {
    match error {
        managed::PoolError::Backend(error) => {
            tracing::warn!(%error, "cannot connect to the database");
            Error::unavailable(1)
        }
        managed::PoolError::Timeout(_) => overloaded(),
        other => Error::internal(other),
    }
}

fn overloaded() -> Error {
    metrics::counter!("upzento_db_pool_timeouts_total").increment(1);
    Error::unavailable(1)
}

fn tls(ca: &str) -> Result<tokio_postgres_rustls::MakeRustlsConnect> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(ca).map_err(|e| Error::internal(format!("database.tls_ca: {e}")))?
    {
        roots.add(certificate.map_err(Error::internal)?).map_err(Error::internal)?;
    }
    Ok(tokio_postgres_rustls::MakeRustlsConnect::new(
        rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth(),
    ))
}

/// How long a request waits for its own lane. Elsewhere it costs more: nothing is planned for its tenant there, it makes
/// others wait longer, and they then go elsewhere too. So a short queue is better than a detour, and only a lane that is
/// held up by something slow is left.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long a job waits for a connection: nobody waits for its answer, and giving up would cost it an attempt.
const JOB_PATIENCE: Duration = Duration::from_secs(30);

/// How many connections jobs have: a processor is left to those who wait. On two processors people beside an import waited
/// a third as long as with three connections, and the import was hardly slower.
fn background_connections(config: &Database) -> usize {
    match config.background_connections {
        0 => std::thread::available_parallelism().map_or(1, |processors| (processors.get() - 1).clamp(1, 3)),
        chosen => chosen,
    }
}

/// Every pool of a process.
pub struct Pools {
    lanes: Vec<DbPool>,
    /// Tenant work that takes long: files of whole lists. Apart from the lanes, so that nobody else waits for it.
    exports: Option<DbPool>,
    /// Tenant work of jobs, for the same reason: two statements of an import would be all that a lane has.
    background: Option<DbPool>,
    /// The control plane.
    pub control: DbPool,
    /// Dispatcher and workers.
    pub ops: DbPool,
    /// The owner, for building schemas; absent when not configured.
    pub owner_url: Secret,
}

impl Pools {
    /// Opens nothing yet: connections are made on first use.
    pub fn new(config: &Database) -> Result<Arc<Self>> {
        // What a connection is for is its name in `pg_stat_activity`, and on the health page.
        let of_tenants = |size, name, gives_way| {
            DbPool::new(&config.app_url, size, config.tenants_per_connection, &config.tls_ca, name, gives_way)
        };
        // A process without tenant work (the platform administration) has none of these.
        let serves_tenants = !config.app_url.is_empty();
        let control_url = if config.control_url.is_empty() { &config.admin_url } else { &config.control_url };
        let ops_url = if config.ops_url.is_empty() { control_url } else { &config.ops_url };
        Ok(Arc::new(Pools {
            lanes: (0..config.lanes)
                .filter(|_| serves_tenants)
                .map(|_| of_tenants(config.connections_per_lane, "upzento", false))
                .collect::<Result<_>>()?,
            exports: serves_tenants
                .then(|| of_tenants(config.export_connections, "upzento-exports", true))
                .transpose()?,
            background: serves_tenants
                .then(|| of_tenants(background_connections(config), "upzento-jobs", true))
                .transpose()?,
            control: DbPool::new(
                control_url,
                config.control_connections,
                usize::MAX,
                &config.tls_ca,
                "upzento-control",
                false,
            )?,
            ops: DbPool::new(ops_url, config.control_connections, usize::MAX, &config.tls_ca, "upzento-ops", false)?,
            owner_url: config.owner_url.clone(),
        }))
    }

    /// A connection for a tenant: its own lane first, the second choice after [`PATIENCE`], then whichever its own lane
    /// frees. It never takes those of other lanes, so that one busy tenant does not stop all.
    /// Jobs have connections of their own and stand in one queue.
    pub(crate) async fn tenant(&self, tenant: TenantId) -> Result<Loan> {
        if crate::jobs::is_job() {
            return of_tenants(self.background.as_ref())?.get_within(JOB_PATIENCE).await.ok_or_else(overloaded)?;
        }
        let order = lane_order(tenant, self.lanes.len());
        let Some(home) = order.first() else {
            return Err(Error::internal("this process has no tenant lanes"));
        };
        for lane in order.iter().take(2) {
            if let Some(result) = self.lanes[*lane].get_within(PATIENCE).await {
                return result;
            }
            metrics::counter!("upzento_db_lane_spills_total").increment(1);
        }
        self.lanes[*home].get().await
    }

    /// A connection for work on a tenant's data that takes long.
    pub(crate) async fn exports(&self) -> Result<Loan> {
        of_tenants(self.exports.as_ref())?.get().await
    }
}

fn of_tenants(pool: Option<&DbPool>) -> Result<&DbPool> {
    pool.ok_or_else(|| Error::internal("this process does no work for tenants"))
}

/// Rendezvous hashing: every process prefers the same lanes for a tenant, and adding a lane moves few tenants.
fn lane_order(tenant: TenantId, lanes: usize) -> Vec<usize> {
    let weight = |lane: &usize| {
        let mut hasher = DefaultHasher::new();
        (tenant.0.as_u128(), lane).hash(&mut hasher);
        std::cmp::Reverse(hasher.finish())
    };
    let mut order: Vec<usize> = (0..lanes).collect();
    order.sort_by_key(weight);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_stable_and_spread() {
        let mut counts = [0usize; 4];
        for i in 0..4000 {
            let tenant = TenantId(uuid::Uuid::from_u128(i));
            let order = lane_order(tenant, 4);
            assert_eq!(order, lane_order(tenant, 4));
            counts[order[0]] += 1;
            // A fifth lane takes over some tenants; nobody moves between the old ones.
            let grown = lane_order(tenant, 5);
            assert!(grown[0] == 4 || grown[0] == order[0]);
        }
        assert!(counts.iter().all(|c| (850..1150).contains(c)), "{counts:?}");
    }
}
