//! The console in a browser: when it is painted, how long an answer to a press takes, and how a very long table scrolls.
use crate::{
    programs::{self, Program, command},
    report::{Figure, Goal},
    world::World,
};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
};
use xtask::{build, console, project_root};

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
    in_browser(world, "console.mjs")
}

/// Every page as Lighthouse sees it.
pub fn lighthouse(world: &World) -> Result<Vec<Figure>> {
    in_browser(world, "lighthouse.mjs")
}

/// What a script finds in the console of a core that nobody else uses.
fn in_browser(world: &World, script: &str) -> Result<Vec<Figure>> {
    let dist = project_root().join("dashboard/dist").to_string_lossy().into_owned();
    let many = i64::from(u32::MAX);
    let more = [("server", "dashboard", dist.into()), ("limits", "auth_per_15_minutes", toml::Value::from(many))];
    let config = world.config("console", "bench", &more)?;
    let agency = seed(&config)?;
    world.fill_agency(text(&agency, "name")?)?;
    let core = Program::ours("upzento", &config, &["serve"], 1, None)?;
    programs::ready(core.address()?)?;
    browse(script, core.address()?.to_string(), &agency, world.scale.rounds)
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

/// Runs the script; each figure is shown as soon as it is known, and so is what the script says beside them.
fn browse(script: &str, address: String, agency: &serde_json::Value, rounds: usize) -> Result<Vec<Figure>> {
    let mut node = command("node", None);
    node.arg(project_root().join("tests/e2e/figures").join(script)).arg(format!("http://{address}"));
    node.args([text(agency, "email")?, text(agency, "password")?, &rounds.to_string()]);
    let mut browser = node.stderr(Stdio::inherit()).stdout(Stdio::piped()).spawn().context("cannot run node")?;
    let mut figures = vec![];
    for line in BufReader::new(browser.stdout.take().context("no output")?).lines() {
        let figure = serde_json::from_str::<Printed>(&line?)?.figure()?;
        console::line(&format!("  {}", figure.line()));
        figures.push(figure);
    }
    let status = browser.wait()?;
    if !status.success() {
        bail!("the browser's part failed ({status})");
    }
    Ok(figures)
}
