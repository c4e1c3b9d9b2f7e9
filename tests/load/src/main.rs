//! The figures the product promises, measured: `cargo xtask bench`.
mod generator;
mod http;
mod machine;
mod nginx;
mod pgbench;
mod programs;
mod report;
mod scenarios;
mod world;

use anyhow::{Result, bail};
use clap::Parser;
use report::{Figure, HEADING};
use scenarios::{SCENARIOS, Scenario};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};
use world::{Scale, World};
use xtask::console::{line, seconds};

/// Measures the figures that tests must not assert, on a world made for it: a Postgres of its own, a thousand tenants,
/// ten thousand widgets. Everything is removed at the end, however it ends.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Arguments {
    /// What to measure; everything when absent.
    scenarios: Vec<String>,
    /// Show the scenarios and do nothing.
    #[arg(long)]
    list: bool,
    /// A small world and short stretches, to work on the bench itself: its figures mean nothing.
    #[arg(long, conflicts_with = "write")]
    quick: bool,
    /// Another number of tenants.
    #[arg(long, conflicts_with = "write")]
    tenants: Option<usize>,
    /// Another number of contacts of the first tenant.
    #[arg(long, conflicts_with = "write")]
    contacts: Option<i32>,
    /// Another length of one measured stretch, in seconds.
    #[arg(long, conflicts_with = "write")]
    stretch: Option<u64>,
    /// Put what was measured into `tests/load/RESULTS.md`.
    #[arg(long)]
    write: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    if arguments.list {
        SCENARIOS.iter().for_each(|scenario| line(&format!("  {:10} {}", scenario.name, scenario.measures)));
        return Ok(());
    }
    let known = |name: &&String| SCENARIOS.iter().any(|scenario| scenario.name == **name);
    if let Some(unknown) = arguments.scenarios.iter().find(|name| !known(name)) {
        bail!("there is no scenario {unknown}; `cargo xtask bench --list` shows them");
    }
    let wanted =
        |s: &&Scenario| arguments.scenarios.is_empty() || arguments.scenarios.iter().any(|name| name == s.name);
    let chosen: Vec<&Scenario> = SCENARIOS.iter().filter(wanted).collect();
    let usual = if arguments.quick { Scale::QUICK } else { Scale::FULL };
    let scale = Scale {
        tenants: arguments.tenants.unwrap_or(usual.tenants),
        contacts: arguments.contacts.unwrap_or(usual.contacts),
        stretch: arguments.stretch.map_or(usual.stretch, Duration::from_secs),
        ..usual
    };
    measure(&chosen, scale, arguments.write)
}

fn measure(chosen: &[&Scenario], scale: Scale, write: bool) -> Result<()> {
    let begun = Instant::now();
    let before = machine::load_average();
    let world = World::make(scale, chosen.iter().any(|s| s.tenants), chosen.iter().any(|s| s.sites))?;
    let mut facts = machine::facts();
    facts.extend(world::server_facts(&world)?);
    facts.iter().for_each(|(name, value)| line(&format!("  {name}: {value}")));
    let mut sections: Vec<(&str, Vec<Figure>)> = vec![];
    let mut failed = vec![];
    for scenario in chosen {
        line(&format!("\n== {}: {} (load average {})", scenario.name, scenario.measures, machine::load_average()));
        let at = Instant::now();
        match (scenario.run)(&world) {
            Ok(figures) => {
                line(HEADING);
                figures.iter().for_each(|figure| line(&figure.line()));
                sections.push((scenario.name, figures));
            }
            // One that cannot be measured must not cost the others.
            Err(error) => {
                line(&format!("  failed: {error:#}"));
                failed.push(scenario.name);
            }
        }
        line(&format!("   took {}", seconds(at.elapsed())));
    }
    let load = format!("{before} before, {} at the end (one minute)", machine::load_average());
    facts.extend([("load average".to_owned(), load), ("all of it took".to_owned(), seconds(begun.elapsed()))]);
    if write {
        let order: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        report::write(&world::own_file("RESULTS.md"), &facts, &sections, &order)?;
    }
    line(&format!("\n  measured in {}", seconds(begun.elapsed())));
    if failed.is_empty() { Ok(()) } else { bail!("could not be measured: {}", failed.join(", ")) }
}
