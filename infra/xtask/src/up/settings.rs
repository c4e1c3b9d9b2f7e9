//! The generated configuration of a local product: secrets made once, everything else written anew each time.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::place::{Place, Ports};
use crate::files::{random, random_password, write_private};

/// Secrets of one local product. Kept between runs, because the data depends on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// Superuser of the private cluster.
    pub superuser: String,
    /// One password for each database login: owner, app, control, ops, admin, edge.
    pub logins: [String; 6],
    /// Master key as the configuration wants it: `kid:base64`.
    pub master: String,
    /// Whether they were made just now.
    #[serde(skip)]
    pub new: bool,
}

/// Logins in the order of [`Secrets::logins`], each with the key of its URL.
const LOGINS: [&str; 6] = ["owner", "app", "control", "ops", "admin", "edge"];

impl Secrets {
    /// The kept secrets, or new ones.
    ///
    /// # Errors
    /// The file is damaged or cannot be written.
    pub fn load_or_make(place: &Place) -> Result<Self> {
        let path = place.path("secrets.json");
        if let Ok(text) = fs::read_to_string(&path) {
            return serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged; `cargo xtask up --fresh` starts over", path.display()));
        }
        let mut logins = <[String; 6]>::default();
        for login in &mut logins {
            *login = random_password()?;
        }
        let master = format!("1:{}", STANDARD.encode(random::<32>()?));
        let secrets = Self { superuser: random_password()?, logins, master, new: true };
        write_private(&path, &serde_json::to_string_pretty(&secrets)?)?;
        Ok(secrets)
    }
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// URL of a login that may create roles and schemas.
    pub superuser_url: String,
    /// `host:port/database?parameters`, shared by all logins.
    address: String,
}

impl Database {
    /// Takes a URL `postgres://user:password@host:port/database?parameters` apart.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn from_url(url: &str) -> Result<Self> {
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
        let rest = rest.context("DATABASE_URL must begin with postgres://")?;
        let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
        let (host, database) = address.split_once('/').context("DATABASE_URL names no database")?;
        if host.is_empty() || database.is_empty() || database.starts_with('?') {
            anyhow::bail!("DATABASE_URL must name a host and a database");
        }
        Ok(Self { superuser_url: url.to_owned(), address: address.to_owned() })
    }

    fn url(&self, login: &str, password: &str) -> String {
        format!("postgres://upzento_{login}:{password}@{}", self.address)
    }
}

/// Writes the configuration file that all programs read.
///
/// # Errors
/// The file cannot be written.
pub fn write(place: &Place, project: &Path, database: &Database, secrets: &Secrets, ports: &Ports) -> Result<()> {
    write_private(&place.config(), &render(place, project, database, secrets, ports))
}

fn render(place: &Place, project: &Path, database: &Database, secrets: &Secrets, ports: &Ports) -> String {
    // A JSON string is also a TOML basic string.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let folder = |path: &Path| quoted(&path.to_string_lossy());
    let urls: String = LOGINS
        .iter()
        .zip(&secrets.logins)
        .map(|(login, password)| format!("{login}_url = {}\n", quoted(&database.url(login, password))))
        .collect();
    let Ports { core, admin, edge, edge_admin, smtp, .. } = ports;
    format!(
        r#"# Written by `cargo xtask up` at each start: changes here are lost.
# Every key is explained in infra/upzento.default.toml; override one with UPZENTO_<SECTION>_<KEY>.

[database]
{urls}
[server]
listen = "127.0.0.1:{core}"
public_url = "http://localhost:{core}"
dashboard_url = "http://localhost:{core}"
dashboard = {dashboard}

[admin]
listen = "127.0.0.1:{admin}"
public_url = "http://localhost:{admin}"
dashboard = {dashboard}

[edge]
listen = "127.0.0.1:{edge}"
public_url = "http://localhost:{edge}"
core_url = "http://127.0.0.1:{core}"
hosts = ["localhost:{edge}", "127.0.0.1:{edge}"]
admin_listen = "127.0.0.1:{edge_admin}"
assets = {assets}

[smtp]
url = "smtp://127.0.0.1:{smtp}?tls=off"
from = "Upzento <no-reply@upzento.example>"

[secrets]
master = [{master}]

[files]
root = {files}

[work]
# A webhook receiver on this machine may be tried.
outbound_allow = ["127.0.0.1/32"]
"#,
        dashboard = folder(&project.join("dashboard/dist")),
        assets = folder(&project.join("widgets/dist")),
        master = quoted(&secrets.master),
        files = folder(&place.path("files")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets {
            superuser: "s".into(),
            logins: ["o", "a", "c", "p", "d", "e"].map(str::to_owned),
            master: "1:AAAA".into(),
            new: false,
        }
    }

    #[test]
    fn a_given_database_keeps_its_address() {
        let database = Database::from_url("postgres://me:p%40ss@db.example:5433/crm?sslmode=require").unwrap();
        assert_eq!(database.url("app", "x"), "postgres://upzento_app:x@db.example:5433/crm?sslmode=require");
        for wrong in ["mysql://x/y", "postgres://host", "postgres://host/", "postgres:///db"] {
            assert!(Database::from_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_written_file_is_toml_with_every_login() {
        let database = Database::from_url("postgres://postgres:s@127.0.0.1:5/upzento").unwrap();
        let place = Place::of(Path::new("/a \"b\""));
        let ports = Ports::with_offset(1).unwrap();
        let table: toml::Table = render(&place, Path::new("/p"), &database, &secrets(), &ports).parse().unwrap();
        for login in LOGINS {
            let url = table["database"][format!("{login}_url")].as_str().unwrap();
            assert!(url.starts_with(&format!("postgres://upzento_{login}:")), "{url}");
        }
        assert_eq!(table["edge"]["listen"].as_str(), Some("127.0.0.1:8091"));
        assert_eq!(table["files"]["root"].as_str(), Some("/a \"b\"/.upzento/files"));
    }
}
