//! What a check needs from the machine besides Rust: Postgres, Node, Python, browsers.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::build;
use crate::console::line;
use crate::postgres::{Home, find_binaries};
use crate::process::is_root;

/// The Debian packages that are missing for the steps, which [`install`] brings.
///
/// # Errors
/// Something is missing that cannot be installed from here; the message says what, and how.
pub(super) fn missing(project: &Path, steps: &[&str], install: bool) -> Result<Vec<&'static str>> {
    let needs = |names: &[&str]| names.iter().any(|name| steps.contains(name));
    let mut packages = Vec::new();
    if needs(&["test", "baseline", "api", "e2e"]) && find_binaries(&Home::of(project)?, None)?.is_none() {
        packages.push("postgresql");
    }
    if needs(&["e2e", "widgets"]) {
        packages.extend(unless("chromium", &["chromium", "chromium-browser", "google-chrome"]));
    }
    if needs(&["e2e"]) {
        packages.extend(unless("firefox-esr", &["firefox-esr", "firefox"]));
        // Debian's own; where others are used, they do what it would do.
        let shells = ["chromium-headless-shell", "chromium-browser", "google-chrome"];
        packages.extend(unless("chromium-headless-shell", &shells));
    }
    if needs(&["api"]) && !python_makes_environments() {
        packages.push("python3-venv");
    }
    let installs = install && is_root() && on_path("apt-get");
    if !packages.is_empty() && !installs {
        bail!("missing: {0}\n  install with: sudo apt-get install {0}", packages.join(" "));
    }
    if needs(&["node", "widgets", "dashboard", "specs", "e2e"]) && !(on_path("npm") && node_is_new_enough()) {
        bail!("Node 20.19 or newer with npm is needed");
    }
    Ok(packages)
}

/// Whether there is a Python new enough for what tries the API, with what makes virtual environments.
fn python_makes_environments() -> bool {
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    Command::new("python3").args(["-c", check]).output().is_ok_and(|output| output.status.success())
}

fn unless(package: &'static str, programs: &[&str]) -> Option<&'static str> {
    programs.iter().all(|program| !on_path(program)).then_some(package)
}

/// Installs Debian packages.
///
/// # Errors
/// apt fails; the message is what it said.
pub(super) fn install(project: &Path, packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    line(&format!("installing {}", packages.join(" ")));
    build::run(project, "apt-get", &["update", "--quiet"])?;
    let install =
        ["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--quiet", "--no-install-recommends"];
    build::run(project, "env", &[&install[..], packages].concat())
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn node_is_new_enough() -> bool {
    let Ok(output) = Command::new("node").arg("--version").output() else { return false };
    let text = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
    let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    version >= (20, 19)
}
