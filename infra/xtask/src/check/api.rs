//! Core and administration tried with data made from their own descriptions, by schemathesis: on a product of its own
//! with a demo world, as the people of that world. `tests/api` says what is checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::console::line;
use crate::up::{Place, Ports};

/// Requests come faster than from any person; that limits hold is proven elsewhere.
const LIMITS: [&str; 3] =
    ["UPZENTO_LIMITS_API_PER_MINUTE", "UPZENTO_LIMITS_PUBLIC_PER_MINUTE", "UPZENTO_LIMITS_AUTH_PER_15_MINUTES"];

/// Tries both programs.
///
/// # Errors
/// schemathesis cannot be installed, the product does not start, or an answer is not what the description says.
pub(super) fn run(project: &Path) -> Result<()> {
    let tool = install(project)?;
    // The step may run alone; the programs do not start without them.
    build::widgets(project)?;
    build::dashboard(project)?;
    let product = Product::start(project)?;
    let mut wrong = Vec::new();
    for (name, port) in [("core", product.ports.core), ("admin-api", product.ports.admin)] {
        line(&format!("  {name}"));
        if let Err(error) = product.examine(&tool, port) {
            line(&format!("  {error:#}"));
            wrong.push(name);
        }
    }
    if wrong.is_empty() { Ok(()) } else { bail!("{} did not answer as described", wrong.join(" and ")) }
}

/// The pinned schemathesis in a virtual environment of the project; made anew when the pins change.
fn install(project: &Path) -> Result<PathBuf> {
    let pins = project.join("tests/api/requirements.txt");
    let folder = Place::usual(project).path("schemathesis");
    let (tool, stamp) = (folder.join("bin/schemathesis"), folder.join("requirements.txt"));
    let wanted = fs::read_to_string(&pins).with_context(|| format!("cannot read {}", pins.display()))?;
    if tool.is_file() && fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(tool);
    }
    line("  installing schemathesis");
    let (place, file) = (folder.to_string_lossy(), pins.to_string_lossy());
    build::run(project, "python3", &["-m", "venv", "--clear", &place])?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", &file];
    build::run(project, &folder.join("bin/python").to_string_lossy(), &pip)
        .context("schemathesis is installed from the Python package index; is it reachable?")?;
    fs::write(&stamp, wanted)?;
    Ok(tool)
}

/// A running product that ends with this value.
struct Product<'a> {
    project: &'a Path,
    home: PathBuf,
    ports: Ports,
}

impl<'a> Product<'a> {
    fn start(project: &'a Path) -> Result<Self> {
        let (offset, ports) = free_ports()?;
        let product = Self { project, home: Place::usual(project).path("api"), ports };
        product.xtask(&["up", "--detach", "--fresh", "--built", "--offset", &offset.to_string()])?;
        Ok(product)
    }

    fn xtask(&self, arguments: &[&str]) -> Result<()> {
        // This program may have been built anew since it was started; its own file is gone then.
        let program = build::binary("xtask")?;
        let mut command = build::command(self.project, &program.to_string_lossy(), arguments);
        command.env("UPZENTO_HOME", &self.home).env_remove("DATABASE_URL");
        command.envs(LIMITS.map(|name| (name, "1000000")));
        finish(command, "the product")
    }

    fn examine(&self, tool: &Path, port: u16) -> Result<()> {
        let url = format!("http://127.0.0.1:{port}");
        let mut command = build::command(self.project, &tool.to_string_lossy(), &[]);
        command.args(["--config-file", "schemathesis.toml", "run", &format!("{url}/openapi.json"), "--url", &url]);
        command.current_dir(self.project.join("tests/api")).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("HYPOTHESIS_STORAGE_DIRECTORY", self.home.join("hypothesis"));
        command.env("UPZENTO_API_WORLD", self.home.join("demo.json"));
        finish(command, "schemathesis")
    }
}

impl Drop for Product<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.xtask(&["down"]) {
            line(&format!("  cannot stop the product: {error:#}"));
        }
    }
}

fn finish(mut command: Command, what: &str) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot run {what}"))?;
    if status.success() { Ok(()) } else { bail!("{what} failed ({status})") }
}

/// Ports that nobody holds at this moment, below those the system hands out.
fn free_ports() -> Result<(u16, Ports)> {
    let first = (std::process::id() % 200) as u16;
    for step in 0..50 {
        let offset = 2_000 + (first + step * 4) % 220 * 100;
        let ports = Ports::with_offset(offset)?;
        if ports.check_free().is_ok() {
            return Ok((offset, ports));
        }
    }
    bail!("no free ports")
}
