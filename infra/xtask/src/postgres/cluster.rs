//! One running server with its data folder.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::home::{self, Home};
use super::{Binaries, find_or_install, wire};
use crate::process::Account;

const GUARD: &str = include_str!("guard.sh");
/// Recovery after a crash may take a while on a slow disk; a healthy start takes a quarter of a second.
const START_LIMIT: Duration = Duration::from_secs(120);
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// Settings of every cluster; the reasons are in the comments.
const SETTINGS: &[(&str, &str)] = &[
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    // Dropping or dumping a tenant locks every table of its schema in one transaction.
    ("max_locks_per_transaction", "512"),
    // Short statements over many schemas: compiling them costs more than running them.
    ("jit", "off"),
    ("max_connections", "200"),
    ("autovacuum_max_workers", "6"),
    ("autovacuum_naptime", "15s"),
    ("log_lock_waits", "on"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("password_encryption", "scram-sha-256"),
];
/// A server whose data may be lost with the machine, never with the process.
const FAST: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "2GB"),
    ("checkpoint_timeout", "1h"),
];
const DURABLE: &[(&str, &str)] = &[("shared_buffers", "256MB")];
/// How pages are packed on their way into the log, best first. A contact stands in a dozen indexes, so a change of a large
/// tenant's writes a handful of whole pages, and `pglz` takes three to five times as long for that as the change itself.
/// Not every build of the server has `lz4`.
const WAL_COMPRESSION: [&str; 2] = ["lz4", "on"];

/// How to start a cluster.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it keeps its data; created when absent.
    pub data_dir: PathBuf,
    /// Where it writes its log; appended.
    pub log: PathBuf,
    /// The port to prefer; another is taken when it is busy. `None`: any free one.
    pub port: Option<u16>,
    /// Whether an acknowledged write survives the machine's crash. Tests say no.
    pub durable: bool,
    /// Password of the superuser `postgres`; `None` trusts every local program.
    pub password: Option<String>,
    /// Folder removed when the cluster is dropped or its process dies.
    pub remove: Option<PathBuf>,
    /// Further settings, winning over the standard ones.
    pub settings: Vec<(String, String)>,
}

/// A running server. Dropping it stops the server and waits for its end.
#[derive(Debug)]
pub struct Cluster {
    binaries: Binaries,
    account: Option<Account>,
    options: Options,
    port: u16,
    guard: Option<Child>,
}

impl Cluster {
    /// A fresh, fast, forgetful cluster for tests, in a temporary folder that goes with it.
    /// Folders of test runs that were killed are swept first.
    pub fn temporary() -> Result<Self> {
        Self::in_temporary(home::Place::Quick, &[])
    }

    /// Like [`Cluster::temporary`], with further server settings, and on a disk: what it costs to write is measured there, and what
    /// was written is looked for after a crash.
    pub fn temporary_with(settings: &[(&str, &str)]) -> Result<Self> {
        Self::in_temporary(home::Place::Disk, settings)
    }

    fn in_temporary(place: home::Place, settings: &[(&str, &str)]) -> Result<Self> {
        home::sweep();
        let home = Home::of_this_project()?;
        let dir = home::temporary(place, home.account())?;
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let options = Options {
            data_dir: dir.join("data"),
            log: dir.join("log"),
            port: None,
            durable: false,
            password: None,
            remove: Some(dir),
            settings,
        };
        Self::start(&home, options)
    }

    /// Starts a server on a data folder, creating the folder first when it does not exist.
    pub fn start(home: &Home, options: Options) -> Result<Self> {
        home::stop_leftover(&options.data_dir);
        let major = data_version(&options.data_dir)?;
        let binaries = find_or_install(home, major)?;
        let account = home.account().cloned();
        let mut cluster = Self { binaries, account, options, port: 0, guard: None };
        if major.is_none() {
            cluster.create().with_context(|| format!("cannot create {}", cluster.options.data_dir.display()))?;
        }
        cluster.run()?;
        Ok(cluster)
    }

    /// The port it listens on, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The binaries it runs.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// URL of the superuser in database `postgres`.
    pub fn superuser_url(&self) -> String {
        self.url("postgres")
    }

    /// URL of the superuser in a database.
    pub fn url(&self, database: &str) -> String {
        let secret = self.options.password.as_deref().map(|password| format!(":{password}")).unwrap_or_default();
        format!("postgres://postgres{secret}@127.0.0.1:{}/{database}", self.port)
    }

    /// The id of the server process, while it runs.
    pub fn server_pid(&self) -> Option<u32> {
        home::server_of(&self.options.data_dir).map(|server| server.pid)
    }

    /// Whether the server still runs.
    pub fn is_running(&mut self) -> bool {
        self.guard.as_mut().is_some_and(|guard| matches!(guard.try_wait(), Ok(None)))
    }

    /// Stops the server as an operator would (open transactions are rolled back) and keeps its data.
    pub fn stop(&mut self) -> Result<()> {
        self.end("INT")
    }

    /// Stops the server as a crash would: no checkpoint, recovery at the next start.
    pub fn crash(&mut self) -> Result<()> {
        self.end("QUIT")
    }

    /// Starts a stopped server again, on the same port.
    pub fn start_again(&mut self) -> Result<()> {
        if self.is_running() {
            return Ok(());
        }
        self.options.port = Some(self.port);
        let port = self.port;
        self.run()?;
        if self.port != port {
            bail!("port {port} was taken while the server was stopped");
        }
        Ok(())
    }

    /// Restarts the server, on the same port, so that from now on an acknowledged write survives the machine's crash,
    /// or need not. A large world is made without durability and then measured with it.
    pub fn restart_durable(&mut self, durable: bool) -> Result<()> {
        self.stop()?;
        // What was written without durability may still be in the system's memory only.
        let synced = Command::new("sync").stdin(Stdio::null()).status().context("cannot run sync")?;
        if !synced.success() {
            bail!("sync failed ({synced})");
        }
        self.options.durable = durable;
        self.start_again()
    }

    /// The folder that goes with the cluster, when it is a temporary one: what stands in it is removed however the
    /// program ends.
    pub fn temporary_folder(&self) -> Option<&Path> {
        self.options.remove.as_deref()
    }

    fn end(&mut self, signal: &str) -> Result<()> {
        let Some(mut guard) = self.guard.take() else { return Ok(()) };
        if let Some(server) = home::server_of(&self.options.data_dir) {
            server.signal(signal)?;
        }
        wait(&mut guard)
    }

    fn create(&self) -> Result<()> {
        let data = &self.options.data_dir;
        if let Some(parent) = data.parent() {
            fs::create_dir_all(parent)?;
        }
        if !data.exists() {
            fs::create_dir(data)?;
        }
        if let Some(account) = &self.account {
            chown(data, Some(account.uid), Some(account.gid))?;
        }
        let mut command = self.command(&self.binaries.program("initdb"));
        command.arg("-D").arg(data).args(["-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust"]);
        command.arg("--no-instructions");
        if !self.options.durable {
            command.arg("--no-sync");
        }
        let secret = self.password_file()?;
        if let Some(file) = &secret {
            command.arg("--pwfile").arg(file);
        }
        let output = command.stdin(Stdio::null()).output().context("cannot run initdb");
        if let Some(file) = &secret {
            fs::remove_file(file)?;
        }
        let output = output?;
        if !output.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let method = if secret.is_some() { "scram-sha-256" } else { "trust" };
        let access = format!("# Programs of this machine only.\nhost all all 127.0.0.1/32 {method}\n");
        fs::write(data.join("pg_hba.conf"), access).context("cannot write pg_hba.conf")
    }

    /// initdb reads the password from a file, which must be readable by the server's user and nobody else.
    fn password_file(&self) -> Result<Option<PathBuf>> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        let Some(password) = &self.options.password else { return Ok(None) };
        let file = self.options.data_dir.with_extension("password");
        let mut handle = File::options().write(true).create(true).truncate(true).mode(0o600).open(&file)?;
        handle.write_all(password.as_bytes())?;
        if let Some(account) = &self.account {
            chown(&file, Some(account.uid), Some(account.gid))?;
        }
        Ok(Some(file))
    }

    fn run(&mut self) -> Result<()> {
        // Between finding a free port and listening on it, another program may take it.
        for _ in 0..5 {
            self.port = free_port(self.options.port)?;
            let log_before = fs::metadata(&self.options.log).map(|log| log.len()).unwrap_or_default();
            let mut guard = self.launch()?;
            if self.wait_until_ready(&mut guard)? {
                self.guard = Some(guard);
                return Ok(());
            }
            let said = log_since(&self.options.log, log_before);
            if !said.contains("Address already in use") {
                bail!("Postgres did not start:\n{}", last_lines(&said, 12));
            }
        }
        bail!("Postgres found no free port")
    }

    fn launch(&self) -> Result<Child> {
        let log = File::options().create(true).append(true).open(&self.options.log);
        let log = log.with_context(|| format!("cannot write {}", self.options.log.display()))?;
        let mut command = self.command(Path::new("sh"));
        command.args(["-c", GUARD, "sh"]).arg(self.binaries.program("postgres"));
        command.arg("-D").arg(&self.options.data_dir).arg("-p").arg(self.port.to_string());
        let profile = if self.options.durable { DURABLE } else { FAST };
        for (name, value) in SETTINGS.iter().chain(profile) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        if let Some(setting) = self.wal_compression() {
            command.arg("-c").arg(setting);
        }
        for (name, value) in &self.options.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let remove = self.options.remove.clone().unwrap_or_default();
        // Data that goes anyway need not be written out first.
        let careful = self.options.durable && self.options.remove.is_none();
        command.env("REMOVE", remove).env("ON_END", if careful { "INT" } else { "QUIT" });
        // A group of its own: Ctrl-C is for this program, which then stops the server in order.
        command.process_group(0).stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        command.spawn().context("cannot start Postgres")
    }

    /// The setting, if pages go into the log whole.
    fn wal_compression(&self) -> Option<String> {
        let taken = |setting: &String| {
            let mut ask = self.command(&self.binaries.program("postgres"));
            ask.arg("-D").arg(&self.options.data_dir).args(["-C", "wal_compression", "-c", setting]);
            ask.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
        };
        let mut settings = WAL_COMPRESSION.iter().map(|value| format!("wal_compression={value}"));
        self.options.durable.then(|| settings.find(taken)).flatten()
    }

    fn wait_until_ready(&self, guard: &mut Child) -> Result<bool> {
        let begun = Instant::now();
        while begun.elapsed() < START_LIMIT {
            if guard.try_wait()?.is_some() {
                return Ok(false);
            }
            if wire::accepts_connections(self.port) {
                return Ok(true);
            }
            std::thread::sleep(Duration::from_millis(15));
        }
        drop(guard.stdin.take());
        wait(guard)?;
        bail!("Postgres did not accept connections within {} s", START_LIMIT.as_secs())
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // The caller's folder may be closed to the server's user.
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        run_as(&mut command, self.account.as_ref());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut guard) = self.guard.take() {
            drop(guard.stdin.take());
            let _ = wait(&mut guard);
        }
        if let Some(dir) = &self.options.remove {
            let _ = fs::remove_dir_all(dir);
        }
    }
}

/// Makes a command run as another user, without any of our groups.
pub(super) fn run_as(command: &mut Command, account: Option<&Account>) {
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid).env("HOME", "/").env("USER", &account.name);
    }
}

fn wait(guard: &mut Child) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < STOP_LIMIT {
        if guard.try_wait()?.is_some() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    bail!("Postgres did not stop within {} s", STOP_LIMIT.as_secs())
}

fn data_version(data: &Path) -> Result<Option<u32>> {
    match fs::read_to_string(data.join("PG_VERSION")) {
        Ok(text) => Ok(Some(text.trim().parse().with_context(|| format!("{} is damaged", data.display()))?)),
        Err(_) => Ok(None),
    }
}

/// A port nobody listens on now: the preferred one if possible.
fn free_port(preferred: Option<u16>) -> Result<u16> {
    if let Some(port) = preferred.filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()) {
        return Ok(port);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn log_since(log: &Path, offset: u64) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
    String::from_utf8_lossy(&bytes[from..]).into_owned()
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cluster: &Cluster) -> bool {
        wire::accepts_connections(cluster.port())
    }

    #[test]
    fn a_temporary_cluster_lives_stops_restarts_and_leaves_nothing() {
        let mut cluster = Cluster::temporary().unwrap();
        let dir = cluster.options.remove.clone().unwrap();
        assert!(answer(&cluster));
        assert!(cluster.superuser_url().starts_with("postgres://postgres@127.0.0.1:"));
        cluster.crash().unwrap();
        assert!(!answer(&cluster));
        cluster.start_again().unwrap();
        assert!(answer(&cluster));
        cluster.stop().unwrap();
        cluster.start_again().unwrap();
        assert_eq!(cluster.temporary_folder(), Some(dir.as_path()));
        cluster.restart_durable(true).unwrap();
        assert!(answer(&cluster));
        let port = cluster.port();
        drop(cluster);
        assert!(!wire::accepts_connections(port));
        assert!(!dir.exists());
    }

    #[test]
    fn a_port_in_use_is_avoided() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_ne!(free_port(Some(port)).unwrap(), port);
    }
}
