//! `admin-api`: the platform administration.
use clap::{Parser, Subcommand};
use kernel::{clock::Clock, config::Config, telemetry};
use std::{io::Write, path::PathBuf};

/// The platform administration of Upzento.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Configuration file; `upzento.toml` here when present. `UPZENTO_<SECTION>_<KEY>` overrides it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the administration.
    Serve,
    /// Prints the OpenAPI document.
    Openapi,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    // Several crates bring rustls; the process must say which provider it means.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = Config::load(cli.config.as_deref())?;
    match cli.command {
        Command::Openapi => {
            Ok(writeln!(std::io::stdout(), "{}", admin_api::openapi_document(&config.admin.public_url)?)?)
        }
        Command::Serve => serve(config).await,
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    telemetry::init(&config.telemetry)?;
    let app = admin_api::build(config, Clock::system())?;
    let running = admin_api::serve(app.clone()).await?;
    let traffic = tokio::spawn(kernel::http::traffic::write_forever(app.clone(), "admin-api"));
    writeln!(std::io::stdout(), "listening on http://{}", running.address)?;
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        app.stop.cancel();
    });
    running.wait().await?;
    Ok(traffic.await?)
}
