//! A private Postgres: found on the machine or brought along, started on a free port, stopped without a trace.
//!
//! * Binaries: `$UPZENTO_PG_BIN`, `PATH`, the folders of distributions, and at last a pinned npm package.
//! * Postgres refuses to run as root; then it runs as `postgres` or `nobody`, in folders this user can reach.
//! * Every cluster has a guard, a small shell that stops the server when the process that started it is gone,
//!   however it went. A test binary that is killed leaves nothing behind.

mod binaries;
mod cluster;
mod home;
mod wire;

pub use binaries::{Binaries, find_binaries, find_or_install};
pub use cluster::{Cluster, Options};
pub use home::{Home, sweep};

use std::sync::OnceLock;

use anyhow::{Result, anyhow};

/// The lowest major version the product's SQL runs on.
pub const OLDEST_MAJOR: u32 = 15;

/// The one test cluster of this process, started at the first call and removed when the process ends.
///
/// `UPZENTO_TEST_POSTGRES` (a superuser URL) replaces it: several test processes can share one server.
pub fn shared_url() -> Result<&'static str> {
    static SHARED: OnceLock<Result<(String, Option<Cluster>), String>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| match std::env::var("UPZENTO_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => Ok((url, None)),
        _ => Cluster::temporary()
            .map(|cluster| (cluster.superuser_url(), Some(cluster)))
            .map_err(|error| format!("{error:#}")),
    });
    shared.as_ref().map(|(url, _)| url.as_str()).map_err(|error| anyhow!("{error}"))
}

/// Starts a temporary cluster, prints its URL and keeps it until standard input ends or the process is stopped.
///
/// # Errors
/// It does not start.
pub fn run_temporary() -> Result<()> {
    let cluster = Cluster::temporary()?;
    crate::console::line(&cluster.superuser_url());
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    drop(cluster);
    Ok(())
}
