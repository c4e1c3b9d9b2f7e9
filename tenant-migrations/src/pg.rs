//! Connections as the owner, and the little SQL formatting that cannot be a parameter.

use std::env;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::str::FromStr as _;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::task::JoinSet;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use uuid::{NoContext, Timestamp, Uuid};

/// The role that owns every object.
pub const OWNER: &str = "upzento_owner";

/// A connection of its own; closes when dropped.
pub struct Session {
    client: Client,
    _driver: JoinSet<()>,
}

impl Deref for Session {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// Opens a connection as the login named in the URL.
///
/// # Errors
/// The URL is malformed, or the server refuses; the message never contains the password.
pub async fn connect(url: &str) -> Result<Session> {
    let config = parse(url)?;
    connect_with(&config).await
}

pub(crate) fn parse(url: &str) -> Result<Config> {
    let mut config = Config::from_str(url).context("the database URL cannot be read")?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    if config.get_application_name().is_none() {
        config.application_name("upzento migrate");
    }
    Ok(config)
}

pub(crate) async fn connect_with(config: &Config) -> Result<Session> {
    let mut driver = JoinSet::new();
    let target = describe(config);
    let connecting = || format!("connecting to {target}");
    let client = match tls()? {
        Some(tls) => {
            let (client, connection) = config.connect(tls).await.with_context(connecting)?;
            driver.spawn(drive(connection));
            client
        }
        None => {
            let (client, connection) = config.connect(NoTls).await.with_context(connecting)?;
            driver.spawn(drive(connection));
            client
        }
    };
    Ok(Session { client, _driver: driver })
}

async fn drive(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "connection ended");
    }
}

static TLS: OnceLock<MakeRustlsConnect> = OnceLock::new();

/// From now on connections are encrypted, when the URL's `sslmode` does not forbid it, and the server's certificate is
/// checked against the PEM file. Without this call the file named by `UPZENTO_DATABASE_TLS_CA` is taken, if any.
///
/// # Errors
/// The file cannot be read or has no certificate.
pub fn trust(ca: &Path) -> Result<()> {
    let context = || format!("reading the certificates in {}", ca.display());
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).with_context(context)? {
        roots.add(certificate.with_context(context)?).with_context(context)?;
    }
    if roots.is_empty() {
        bail!("{} has no certificate", ca.display());
    }
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let _ = TLS.set(MakeRustlsConnect::new(config));
    Ok(())
}

fn tls() -> Result<Option<MakeRustlsConnect>> {
    if TLS.get().is_none()
        && let Some(ca) = env::var_os("UPZENTO_DATABASE_TLS_CA").filter(|ca| !ca.is_empty())
    {
        trust(Path::new(&ca))?;
    }
    Ok(TLS.get().cloned())
}

/// Opens a connection that acts as the owner role, whoever the URL's login is (the owner itself, a superuser, or a
/// member of the owner role), so that every object made through it belongs to the owner.
///
/// # Errors
/// As [`connect`]; or the login may not become the owner.
pub async fn connect_owner(url: &str) -> Result<Session> {
    let session = connect(url).await?;
    become_owner(&session).await?;
    Ok(session)
}

/// Makes the session act as the owner role.
pub(crate) async fn become_owner(client: &Client) -> Result<()> {
    client
        .batch_execute(&format!("set client_min_messages = warning; set role {OWNER}; set search_path = ''"))
        .await
        .with_context(|| format!("becoming {OWNER} (run `migrate up` with a superuser's URL once, or give its URL)"))
}

fn describe(config: &Config) -> String {
    let host = config.get_hosts().first().map_or_else(String::new, |host| match host {
        tokio_postgres::config::Host::Tcp(name) => name.clone(),
        tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
    });
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{}@{host}:{port}/{}", config.get_user().unwrap_or("?"), config.get_dbname().unwrap_or("?"))
}

/// A fresh time-ordered id. The database's clock is asked, since it also writes the other times of the row.
///
/// # Errors
/// The connection is broken.
pub async fn new_ids(client: &Client, count: usize) -> Result<Vec<Uuid>> {
    let row = client.query_one("select (extract(epoch from clock_timestamp()) * 1000)::bigint", &[]).await?;
    let milliseconds: i64 = row.get(0);
    let seconds = u64::try_from(milliseconds / 1000)?;
    let nanos = u32::try_from(milliseconds % 1000)? * 1_000_000;
    Ok((0..count).map(|_| Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos))).collect())
}

/// A string literal.
#[must_use]
pub(crate) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!(" E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// A quoted identifier.
#[must_use]
pub(crate) fn identifier(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// What was being done, and the database's own words about why it failed.
#[must_use]
pub fn explain(error: &anyhow::Error) -> String {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<tokio_postgres::Error>());
    let Some(db) = cause.and_then(tokio_postgres::Error::as_db_error) else {
        return format!("{error:#}");
    };
    let mut text = String::new();
    for context in error.chain().take_while(|cause| !cause.is::<tokio_postgres::Error>()) {
        text.push_str(&format!("{context}: "));
    }
    text.push_str(&format!("{} ({})", db.message(), db.code().code()));
    for more in [db.detail(), db.hint()].into_iter().flatten() {
        text.push_str("; ");
        text.push_str(more);
    }
    text
}

pub(crate) fn sql_state(error: &anyhow::Error) -> Option<&SqlState> {
    error.chain().find_map(|cause| cause.downcast_ref::<tokio_postgres::Error>()).and_then(tokio_postgres::Error::code)
}

/// Whether trying again may help: lock waits, deadlocks, serialisation failures.
pub(crate) fn is_transient(error: &anyhow::Error) -> bool {
    sql_state(error).is_some_and(|code| {
        [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE]
            .contains(code)
    })
}

/// Major version and patch of the server, refused when tenants would not be safe on it.
///
/// # Errors
/// Older than 15.9 (role switches could survive a rollback, CVE-2024-10978).
pub(crate) async fn server_version(client: &Client) -> Result<i32> {
    let row = client.query_one("select current_setting('server_version_num')::int", &[]).await?;
    let version: i32 = row.get(0);
    if version < 150_009 {
        bail!("PostgreSQL {version} is too old: 15.9 or newer is needed");
    }
    if (160_000..160_005).contains(&version) {
        bail!("PostgreSQL {version} has a known flaw in role switching: 16.5 or newer is needed");
    }
    Ok(version)
}
