//! `cargo xtask check`: everything that must hold before a change lands, in one command. CI calls nothing else.

mod api;
mod machine;
mod tests;

pub use tests::Totals;

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::console::{self, line, seconds};
use crate::{build, openapi, rules};

/// Options of `check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct CheckOptions {
    /// Install missing Debian packages (as root); implied by CI=true.
    #[arg(long)]
    pub install: bool,
    /// Only these steps, for example `--only format,rules`.
    #[arg(long, value_delimiter = ',', value_name = "STEPS")]
    pub only: Vec<String>,
    /// Print the steps and do nothing.
    #[arg(long)]
    pub list: bool,
}

/// One step: its name, what it proves, when it runs, and the work.
struct Step {
    name: &'static str,
    proves: &'static str,
    turn: Turn,
    run: fn(&Path, &mut Totals) -> Result<()>,
}

/// When a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// At once: quick, and the likeliest to fail.
    First,
    /// The compiler waits for itself most of the time: modules are built one after another.
    Compile,
    /// Beside the compiler, together with what the machine still needs: downloads, and programs of one thread.
    Beside,
    /// When all is built.
    Last,
}

/// In their order; what later steps need is built once, before them.
const STEPS: &[Step] = &[
    Step { name: "format", proves: "the code is formatted", turn: Turn::First, run: format },
    Step {
        name: "rules",
        proves: "house rules: shape, sizes, order, SQL, paths in documents",
        turn: Turn::First,
        run: house_rules,
    },
    Step {
        name: "build",
        proves: "programs and tests build, without a warning of the compiler or of clippy",
        turn: Turn::Compile,
        run: all_built,
    },
    Step {
        name: "openapi",
        proves: "the committed OpenAPI documents are what the programs say",
        turn: Turn::Compile,
        run: openapi_fresh,
    },
    Step { name: "node", proves: "the locked Node packages install", turn: Turn::Beside, run: node },
    Step { name: "widgets", proves: "widgets: types, lint, build, unit tests", turn: Turn::Beside, run: widgets },
    Step {
        name: "dashboard",
        proves: "dashboard: types, lint, build, sizes, unit tests",
        turn: Turn::Beside,
        run: dashboard,
    },
    Step { name: "specs", proves: "browser tests: types, lint", turn: Turn::Beside, run: specs },
    Step { name: "test", proves: "unit and black-box tests", turn: Turn::Last, run: cargo_test },
    Step { name: "baseline", proves: "baseline.sql is the sum of the migrations", turn: Turn::Last, run: baseline },
    Step {
        name: "api",
        proves: "answers are what the API's description says, for odd data too",
        turn: Turn::Last,
        run: examine_api,
    },
    Step { name: "e2e", proves: "the story in real browsers", turn: Turn::Last, run: browsers },
];

/// Runs the steps, stops after the first that fails, and ends with a table.
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
    let packages = machine::missing(project, &steps.iter().map(|step| step.name).collect::<Vec<_>>(), install)?;
    let mut run = Run::new(project, &steps);
    let ended = run.all(&packages);
    run.print_table();
    run.totals.flaky.iter().for_each(|test| line(&format!("  passed only at the second try, find out why: {test}")));
    line(&run.totals.line(ended.is_ok()));
    ended
}

/// A run of the chosen steps and what came of them.
struct Run<'a> {
    project: &'a Path,
    steps: &'a [&'static Step],
    totals: Totals,
    table: Vec<(&'static str, Duration, bool)>,
    begun: Instant,
}

impl<'a> Run<'a> {
    fn new(project: &'a Path, steps: &'a [&'static Step]) -> Self {
        Self { project, steps, totals: Totals::default(), table: Vec::new(), begun: Instant::now() }
    }

    /// Everything; `packages` are installed on the way.
    fn all(&mut self, packages: &[&str]) -> Result<()> {
        self.turn(Turn::First)?;
        if self.steps.iter().any(|step| step.turn == Turn::Compile) {
            self.compile(packages)?;
        } else {
            machine::install(self.project, packages)?;
            self.turn(Turn::Beside)?;
        }
        self.turn(Turn::Last)
    }

    /// Compiles, with what runs beside that; what the latter says comes in one piece afterwards.
    fn compile(&mut self, packages: &[&str]) -> Result<()> {
        let mut beside = Run::new(self.project, self.steps);
        let (compiled, (ended, said)) = std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                console::held(|| {
                    machine::install(beside.project, packages)?;
                    beside.turn(Turn::Beside)
                })
            });
            let compiled = self.turn(Turn::Compile);
            let panicked = |_| (Err(anyhow!("what ran beside the compiler panicked")), vec![]);
            (compiled, other.join().unwrap_or_else(panicked))
        });
        said.iter().for_each(|said| line(said));
        self.totals.add_all(beside.totals);
        self.table.append(&mut beside.table);
        compiled.and(ended)
    }

    /// Runs the steps of a turn in order and stops at the first that fails.
    fn turn(&mut self, turn: Turn) -> Result<()> {
        for step in self.steps.iter().filter(|step| step.turn == turn) {
            line(&format!("\n== {}: {}", step.name, step.proves));
            let at = Instant::now();
            let result = (step.run)(self.project, &mut self.totals);
            self.table.push((step.name, at.elapsed(), result.is_ok()));
            result.with_context(|| format!("step {0}; run it alone with `cargo xtask check --only {0}`", step.name))?;
        }
        Ok(())
    }

    fn print_table(&self) {
        line("");
        for (name, time, good) in &self.table {
            line(&format!("  {} {name:10} {:>12}", if *good { "✓" } else { "✗" }, seconds(*time)));
        }
        line(&format!("    {:10} {:>12}\n", "in all", seconds(self.begun.elapsed())));
    }
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
    web(project, "widgets", build::widgets, totals)
}

fn dashboard(project: &Path, totals: &mut Totals) -> Result<()> {
    web(project, "dashboard", build::dashboard, totals)
}

/// What a workspace of Node calls its check, with the build that `up` and the browser tests find again.
fn web(project: &Path, name: &str, build: fn(&Path) -> Result<String>, totals: &mut Totals) -> Result<()> {
    for script in ["types", "lint"] {
        tests::count(build::command(project, "npm", &["run", script, "--workspace", name]), totals)?;
    }
    build(project)?;
    tests::count(build::command(project, "npm", &["run", "test", "--workspace", name]), totals)
}

fn specs(project: &Path, totals: &mut Totals) -> Result<()> {
    tests::count(build::command(project, "npm", &["run", "check", "--workspace", "tests/e2e"]), totals)
}

fn all_built(project: &Path, _: &mut Totals) -> Result<()> {
    build::show(linted(build::command(project, &build::cargo(), &["build", "--workspace", "--all-targets"])))
}

/// A command of cargo whose compiler is clippy's: `cargo clippy` sets the same two variables, for a check of which
/// nothing is left. Like this the code that is looked at is also built, and all below it only once.
fn linted(mut command: Command) -> Command {
    const ARGUMENT_ENDS: &str = "__CLIPPY_HACKERY__";
    let arguments: String = ["--deny", "warnings"].map(|argument| [argument, ARGUMENT_ENDS].concat()).concat();
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", arguments);
    command
}

fn cargo_test(project: &Path, totals: &mut Totals) -> Result<()> {
    // One process for each test binary, so that its tests share one Postgres; doc examples are not compiled, because
    // each would be linked on its own.
    let arguments = ["test", "--workspace", "--tests", "--no-fail-fast"];
    tests::count(linted(build::command(project, &build::cargo(), &arguments)), totals)
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
    // The stack builds what is not built yet, like this step alone: with the same compiler, or it would build all of it again.
    tests::count(linted(build::command(project, "npm", &["run", "browsers", "--workspace", "tests/e2e"])), totals)
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
