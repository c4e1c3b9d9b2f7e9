//! `upzento`: the core program.
use clap::{Parser, Subcommand};
use kernel::{clock::Clock, config::Config, ids::TenantId, telemetry};
use std::{io::Write, path::PathBuf, process::ExitCode};
use tokio::runtime::{Builder, Handle, Runtime};

/// Upzento, the growth platform for agencies and their clients.
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
    /// Serves the API and does background work.
    Serve {
        /// Leaves background work to `upzento work`.
        #[arg(long)]
        no_work: bool,
    },
    /// Does background work only.
    Work,
    /// Prints the OpenAPI document.
    Openapi,
    /// Things operators do.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
}

#[derive(Subcommand)]
enum Admin {
    /// Prints the configuration in force, secrets redacted.
    Config,
    /// Recomputes the hash chain of the audit logs, and ends with 1 when one does not hold. Prints for each tenant how
    /// many entries hold and the hash of the last (keep both: they are an anchor), or where the log breaks first.
    VerifyAudit {
        /// Only this tenant, `ten_…`.
        #[arg(long)]
        tenant: Option<TenantId>,
    },
    /// Counts anew what agencies see of their clients' activity, from the event logs, and prints how many were counted.
    /// Needed only when somebody changed the figures or the logs by hand.
    RecountActivity {
        /// Only this tenant, `ten_…`.
        #[arg(long)]
        tenant: Option<TenantId>,
    },
    /// Makes the demo world and prints it as JSON.
    SeedDemo {
        /// Origin of the website that may show the first client's form.
        #[arg(long, default_value = "http://localhost:8100")]
        site: String,
        /// Gives the first client a year of companies, deals and conversations.
        #[arg(long)]
        year: bool,
        /// Always on; here so that scripts can say what they expect.
        #[arg(long)]
        json: bool,
    },
}

/// Background work has threads of its own, which give way to the others: a job that reckons for some milliseconds would
/// hold up the requests that wait for the same thread, or for the same processor.
fn main() -> anyhow::Result<ExitCode> {
    let requests = Runtime::new()?;
    let work = Builder::new_multi_thread().enable_all().on_thread_start(kernel::priority::give_way).build()?;
    let done = requests.block_on(run(Cli::parse(), work.handle()));
    work.shutdown_background();
    done
}

async fn run(cli: Cli, threads: &Handle) -> anyhow::Result<ExitCode> {
    // Several crates bring rustls; the process must say which provider it means.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = Config::load(cli.config.as_deref())?;
    let done = match cli.command {
        Command::Admin { command: Admin::VerifyAudit { tenant } } => return verify_audit(config, tenant).await,
        Command::Serve { no_work } => serve(config, (!no_work).then_some(threads)).await,
        Command::Work => work(config, threads).await,
        Command::Openapi => print(&server::openapi_document(&config.server.public_url)?),
        Command::Admin { command: Admin::Config } => print(&config.redacted()?),
        Command::Admin { command: Admin::RecountActivity { tenant } } => {
            telemetry::init(&config.telemetry)?;
            let app = server::build(config, Clock::system())?;
            print(&server::recount::activity(&app, tenant).await?.to_string())
        }
        Command::Admin { command: Admin::SeedDemo { site, year, .. } } => {
            telemetry::init(&config.telemetry)?;
            let app = server::build(config, Clock::system())?;
            print(&server::demo::seed(&app, &site, year).await?.to_string())
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

async fn verify_audit(config: Config, tenant: Option<TenantId>) -> anyhow::Result<ExitCode> {
    telemetry::init(&config.telemetry)?;
    let app = server::build(config, Clock::system())?;
    let checked = server::audit::verify(&app, tenant).await?;
    for one in &checked {
        print(&one.line())?;
    }
    let holds = checked.iter().all(|one| one.found.valid);
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

async fn serve(config: Config, work: Option<&Handle>) -> anyhow::Result<()> {
    telemetry::init(&config.telemetry)?;
    let app = server::build(config, Clock::system())?;
    tokio::spawn(kernel::tenancy::memory::listen_forever(app.clone()));
    let running = server::serve(app.clone(), work).await?;
    let traffic = tokio::spawn(kernel::http::traffic::write_forever(app.clone(), "core"));
    print(&format!("listening on http://{}", running.address))?;
    if let Some(address) = running.internal {
        print(&format!("internal listening on https://{address}"))?;
    }
    tokio::spawn(stop_on_signal(app));
    running.wait().await?;
    Ok(traffic.await?)
}

async fn work(config: Config, threads: &Handle) -> anyhow::Result<()> {
    telemetry::init(&config.telemetry)?;
    let app = server::build(config, Clock::system())?;
    tokio::spawn(kernel::tenancy::memory::listen_forever(app.clone()));
    let tasks = server::spawn_work(&app, threads);
    print("working")?;
    stop_on_signal(app).await;
    for task in tasks {
        task.await?;
    }
    Ok(())
}

async fn stop_on_signal(app: std::sync::Arc<kernel::App>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return;
    };
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
    app.stop.cancel();
}
