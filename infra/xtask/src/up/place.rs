//! Where one running product keeps its files, and which ports it takes.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::process::ProcessId;

/// The ports of a running product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// Core API and dashboard.
    pub core: u16,
    /// Platform administration.
    pub admin: u16,
    /// Embed edge, for visitors.
    pub edge: u16,
    /// Embed edge, for operators.
    pub edge_admin: u16,
    /// Demo website that is authorised.
    pub shop: u16,
    /// Demo website that is not.
    pub blog: u16,
    /// SMTP of the mail page.
    pub smtp: u16,
    /// The mail page.
    pub mail: u16,
}

impl Ports {
    /// The usual ports, each moved up by `offset`.
    ///
    /// # Errors
    /// A port would be above 65535.
    pub fn with_offset(offset: u16) -> Result<Self> {
        let port = |usual: u16| usual.checked_add(offset).with_context(|| format!("--offset {offset} is too large"));
        Ok(Self {
            core: port(8080)?,
            admin: port(8081)?,
            edge: port(8090)?,
            edge_admin: port(8091)?,
            shop: port(8100)?,
            blog: port(8101)?,
            smtp: port(1025)?,
            mail: port(8025)?,
        })
    }

    /// Every port with what it is for.
    pub fn named(&self) -> [(u16, &'static str); 8] {
        [
            (self.core, "core"),
            (self.admin, "admin-api"),
            (self.edge, "embed-edge"),
            (self.edge_admin, "embed-edge administration"),
            (self.shop, "demo website"),
            (self.blog, "demo website without permission"),
            (self.smtp, "mail page (SMTP)"),
            (self.mail, "mail page"),
        ]
    }

    /// Fails with the name of every port that another program holds.
    ///
    /// # Errors
    /// At least one port is taken.
    pub fn check_free(&self) -> Result<()> {
        let taken: Vec<String> = self
            .named()
            .iter()
            .filter(|(port, _)| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_err())
            .map(|(port, name)| format!("port {port} ({name})"))
            .collect();
        match taken.as_slice() {
            [] => Ok(()),
            _ => bail!(
                "{} taken by another program; stop it, or run `cargo xtask up --offset 1000` for other ports",
                if let [one] = taken.as_slice() { format!("{one} is") } else { format!("{} are", taken.join(", ")) }
            ),
        }
    }
}

/// The folder with everything one running product keeps: configuration, logs, secrets, the running state.
#[derive(Debug, Clone)]
pub struct Place {
    dir: PathBuf,
}

/// What runs, written by the supervisor for `down` and for a second `up`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The process that started everything and stops everything.
    pub supervisor: ProcessId,
    /// Programs it started.
    pub programs: Vec<Program>,
    /// Ports in use.
    pub ports: Ports,
    /// Whether everything answered.
    pub ready: bool,
}

/// A started program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Name of the binary.
    pub name: String,
    /// The process.
    pub process: ProcessId,
}

impl Place {
    /// The place of this run: the folder named by `UPZENTO_HOME`, or the usual one. A second place has a database of
    /// its own, so that a test never touches what a developer looks at.
    pub fn of(project: &Path) -> Self {
        Self::named(project, std::env::var_os("UPZENTO_HOME"))
    }

    fn named(project: &Path, home: Option<OsString>) -> Self {
        match home.filter(|home| !home.is_empty()) {
            Some(home) => Self { dir: project.join(home) },
            None => Self::usual(project),
        }
    }

    /// The usual place of a project: `.upzento`.
    pub fn usual(project: &Path) -> Self {
        Self { dir: project.join(".upzento") }
    }

    /// Creates the folders.
    ///
    /// # Errors
    /// They cannot be created.
    pub fn create(&self) -> Result<()> {
        fs::create_dir_all(self.logs()).with_context(|| format!("cannot create {}", self.dir.display()))
    }

    /// A file or folder in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Folder of the logs, one file a program.
    pub fn logs(&self) -> PathBuf {
        self.dir.join("logs")
    }

    /// The generated configuration.
    pub fn config(&self) -> PathBuf {
        self.dir.join("upzento.toml")
    }

    /// What the last `up` wrote about itself.
    pub fn running(&self) -> Option<Running> {
        serde_json::from_str(&fs::read_to_string(self.path("running.json")).ok()?).ok()
    }

    /// Records what runs.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(&self, running: &Running) -> Result<()> {
        crate::files::write_private(&self.path("running.json"), &serde_json::to_string_pretty(running)?)
    }

    /// Forgets what ran.
    pub fn forget(&self) {
        let _ = fs::remove_file(self.path("running.json"));
    }

    /// Removes what a fresh start must not find; downloaded binaries and logs stay.
    pub fn wipe(&self) {
        for name in ["secrets.json", "upzento.toml", "demo.json", "running.json"] {
            let _ = fs::remove_file(self.path(name));
        }
        let _ = fs::remove_dir_all(self.path("files"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_place_is_another_folder() {
        let project = Path::new("/p");
        assert_eq!(Place::named(project, None).path("x"), Path::new("/p/.upzento/x"));
        assert_eq!(Place::named(project, Some("".into())).path("x"), Path::new("/p/.upzento/x"));
        assert_eq!(Place::named(project, Some("t/e".into())).path("x"), Path::new("/p/t/e/x"));
        assert_eq!(Place::named(project, Some("/e".into())).path("x"), Path::new("/e/x"));
    }

    #[test]
    fn taken_ports_are_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let ports = Ports { core: port, ..Ports::with_offset(0).unwrap() };
        let error = ports.check_free().unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} (core)")), "{error}");
        assert!(Ports::with_offset(60_000).is_err());
    }
}
