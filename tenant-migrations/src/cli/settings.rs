//! What the command line, the environment and the configuration file say, in this order of weight.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use tenant_migrations::{Bootstrap, pg};

use super::Arguments;

/// The part of the configuration this program needs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Login that is, or may become, `upzento_owner`.
    pub owner_url: String,
    /// Superuser for the first start.
    pub superuser_url: Option<String>,
    /// Passwords of the logins, as found in their URLs.
    pub bootstrap: Bootstrap,
    /// Tenant roles may log in.
    pub tenant_role_login: bool,
    /// First entry of `secrets.master` (`kid:base64`), which signs deletion certificates.
    pub master: Option<String>,
    /// Folder of migrations given on the command line.
    pub migrations: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
struct File {
    #[serde(default)]
    database: Database,
    #[serde(default)]
    secrets: Secrets,
}

#[derive(Debug, Default, Deserialize)]
struct Database {
    owner_url: Option<String>,
    app_url: Option<String>,
    control_url: Option<String>,
    ops_url: Option<String>,
    admin_url: Option<String>,
    edge_url: Option<String>,
    tenant_role_login: Option<bool>,
    #[serde(default)]
    tls_ca: String,
}

#[derive(Debug, Default, Deserialize)]
struct Secrets {
    #[serde(default)]
    master: Vec<String>,
}

impl Settings {
    pub(super) fn read(arguments: &Arguments) -> Result<Self> {
        let file = match &arguments.config {
            Some(path) => read_file(path)?,
            None if Path::new("upzento.toml").exists() => read_file(Path::new("upzento.toml"))?,
            None => File::default(),
        };
        let File { database, secrets } = file;
        if !database.tls_ca.is_empty() && env::var_os("UPZENTO_DATABASE_TLS_CA").is_none() {
            pg::trust(Path::new(&database.tls_ca))?;
        }
        let superuser_url = arguments.superuser_url.clone();
        let owner_url = arguments.owner_url.clone().or(database.owner_url).or_else(|| superuser_url.clone());
        let Some(owner_url) = owner_url else {
            bail!(
                "no database: give --owner-url, UPZENTO_DATABASE_OWNER_URL, or [database] owner_url in the configuration"
            );
        };
        let tenant_role_login = match env::var("UPZENTO_DATABASE_TENANT_ROLE_LOGIN") {
            Ok(text) => text.parse().context("UPZENTO_DATABASE_TENANT_ROLE_LOGIN is neither true nor false")?,
            Err(_) => database.tenant_role_login.unwrap_or(false),
        };
        let password = |key: &str, from_file: Option<String>| -> Result<Option<String>> {
            let url = env::var(format!("UPZENTO_DATABASE_{key}_URL")).ok().or(from_file);
            url.map_or(Ok(None), |url| password_of(&url))
        };
        // Only a login that is the owner may tell the owner's password; a superuser's is another.
        let bootstrap = Bootstrap {
            owner_password: if user_of(&owner_url)?.as_deref() == Some(pg::OWNER) {
                password_of(&owner_url)?
            } else {
                None
            },
            app_password: password("APP", database.app_url)?,
            control_password: password("CONTROL", database.control_url)?,
            ops_password: password("OPS", database.ops_url)?,
            admin_password: password("ADMIN", database.admin_url)?,
            edge_password: password("EDGE", database.edge_url)?,
            tenant_role_login,
        };
        let master = env::var("UPZENTO_SECRETS_MASTER").ok();
        let master = master.map_or(secrets.master, |text| text.split(',').map(|part| part.trim().to_owned()).collect());
        Ok(Self {
            owner_url,
            superuser_url,
            bootstrap,
            tenant_role_login,
            master: master.into_iter().next(),
            migrations: arguments.migrations.clone(),
        })
    }
}

fn read_file(path: &Path) -> Result<File> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a valid configuration", path.display()))
}

fn parse(url: &str) -> Result<tokio_postgres::Config> {
    url.parse().context("a database URL cannot be read")
}

fn user_of(url: &str) -> Result<Option<String>> {
    Ok(parse(url)?.get_user().map(str::to_owned))
}

fn password_of(url: &str) -> Result<Option<String>> {
    Ok(parse(url)?.get_password().map(|password| String::from_utf8_lossy(password).into_owned()))
}
