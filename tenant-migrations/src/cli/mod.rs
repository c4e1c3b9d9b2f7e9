//! The commands of `migrate`.

mod baseline;
mod fleet;
mod settings;
mod tenant;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use tenant_migrations::provision::{Provision, ensure_warm_with, provision_one_with};
use tenant_migrations::{Sets, pg};

use settings::Settings;

/// Migrates the control plane, the shared tables and every tenant's schema.
#[derive(Debug, Parser)]
#[command(name = "migrate", version, arg_required_else_help = true)]
pub struct Arguments {
    /// Configuration file; its [database] section names the database [default: upzento.toml, when present]
    #[arg(long, global = true, env = "UPZENTO_CONFIG")]
    config: Option<PathBuf>,
    /// URL of the database as upzento_owner, or as a superuser
    #[arg(long, global = true, env = "UPZENTO_DATABASE_OWNER_URL", hide_env_values = true)]
    owner_url: Option<String>,
    /// URL as a superuser, needed once when upzento_owner does not exist yet
    #[arg(long, global = true, env = "UPZENTO_DATABASE_SUPERUSER_URL", hide_env_values = true)]
    superuser_url: Option<String>,
    /// Folder with control/, ops/ and tenant/ to use instead of the files built in: to try a migration
    #[arg(long, global = true, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prepare the database if needed, then bring everything to the newest version
    Up(fleet::Up),
    /// Try again the tenants that failed
    Retry(fleet::Up),
    /// Show versions and failures of the fleet
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what `up` would do, in which order
    Plan,
    /// Compare every tenant schema with what the files make of an empty one
    Drift {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Check or write the flattened tenant schema (baseline.sql)
    Baseline(baseline::Baseline),
    /// Write one tenant into an archive
    Export(tenant::Export),
    /// Load a tenant from an archive
    Import {
        /// The archive
        file: PathBuf,
    },
    /// Destroy a tenant for good
    Delete(tenant::Delete),
    /// Show the certificate of a deleted tenant and check its signature
    Certificate {
        /// Id of the tenant
        tenant: String,
    },
    /// Build ready schemas now, whatever the pool holds
    Provision {
        /// How many
        #[arg(default_value_t = 1)]
        count: usize,
    },
    /// Fill the pool of ready schemas
    Warm {
        /// Schemas that should be ready
        #[arg(default_value_t = 50)]
        count: usize,
    },
}

/// Runs the command; the exit code is 0 only when everything asked for was done.
pub fn main(arguments: Arguments) -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("UPZENTO_TELEMETRY_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(filter).init();
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", pg::explain(&error));
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Result<bool> {
    let settings = Settings::read(&arguments)?;
    let sets = match &arguments.migrations {
        Some(folder) => &Sets::load(folder)?,
        None => Sets::embedded()?,
    };
    match arguments.command {
        Command::Up(options) => fleet::up(&settings, sets, &options, false).await,
        Command::Retry(options) => fleet::up(&settings, sets, &options, true).await,
        Command::Status { json } => fleet::status(&settings, sets, json).await,
        Command::Plan => fleet::show_plan(&settings, sets).await,
        Command::Drift { json } => fleet::drift(&settings, sets, json).await,
        Command::Baseline(options) => baseline::run(&settings, sets, &options).await,
        Command::Export(options) => tenant::export(&settings, sets, &options).await,
        Command::Import { file } => tenant::import(&settings, sets, &file).await,
        Command::Delete(options) => tenant::delete(&settings, &options).await,
        Command::Certificate { tenant } => tenant::certificate(&settings, &tenant).await,
        Command::Provision { count } => provision(&settings, sets, count).await,
        Command::Warm { count } => warm(&settings, sets, count).await,
    }
}

async fn provision(settings: &Settings, sets: &Sets, count: usize) -> Result<bool> {
    let mut client = pg::connect_owner(&settings.owner_url).await?;
    for _ in 0..count {
        let tenant = provision_one_with(&mut client, sets, settings.provision()).await?;
        line(format!("{} {}", tenant.id, tenant.name))?;
    }
    Ok(true)
}

async fn warm(settings: &Settings, sets: &Sets, count: usize) -> Result<bool> {
    let mut client = pg::connect_owner(&settings.owner_url).await?;
    let built = ensure_warm_with(&mut client, sets, count, settings.provision()).await?;
    line(format!("{built} built, {count} wanted"))?;
    Ok(true)
}

/// Writes one line of the answer; a closed pipe is an error like any other.
fn line(text: impl std::fmt::Display) -> Result<()> {
    writeln!(io::stdout(), "{text}").context("writing the answer")
}

impl Settings {
    const fn provision(&self) -> Provision {
        Provision { tenant_role_login: self.tenant_role_login }
    }
}
