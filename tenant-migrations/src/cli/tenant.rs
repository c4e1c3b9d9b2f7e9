//! `export`, `import`, `delete`, `certificate`.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use tenant_migrations::deletion::{self, Signer};
use tenant_migrations::{Sets, name, pg, transfer};

use super::line;
use super::settings::Settings;

#[derive(Debug, Args)]
pub struct Export {
    /// Id of the tenant (UUID, `ten_…`, or the schema's name)
    tenant: String,
    /// New file to write
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub struct Delete {
    /// Id of the tenant (UUID, `ten_…`, or the schema's name)
    #[arg(requires = "confirm", required_unless_present = "started", conflicts_with = "started")]
    tenant: Option<String>,
    /// The id once more, since there is no way back
    #[arg(long, value_name = "TENANT")]
    confirm: Option<String>,
    /// Instead, every tenant whose deletion was started
    #[arg(long)]
    started: bool,
}

pub async fn export(settings: &Settings, sets: &Sets, options: &Export) -> Result<bool> {
    let mut client = pg::connect_owner(&settings.owner_url).await?;
    let manifest = transfer::export(&mut client, sets, name::parse_id(&options.tenant)?, &options.out).await?;
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    let bytes: u64 = manifest.tables.iter().map(|table| table.bytes).sum();
    line(format!(
        "{}: V{}, {} tables, {rows} rows, {bytes} bytes",
        options.out.display(),
        manifest.version,
        manifest.tables.len()
    ))?;
    Ok(true)
}

pub async fn import(settings: &Settings, sets: &Sets, file: &Path) -> Result<bool> {
    let mut client = pg::connect_owner(&settings.owner_url).await?;
    let transfer::Imported { manifest, left_out } =
        transfer::import(&mut client, sets, file, settings.provision()).await?;
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    line(format!(
        "{} {}: V{}, {rows} rows in {} tables",
        manifest.tenant,
        manifest.schema,
        manifest.version,
        manifest.tables.len()
    ))?;
    for (table, rows) in left_out {
        line(format!("{rows} rows of {table} stayed out: they need a tenant that is not here"))?;
    }
    if manifest.version < sets.tenant_version() {
        line(format!("run `migrate up` to bring it to V{}", sets.tenant_version()))?;
    }
    Ok(true)
}

pub async fn delete(settings: &Settings, options: &Delete) -> Result<bool> {
    let signer = signer(settings)?;
    let mut client = pg::connect_owner(&settings.owner_url).await?;
    let certificates = match (&options.tenant, &options.confirm) {
        (Some(tenant), Some(confirmed)) => {
            let tenant = name::parse_id(tenant)?;
            if name::parse_id(confirmed)? != tenant {
                bail!("--confirm names another tenant");
            }
            vec![deletion::delete(&mut client, tenant, signer.as_ref()).await?]
        }
        // Files are core's: its background work empties the folder of a tenant before it comes to this.
        _ => deletion::delete_started(&mut client, signer.as_ref(), |_| std::future::ready(Ok(()))).await?,
    };
    for certificate in certificates {
        line(serde_json::to_string_pretty(&certificate.to_json())?)?;
    }
    Ok(true)
}

pub async fn certificate(settings: &Settings, tenant: &str) -> Result<bool> {
    let client = pg::connect_owner(&settings.owner_url).await?;
    let certificate = deletion::certificate(&client, name::parse_id(tenant)?).await?;
    line(serde_json::to_string_pretty(&certificate.to_json())?)?;
    let Some(signer) = signer(settings)? else {
        line("not checked: no secrets.master is configured")?;
        return Ok(true);
    };
    let authentic = certificate.is_authentic(&signer)?;
    line(if authentic { "authentic" } else { "NOT authentic: body, digest and signature do not belong together" })?;
    Ok(authentic)
}

fn signer(settings: &Settings) -> Result<Option<Signer>> {
    settings.master.as_deref().map(Signer::from_master).transpose()
}
