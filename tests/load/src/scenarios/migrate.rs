//! A migration of every tenant while people work.
use super::core;
use crate::{
    generator::{Outcome, Pace, Plan, run_until, scatter},
    http,
    programs::command,
    report::{Figure, Goal},
    world::World,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    io::Read,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::{Duration, Instant},
};
use xtask::build;

/// What an ordinary release brings.
const STEP: &str = "-- For the user: contacts have a birthday that can be searched for.\n\
                    -- Safe while old code runs: nobody reads the column yet.\n\
                    alter table contacts add column born_on date;\n\
                    create index contacts_born_on_idx on contacts (born_on, id) where born_on is not null;\n";
/// Readers, about a third of what the machine can do.
const READS: f64 = 600.0;

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let folder = with_step(world)?;
    let config = world.config("migrate", "bench", &[])?;
    let core = core(world, true)?;
    let address = core.address()?;
    let requests: Vec<Vec<u8>> = world
        .tenants
        .iter()
        .map(|tenant| {
            let target = format!("/v1/contacts/con_{}", kernel::ids::encode(tenant.contact));
            http::request("GET", &target, address, &[("x-api-key", &tenant.key)], "")
        })
        .collect();
    let read = |stop: &AtomicBool, time: Duration| -> Outcome {
        let plan = Plan { address, connections: 16, pace: Pace::Open(READS), time };
        run_until(&plan, stop, |n, connection| connection.send(&requests[scatter(n, requests.len())])?.expect(200))
    };
    let migrated = AtomicBool::new(false);
    let before = read(&migrated, 2 * world.scale.stretch).flawless()?;
    let mut migrate = command(build::binary("migrate")?, None);
    migrate.arg("--config").arg(&config).arg("--migrations").arg(&folder).arg("up");
    let begun = Instant::now();
    let mut child = migrate.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("cannot start migrate")?;
    let (outcome, took) = std::thread::scope(|scope| {
        let done = &migrated;
        let readers = scope.spawn(move || read(done, Duration::from_secs(300)));
        let ended = child.wait();
        let took = begun.elapsed();
        done.store(true, Relaxed);
        let outcome = readers.join();
        ended.map(|_| (outcome, took))
    })?;
    let outcome = outcome.map_err(|_| anyhow::anyhow!("the readers failed"))?;
    let mut said = String::new();
    child.stdout.take().context("no output")?.read_to_string(&mut said)?;
    let migrated =
        said.lines().find_map(|line| line.split(", ").find_map(|part| part.strip_suffix(" tenants migrated")));
    let migrated: f64 =
        migrated.and_then(|count| count.parse().ok()).with_context(|| format!("migrate said: {said}"))?;
    if migrated < world.tenants.len() as f64 {
        bail!("only {migrated} tenants were migrated: {said}");
    }
    let how = format!("{migrated:.0} tenants in {:.1} s, {READS:.0} reads a second beside it", took.as_secs_f64());
    let errors = match outcome.bad() {
        0 => "readers in all tenants".to_owned(),
        _ => format!("{:?}", outcome.errors),
    };
    Ok(vec![
        Figure::new(
            "migrate 1,000 tenants (add column + index) under load",
            Goal::AtLeast(25.0),
            "/s",
            vec![migrated / took.as_secs_f64()],
            how,
        ),
        Figure::new("… errors to users meanwhile", Goal::AtMost(0.0), "", vec![outcome.bad() as f64], errors),
        Figure::new("… p99 of the readers before", Goal::Recorded, "ms", vec![before.ms(99.0)], "open loop"),
        Figure::new("… p99 of the readers meanwhile", Goal::Recorded, "ms", vec![outcome.ms(99.0)], "open loop"),
    ])
}

/// The product's migrations and one more.
fn with_step(world: &World) -> Result<std::path::PathBuf> {
    let folder = world.folder("migrations")?;
    let source = xtask::project_root().join("tenant-migrations");
    let mut last = 0;
    for set in ["control", "ops", "tenant"] {
        fs::create_dir_all(folder.join(set))?;
        for file in fs::read_dir(source.join(set))? {
            let file = file?;
            fs::copy(file.path(), folder.join(set).join(file.file_name()))?;
            let name = file.file_name().to_string_lossy().into_owned();
            let number = name.strip_prefix('V').and_then(|rest| rest.split("__").next()?.parse::<u32>().ok());
            last = if set == "tenant" { last.max(number.unwrap_or(0)) } else { last };
        }
    }
    fs::write(folder.join(format!("tenant/V{}__bench.sql", last + 1)), STEP)?;
    Ok(folder)
}
