//! The edge as it ships, with limits so wide that one address may be ten thousand visitors.
use anyhow::Result;
use embed_edge::{Limits, Options, Rate};
use kernel::config::Config;
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until SIGTERM.
///
/// # Errors
/// It cannot start.
pub fn serve(config: &Path) -> Result<()> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let config = Config::load(Some(config))?;
        let wide = Rate::new(u32::MAX, u32::MAX);
        let limits = Limits {
            address: wide,
            frames: wide,
            sessions: wide,
            forms: wide,
            progress: wide,
            uploads: wide,
            session: wide,
            tenant: wide,
            platform: wide,
            ..Limits::of(&config)
        };
        let mut terminate = signal(SignalKind::terminate())?;
        let handle = embed_edge::serve(&config, Options { limits, ..Options::default() }).await?;
        xtask::console::line(&format!("listening on {}://{}", handle.scheme, handle.addr));
        if let Some(addr) = handle.admin_addr {
            xtask::console::line(&format!("internal listening on http://{addr}"));
        }
        terminate.recv().await;
        handle.stop().await;
        Ok(())
    })
}
