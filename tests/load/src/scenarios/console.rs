//! The console in a browser: when it is painted, how long an answer to a press takes, and how a very long table scrolls.
use crate::{
    programs::{self, Program, command},
    report::{Figure, Goal},
    world::World,
};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{path::Path, process::Stdio};
use xtask::{build, project_root};

/// What the browser's script prints for each figure.
#[derive(Debug, Deserialize)]
struct Printed {
    what: String,
    at_most: Option<f64>,
    at_least: Option<f64>,
    unit: String,
    values: Vec<f64>,
    how: String,
}

impl Printed {
    fn figure(self) -> Result<Figure> {
        let goal = match (self.at_most, self.at_least) {
            (Some(most), _) => Goal::AtMost(most),
            (_, Some(least)) => Goal::AtLeast(least),
            _ => Goal::Recorded,
        };
        let known = ["ms", "KiB", ""].into_iter().find(|unit| *unit == self.unit);
        let unit = known.with_context(|| format!("{}: an unknown unit {}", self.what, self.unit))?;
        Ok(Figure::new(&self.what, goal, unit, self.values, self.how))
    }
}

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let dist = project_root().join("dashboard/dist").to_string_lossy().into_owned();
    let many = i64::from(u32::MAX);
    let more = [("server", "dashboard", dist.into()), ("limits", "auth_per_15_minutes", toml::Value::from(many))];
    let config = world.config("console", "bench", &more)?;
    let agency = seed(&config)?;
    world.fill_agency(text(&agency, "name")?)?;
    let core = Program::ours("upzento", &config, &["serve"], 1, None)?;
    programs::ready(core.address()?)?;
    browse(core.address()?.to_string(), &agency, world.scale.rounds)
}

/// The demo world, which has somebody who can sign in: what the core says of its agency.
fn seed(config: &Path) -> Result<serde_json::Value> {
    let mut seeding = command(build::binary("upzento")?, None);
    let output = seeding.arg("--config").arg(config).args(["admin", "seed-demo", "--json"]).output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("the demo world was not made: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let begin = printed.find('{').context("seed-demo printed no JSON")?;
    Ok(serde_json::from_str::<serde_json::Value>(&printed[begin..])?["agency"].take())
}

fn text<'a>(of: &'a serde_json::Value, name: &str) -> Result<&'a str> {
    of[name].as_str().with_context(|| format!("the agency has no {name}"))
}

/// Runs the script; what it says beside its figures is shown.
fn browse(address: String, agency: &serde_json::Value, rounds: usize) -> Result<Vec<Figure>> {
    let mut node = command("node", None);
    node.arg(project_root().join("tests/e2e/figures/console.mjs")).arg(format!("http://{address}"));
    node.args([text(agency, "email")?, text(agency, "password")?, &rounds.to_string()]);
    let output = node.stderr(Stdio::inherit()).output().context("cannot run node")?;
    if !output.status.success() {
        bail!("the browser's part failed ({})", output.status);
    }
    let printed = String::from_utf8(output.stdout)?;
    printed.lines().map(|line| serde_json::from_str::<Printed>(line)?.figure()).collect()
}
