//! `cargo xtask up` and `cargo xtask down`: the whole product on this machine.

mod place;
mod settings;
mod supervisor;
mod world;

pub use place::{Place, Ports, Program, Running};
pub use supervisor::{Setup, supervise};
pub use world::World;

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::console::{line, step};
use crate::postgres::Home;

/// Options of `up`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::Args)]
pub struct UpOptions {
    /// Return when everything is ready and keep it running in the background.
    #[arg(long)]
    pub detach: bool,
    /// Throw away the private database, files and credentials, and start over.
    #[arg(long)]
    pub fresh: bool,
    /// Add this to every port, for a second copy or when the usual ports are taken.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: u16,
    /// Start what was built before, even when it is not current.
    #[arg(long)]
    pub built: bool,
}

/// Starts everything and, unless detached, stays until Ctrl-C.
///
/// # Errors
/// Something cannot be built or started; the message says what.
pub fn up(project: &Path, options: UpOptions) -> Result<()> {
    let setup = setup(project, options.offset)?;
    if options.fresh {
        start_over(&setup)?;
    } else if already_running(&setup) {
        return Ok(());
    }
    stop_leftovers(&setup.place)?;
    setup.place.create()?;
    setup.ports.check_free()?;
    line("Starting Upzento");
    if !options.built {
        step("Node packages", || build::node_packages(project))?;
        step("widgets", || build::widgets(project))?;
        step("dashboard", || build::dashboard(project))?;
        step("programs", || build::programs(project))?;
    }
    // Building takes minutes, in which somebody else may have started it.
    if already_running(&setup) {
        return Ok(());
    }
    if options.detach { detach(&setup, options.offset) } else { supervise(&setup) }
}

fn already_running(setup: &Setup) -> bool {
    let Some(running) = setup.place.running().filter(|running| running.supervisor.is_alive()) else { return false };
    line("Already running; `cargo xtask down` stops it.");
    line(&world::summary(World::load(&setup.place).as_ref(), &running.ports));
    true
}

/// Runs the supervisor for a detached `up`; everything else was done by the process that started it.
///
/// # Errors
/// Those of [`supervise`].
pub fn supervise_detached(project: &Path, offset: u16) -> Result<()> {
    supervise(&Setup { detached: true, ..setup(project, offset)? })
}

/// Stops exactly what `up` started.
///
/// # Errors
/// Something does not stop.
pub fn down(project: &Path) -> Result<()> {
    let place = Place::of(project);
    let Some(running) = place.running() else {
        line("Nothing is running.");
        return Ok(());
    };
    if running.supervisor.is_alive() {
        running.supervisor.signal("TERM")?;
        // Each program may drain for 15 s, and Postgres writes a checkpoint.
        wait_until_gone(&running, Duration::from_secs(90))?;
    }
    stop_leftovers(&place)?;
    line("Stopped. The data is kept; `cargo xtask up --fresh` starts over.");
    Ok(())
}

fn setup(project: &Path, offset: u16) -> Result<Setup> {
    let database_url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
    let project = project.canonicalize()?;
    Ok(Setup { place: Place::of(&project), project, ports: Ports::with_offset(offset)?, database_url, detached: false })
}

fn start_over(setup: &Setup) -> Result<()> {
    if setup.database_url.is_some() {
        bail!("--fresh never touches the database in DATABASE_URL; empty it yourself, or unset the variable");
    }
    if setup.place.running().is_some() {
        down(&setup.project)?;
    }
    let data = supervisor::data_dir(&Home::of(&setup.project)?, &setup.place)?;
    match fs::remove_dir_all(&data) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot remove {}", data.display()));
        }
        _ => setup.place.wipe(),
    }
    Ok(())
}

/// Ends programs whose supervisor was killed and could not end them.
fn stop_leftovers(place: &Place) -> Result<()> {
    let Some(running) = place.running() else { return Ok(()) };
    for program in running.programs.iter().rev().filter(|program| program.process.is_alive()) {
        program.process.signal("TERM")?;
        let begun = Instant::now();
        while program.process.is_alive() {
            if begun.elapsed() > Duration::from_secs(15) {
                program.process.signal("KILL")?;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    place.forget();
    Ok(())
}

fn wait_until_gone(running: &Running, limit: Duration) -> Result<()> {
    let begun = Instant::now();
    while running.supervisor.is_alive() {
        if begun.elapsed() > limit {
            bail!("process {} did not stop within {} s", running.supervisor.pid, limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Starts a supervisor of its own session and shows what it says until everything is ready.
fn detach(setup: &Setup, offset: u16) -> Result<()> {
    let path = setup.place.logs().join("up.log");
    let log = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let own = std::env::current_exe()?;
    let mut supervisor = spawn_session(&own, offset, &setup.project, &log)?;
    let mut shown = File::open(&path)?;
    let mut position = 0;
    loop {
        let ended = supervisor.try_wait()?;
        position = show_from(&mut shown, position)?;
        if let Some(status) = ended {
            bail!("nothing runs ({status}); logs are in {}", setup.place.logs().display());
        }
        if setup.place.running().is_some_and(|running| running.ready && running.supervisor.pid == supervisor.id()) {
            // The summary is written just after the mark.
            std::thread::sleep(Duration::from_millis(100));
            show_from(&mut shown, position)?;
            line("  It runs in the background; `cargo xtask down` stops it.");
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn spawn_session(own: &Path, offset: u16, project: &Path, log: &File) -> Result<Child> {
    let arguments = ["supervise".to_owned(), "--offset".to_owned(), offset.to_string()];
    let start = |mut command: Command| {
        command.args(&arguments).current_dir(project).stdin(Stdio::null());
        command.stdout(log.try_clone()?).stderr(log.try_clone()?).spawn()
    };
    // `setsid` makes a session of its own, which no terminal can hang up, and keeps the process id because the
    // process does not lead a group yet. Without it, a group of its own must do.
    let mut with_session = Command::new("setsid");
    with_session.arg(own);
    let mut with_group = Command::new(own);
    with_group.process_group(0);
    start(with_session).or_else(|_| start(with_group)).context("cannot start the supervisor")
}

fn show_from(file: &mut File, position: u64) -> Result<u64> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(position))?;
    file.read_to_end(&mut text)?;
    // Only whole lines, so that a line is never torn in two.
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    for shown in String::from_utf8_lossy(&text[..whole]).lines() {
        line(shown);
    }
    Ok(position + whole as u64)
}
