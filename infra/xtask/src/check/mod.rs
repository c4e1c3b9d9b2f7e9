//! `cargo xtask check`: everything that must hold before a change lands, in one command. CI calls nothing else.

mod api;
mod machine;
mod tests;

pub use tests::Totals;

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::console::{line, seconds};
use crate::{build, openapi, rules};

/// Options of `check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct CheckOptions {
    /// Install missing Debian packages (as root); implied by CI=true.
    #[arg(long)]
    pub install: bool,
    /// Only these steps, for example `--only format,clippy`.
    #[arg(long, value_delimiter = ',', value_name = "STEPS")]
    pub only: Vec<String>,
    /// Print the steps and do nothing.
    #[arg(long)]
    pub list: bool,
}

/// One step: its name, what it proves, and the work.
struct Step {
    name: &'static str,
    proves: &'static str,
    run: fn(&Path, &mut Totals) -> Result<()>,
}

/// Cheap and likely failures first; what later steps need is built once, before them.
const STEPS: &[Step] = &[
    Step { name: "format", proves: "the code is formatted", run: format },
    Step { name: "rules", proves: "house rules: shape, sizes, order, SQL, paths in documents", run: house_rules },
    Step { name: "node", proves: "the locked Node packages install", run: node },
    Step { name: "widgets", proves: "widgets: types, lint, build, unit tests", run: widgets },
    Step { name: "dashboard", proves: "dashboard: types, lint, build, sizes, unit tests", run: dashboard },
    Step { name: "clippy", proves: "no compiler or clippy warning", run: clippy },
    Step { name: "build", proves: "the programs build", run: programs },
    Step { name: "openapi", proves: "the committed OpenAPI documents are what the programs say", run: openapi_fresh },
    Step { name: "test", proves: "unit and black-box tests", run: cargo_test },
    Step { name: "baseline", proves: "baseline.sql is the sum of the migrations", run: baseline },
    Step { name: "api", proves: "answers are what the API's description says, for odd data too", run: examine_api },
    Step { name: "e2e", proves: "the story in real browsers", run: browsers },
];

/// Runs the steps in order, stops at the first that fails, and ends with a table.
///
/// # Errors
/// A step failed, or something is missing on this machine.
pub fn check(project: &Path, options: &CheckOptions) -> Result<()> {
    if let Some(unknown) = options.only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        bail!("there is no step {unknown}; `cargo xtask check --list` shows them");
    }
    let chosen = |step: &&Step| options.only.is_empty() || options.only.iter().any(|name| name == step.name);
    let steps: Vec<&Step> = STEPS.iter().filter(chosen).collect();
    if options.list {
        steps.iter().for_each(|step| line(&format!("  {:10} {}", step.name, step.proves)));
        return Ok(());
    }
    let install = options.install || std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    machine::prepare(project, &steps.iter().map(|step| step.name).collect::<Vec<_>>(), install)?;
    let mut totals = Totals::default();
    let mut table: Vec<(&str, Duration, bool)> = Vec::new();
    let begun = Instant::now();
    for step in steps {
        line(&format!("\n== {}: {}", step.name, step.proves));
        let at = Instant::now();
        let result = (step.run)(project, &mut totals);
        table.push((step.name, at.elapsed(), result.is_ok()));
        if let Err(error) = result {
            print_table(&table, begun.elapsed());
            line(&totals.line(false));
            return Err(error.context(format!("step {0}; run it alone with `cargo xtask check --only {0}`", step.name)));
        }
    }
    print_table(&table, begun.elapsed());
    line(&totals.line(true));
    Ok(())
}

fn print_table(table: &[(&str, Duration, bool)], whole: Duration) {
    line("");
    for (name, time, good) in table {
        line(&format!("  {} {name:10} {:>12}", if *good { "✓" } else { "✗" }, seconds(*time)));
    }
    line(&format!("    {:10} {:>12}\n", "in all", seconds(whole)));
}

fn format(project: &Path, _: &mut Totals) -> Result<()> {
    build::run_shown(project, &build::cargo(), &["fmt", "--all", "--check"])
}

fn house_rules(project: &Path, _: &mut Totals) -> Result<()> {
    let found = rules::check(project)?;
    found.iter().for_each(|violation| line(&format!("  {violation}")));
    if found.is_empty() { Ok(()) } else { bail!("{} house rules are broken", found.len()) }
}

fn node(project: &Path, _: &mut Totals) -> Result<()> {
    line(&format!("  {}", or(build::node_packages(project)?, "installed")));
    Ok(())
}

fn widgets(project: &Path, totals: &mut Totals) -> Result<()> {
    tests::run_counted(project, "npm", &["run", "check", "--workspace", "widgets"], totals)?;
    // `check` built them; the stamp lets `up` and the browser tests see that.
    build::widgets(project).map(|_| ())
}

fn dashboard(project: &Path, totals: &mut Totals) -> Result<()> {
    tests::run_counted(project, "npm", &["run", "check", "--workspace", "dashboard"], totals)?;
    build::dashboard(project).map(|_| ())
}

fn clippy(project: &Path, _: &mut Totals) -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"];
    build::run_shown(project, &build::cargo(), &arguments)
}

fn programs(project: &Path, _: &mut Totals) -> Result<()> {
    build::programs(project).map(|_| ())
}

fn cargo_test(project: &Path, totals: &mut Totals) -> Result<()> {
    // One process for each test binary, so that its tests share one Postgres; doc examples are not compiled, because
    // each would be linked on its own.
    let arguments = ["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"];
    tests::run_counted(project, &build::cargo(), &arguments, totals)
}

fn baseline(project: &Path, _: &mut Totals) -> Result<()> {
    let cluster = crate::postgres::Cluster::temporary()?;
    let program = build::binary("migrate")?;
    let url = cluster.url("baseline");
    build::run_shown(project, &program.to_string_lossy(), &["baseline", "--check", "--superuser-url", &url])
}

fn openapi_fresh(project: &Path, _: &mut Totals) -> Result<()> {
    openapi::check(project)
}

fn examine_api(project: &Path, _: &mut Totals) -> Result<()> {
    api::run(project)
}

fn browsers(project: &Path, totals: &mut Totals) -> Result<()> {
    tests::run_counted(project, "npm", &["test", "--workspace", "tests/e2e"], totals)
}

fn or(text: String, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text }
}

/// `cargo xtask test <module>`: the inner loop of one module.
///
/// # Errors
/// A test fails, or there is no such module.
pub fn test_module(project: &Path, module: &str, more: &[String]) -> Result<()> {
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let cargo = build::cargo();
    if !project.join("core").join(module).is_dir() {
        // The other crates are tested by their own name.
        return build::run_shown(project, &cargo, &[&["test", "--package", module, "--"], &more[..]].concat());
    }
    build::run_shown(project, &cargo, &[&["test", "--package", module, "--"], &more[..]].concat())?;
    let filter = format!("{module}::");
    build::run_shown(
        project,
        &cargo,
        &[&["test", "--package", "tests", "--test", "it", "--", &filter], &more[..]].concat(),
    )
}

/// `cargo xtask bench`: the load tests, optimised, with whatever arguments they take.
///
/// # Errors
/// They fail.
pub fn bench(project: &Path, arguments: &[String]) -> Result<()> {
    // Asking what there is should not build everything.
    let asks = arguments.iter().any(|argument| matches!(argument.as_str(), "--list" | "--help" | "-h"));
    let mut build_programs = vec!["build", "--release", "--bins", "--package", "load"];
    if !asks {
        build::node_packages(project)?;
        build::widgets(project)?;
        build::dashboard(project)?;
        // The programs under load are the optimised ones too.
        for package in ["server", "embed-edge", "tenant-migrations"] {
            build_programs.extend(["--package", package]);
        }
    }
    build::run_shown(project, &build::cargo(), &build_programs)?;
    // In place of this process, so that whoever ends it ends the bench.
    let this = std::env::current_exe()?;
    let target = this.ancestors().nth(2).context("this program is not in a target folder")?;
    let more: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let program = target.join("release/load");
    Err(build::command(project, &program.to_string_lossy(), &more).exec()).context("cannot start the load tests")
}
