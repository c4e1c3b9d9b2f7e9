//! `cargo xtask`: everything that is automated in this repository.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{check, generate, openapi, postgres, project_root, up, wayfinder};

/// Automation of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Build and start everything: database, programs, demo websites, mail page.
    Up(up::UpOptions),
    /// Stop exactly what `up` started.
    Down,
    /// Everything that must hold before a change lands; CI calls this.
    Check(check::CheckOptions),
    /// The tests of one module, or of one crate: the inner loop.
    Test {
        /// Module or crate.
        module: String,
        /// Passed on to the test programs.
        #[arg(last = true)]
        more: Vec<String>,
    },
    /// Load tests; what follows is passed on (`--help` shows the scenarios).
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Files of the one shape.
    #[command(subcommand)]
    New(New),
    /// Every place that belongs to a module, a resource or a table.
    Where {
        /// Its name.
        name: String,
    },
    /// Every route: method, path, operation.
    Routes {
        /// Show only lines that contain this.
        filter: Option<String>,
    },
    /// Compare the committed OpenAPI documents with the programs.
    Openapi {
        /// Write them anew.
        #[arg(long)]
        accept: bool,
    },
    /// Start an empty throw-away Postgres and print its URL; it ends with this command.
    Postgres,
    #[command(hide = true)]
    Supervise {
        #[arg(long, default_value_t = 0)]
        offset: u16,
    },
}

#[derive(Debug, Subcommand)]
enum New {
    /// A module without resources.
    Module {
        /// Plural noun in snake_case.
        name: String,
    },
    /// A resource: API, verbs, statements, model, migration, first tests.
    Resource {
        /// The module it belongs to.
        module: String,
        /// Plural noun in snake_case: folder, table, URL segment.
        name: String,
        /// Its singular, when it is irregular.
        #[arg(long)]
        singular: Option<String>,
        /// Three letters that its ids begin with.
        #[arg(long)]
        prefix: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> anyhow::Result<()> {
    let project = project_root();
    match verb {
        Verb::Up(options) => up::up(project, options),
        Verb::Down => up::down(project),
        Verb::Check(options) => check::check(project, &options),
        Verb::Test { module, more } => check::test_module(project, &module, &more),
        Verb::Bench { arguments } => check::bench(project, &arguments),
        Verb::New(New::Module { name }) => {
            generate::module(project, &name)?;
            xtask::build::run(project, &xtask::build::cargo(), &["fmt", "--package", &name])
        }
        Verb::New(New::Resource { module, name, singular, prefix }) => {
            generate::resource(project, &module, &name, singular.as_deref(), prefix.as_deref())?;
            xtask::build::run(project, &xtask::build::cargo(), &["fmt", "--package", &module])
        }
        Verb::Where { name } => wayfinder::whereis(project, &name),
        Verb::Routes { filter } => openapi::routes(project, filter.as_deref()),
        Verb::Openapi { accept: true } => openapi::accept(project),
        Verb::Openapi { accept: false } => {
            xtask::build::programs(project)?;
            openapi::check(project)
        }
        Verb::Postgres => postgres::run_temporary(),
        Verb::Supervise { offset } => up::supervise_detached(project, offset),
    }
}
