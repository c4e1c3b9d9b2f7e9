//! The database as the edge sees it: four views, one connection for questions and one for listening.
use crate::{settings::Settings, site};
use kernel::{
    Error, Result,
    embed::{KeyRing, RootKey, WidgetId},
};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Row, Statement, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// After a failed connection attempt nobody tries again for so long: a flood of questions must not become a flood of attempts.
const PAUSE: Duration = Duration::from_millis(250);
/// The context root keys are sealed under, followed by the key id.
pub const KEY_CONTEXT: &str = "embed-key:";

/// Reads the `edge` views.
pub struct Source {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    timeout: Duration,
    keyring: kernel::crypto::Keyring,
    tracker: TaskTracker,
    connecting: tokio::sync::Mutex<()>,
    client: Mutex<Option<Arc<Asking>>>,
    failed_at: Mutex<Option<Instant>>,
}

/// The connection for questions, with its one question prepared.
struct Asking {
    client: Client,
    select: Statement,
}

/// Our own listening connection.
pub struct Listener {
    /// For the sign of life and the sweep.
    pub client: Client,
    /// Payloads of notifications; ends when the connection does.
    pub notices: UnboundedReceiver<String>,
}

impl Source {
    /// A source that connects when first asked.
    pub fn new(settings: &Settings, timeout: Duration, tracker: TaskTracker) -> Result<Self> {
        let tls = match settings.database.get_ssl_mode() {
            SslMode::Require => Some(tls(&settings.database_ca)?),
            _ => None,
        };
        Ok(Source {
            config: settings.database.clone(),
            tls,
            timeout,
            keyring: settings.keyring.clone(),
            tracker,
            connecting: tokio::sync::Mutex::new(()),
            client: Mutex::default(),
            failed_at: Mutex::default(),
        })
    }

    /// The widgets with these ids, in no order; unknown ones are missing.
    pub async fn widgets(&self, ids: &[WidgetId]) -> Result<Vec<Row>> {
        metrics::counter!("upzento_edge_widget_queries_total").increment(1);
        let ids: Vec<&str> = ids.iter().map(WidgetId::as_str).collect();
        let asking = self.asking().await?;
        self.within(asking.client.query(&asking.select, &[&ids])).await
    }

    /// The root keys in force.
    pub async fn keys(&self, client: &Client) -> Result<KeyRing> {
        let sql = "select kid, sealed, state, extract(epoch from created_at)::bigint as created_at
                   from edge.keys where state <> 'revoked'";
        let mut keys = vec![];
        for row in self.within(client.query(sql, &[])).await? {
            let kid: i16 = row.try_get("kid")?;
            let opened = self.keyring.open(&format!("{KEY_CONTEXT}{kid}"), row.try_get("sealed")?);
            let secret = opened.ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            match (u8::try_from(kid), secret) {
                (Ok(kid), Some(secret)) => keys.push(RootKey {
                    kid,
                    secret,
                    signs: row.try_get::<_, &str>("state")? == "active",
                    created_at: row.try_get("created_at")?,
                }),
                _ => tracing::error!(kid, "an embed key does not open with the configured master keys"),
            }
        }
        Ok(KeyRing::new(keys))
    }

    /// Revisions above this one, oldest first.
    pub async fn revisions(&self, client: &Client, above: i64) -> Result<Vec<(Uuid, u64)>> {
        let sql = "select tenant_id, rev from edge.sites where rev > $1 order by rev";
        let rows = self.within(client.query(sql, &[&above])).await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get::<_, i64>(1)?.unsigned_abs()))).collect()
    }

    /// The highest revision there is.
    pub async fn latest(&self, client: &Client) -> Result<u64> {
        let row = self.within(client.query_one("select coalesce(max(rev), 0) from edge.sites", &[])).await?;
        Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
    }

    /// A sign of life.
    pub async fn ping(&self, client: &Client) -> Result<()> {
        self.within(client.simple_query("select 1")).await.map(drop)
    }

    /// A new connection that already listens: whatever is committed from now on is heard.
    pub async fn listen(&self) -> Result<Listener> {
        let (client, notices) = self.within_connect().await?;
        self.within(client.batch_execute("listen embed_cfg")).await?;
        // The database answers, so questions need not wait out the pause after an earlier failure.
        *lock(&self.failed_at) = None;
        Ok(Listener { client, notices })
    }

    async fn asking(&self) -> Result<Arc<Asking>> {
        if let Some(asking) = self.current() {
            return Ok(asking);
        }
        let _one = self.connecting.lock().await;
        if let Some(asking) = self.current() {
            return Ok(asking);
        }
        if lock(&self.failed_at).is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(Error::unavailable(5));
        }
        let opened = async {
            let (client, _) = self.within_connect().await?;
            let select = self.within(client.prepare(site::SELECT)).await?;
            Ok(Arc::new(Asking { client, select }))
        };
        let opened = opened.await;
        *lock(&self.failed_at) = opened.is_err().then(Instant::now);
        *lock(&self.client) = opened.as_ref().ok().cloned();
        opened
    }

    fn current(&self) -> Option<Arc<Asking>> {
        lock(&self.client).clone().filter(|asking| !asking.client.is_closed())
    }

    /// Drops the connection for questions: its server may be gone without a word, or its plan may be outdated.
    pub fn forget(&self) {
        *lock(&self.client) = None;
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T> {
        let done = tokio::time::timeout(self.timeout, work).await;
        let done = done.map_or_else(|_| Err(Error::unavailable(5)), |done| done.map_err(Error::from));
        done.inspect_err(|_| self.forget())
    }

    async fn within_connect(&self) -> Result<(Client, UnboundedReceiver<String>)> {
        let connect = self.connect();
        tokio::time::timeout(self.timeout, connect).await.map_err(|_| Error::unavailable(5))?
    }

    async fn connect(&self) -> Result<(Client, UnboundedReceiver<String>)> {
        let (sender, notices) = unbounded_channel();
        let client = match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                self.tracker.spawn(drive(connection, sender));
                client
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                self.tracker.spawn(drive(connection, sender));
                client
            }
        };
        Ok((client, notices))
    }
}

/// Moves the bytes of one connection until it ends; ends too when its client is dropped.
async fn drive<S, T>(
    mut connection: tokio_postgres::Connection<S, T>,
    notices: tokio::sync::mpsc::UnboundedSender<String>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        match std::future::poll_fn(|cx| connection.poll_message(cx)).await {
            Some(Ok(AsyncMessage::Notification(notice))) => {
                // Nobody listens on the connection for questions; then the payload is dropped.
                let _ = notices.send(notice.payload().to_owned());
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::debug!(%error, "database connection ended");
                return;
            }
            None => return,
        }
    }
}

fn tls(ca: &Path) -> Result<MakeRustlsConnect> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(ca).map_err(|e| Error::internal(format!("database.tls_ca: {e}")))?
    {
        roots.add(certificate.map_err(Error::internal)?).map_err(Error::internal)?;
    }
    Ok(MakeRustlsConnect::new(rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
