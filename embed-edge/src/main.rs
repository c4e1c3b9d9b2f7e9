//! The program `embed-edge`.
use anyhow::Context;
use clap::{Parser, Subcommand};
use embed_edge::{Options, admin::Revocation};
use kernel::config::Config;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// What visitors' browsers talk to: the widget loader, widget frames and visitor actions.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Configuration file; `upzento.toml` when it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until SIGTERM or Ctrl-C.
    Serve,
    /// Switches something off at the running edge of this configuration, whether or not the database can be reached.
    Revoke {
        /// Another edge, as host:port of its address for revocations.
        #[arg(long, value_name = "ADDRESS")]
        at: Option<String>,
        /// Every widget of this tenant.
        #[arg(long)]
        tenant: Option<String>,
        /// This widget.
        #[arg(long)]
        widget: Option<String>,
        /// This root key and every token it signed.
        #[arg(long)]
        kid: Option<u8>,
        /// This visitor session.
        #[arg(long)]
        sid: Option<String>,
        /// Takes it back.
        #[arg(long)]
        restore: bool,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let config = Config::load(arguments.config.as_deref())?;
    logging(&config);
    match arguments.command {
        Command::Serve => serve(&config).await,
        Command::Revoke { at, tenant, widget, kid, sid, restore } => {
            revoke(&config, at, Revocation { tenant, widget, kid, sid, restore }).await
        }
    }
}

fn logging(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.telemetry.log).unwrap_or_default();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.telemetry.json { builder.json().init() } else { builder.init() }
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let handle = embed_edge::serve(config, Options::default()).await?;
    announce("listening on", handle.scheme, handle.addr);
    if let Some(addr) = handle.admin_addr {
        announce("internal listening on", "http", addr);
    }
    if let Some(addr) = handle.revoke_addr {
        announce("revocations on", "https", addr);
    }
    tokio::select! {
        _ = terminate.recv() => {}
        result = tokio::signal::ctrl_c() => result?,
    }
    tracing::info!("stopping");
    handle.stop().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever starts the program reads the address from its output")]
fn announce(what: &str, scheme: &str, addr: SocketAddr) {
    println!("{what} {scheme}://{addr}");
}

async fn revoke(config: &Config, at: Option<String>, revocation: Revocation) -> anyhow::Result<()> {
    let settings = embed_edge::settings::Settings::new(config)?;
    // The channel is used where the running edge of this configuration has it.
    let channel = settings.channel.as_ref().filter(|_| settings.revoke_listen.is_some());
    let scheme = if channel.is_some() { "https" } else { "http" };
    let own = settings.revoke_listen.or(settings.admin_listen);
    let address = at.or(own).context("edge.admin_listen and internal.edge_listen are empty")?;
    let response = embed_edge::channel::client(channel)?
        .post(format!("{scheme}://{address}/admin/revoke"))
        .timeout(Duration::from_secs(5))
        .bearer_auth(&settings.admin_secret)
        .json(&revocation)
        .send()
        .await?;
    anyhow::ensure!(response.status().is_success(), "the edge answered {}: name exactly one thing", response.status());
    Ok(())
}
