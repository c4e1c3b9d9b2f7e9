//! `baseline`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use tenant_migrations::{Sets, baseline, bootstrap, pg};

use super::line;
use super::settings::Settings;

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Baseline {
    /// Write the file
    #[arg(long)]
    write: bool,
    /// Fail when the file is stale or differs from the sum of the migrations
    #[arg(long)]
    check: bool,
    /// Print the text instead
    #[arg(long)]
    print: bool,
}

pub async fn run(settings: &Settings, sets: &Sets, options: &Baseline) -> Result<bool> {
    // The extensions in `shared` are all it needs; no tenant and no table is touched.
    let url = settings.superuser_url.as_ref().unwrap_or(&settings.owner_url);
    if bootstrap::is_needed(url).await? {
        bootstrap::bootstrap(url, &settings.bootstrap).await?;
    }
    let mut client = pg::connect_owner(url).await?;
    if options.check {
        baseline::check(&mut client, sets).await?;
        line("baseline.sql is current and equal to the sum of the migrations")?;
        return Ok(true);
    }
    let text = baseline::generate(&mut client, sets).await?;
    if options.print {
        line(text)?;
        return Ok(true);
    }
    let path =
        settings.migrations.clone().unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR"))).join("baseline.sql");
    fs::write(&path, &text).with_context(|| format!("writing {}", path.display()))?;
    line(format!("{} written, {} bytes", path.display(), text.len()))?;
    Ok(true)
}
