//! The process that starts everything, watches it, and stops everything.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use super::place::{Place, Ports, Program, Running};
use super::settings::{self, Database, Secrets};
use super::world::{self, World};
use crate::console::{line, step_async};
use crate::mail::{self, Mailbox};
use crate::postgres::{Cluster, Home, Options};
use crate::process::ProcessId;
use crate::{build, http, sites};

/// How long a program may take to answer. A first start compiles nothing, but machines differ.
const READY_LIMIT: Duration = Duration::from_secs(60);
/// How long a program may take to finish its requests when it is stopped.
const DRAIN_LIMIT: Duration = Duration::from_secs(15);

/// What one run of `up` needs to know.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The project's folder.
    pub project: std::path::PathBuf,
    /// Where files are kept.
    pub place: Place,
    /// Ports to take.
    pub ports: Ports,
    /// Database given by the user, used instead of a private cluster.
    pub database_url: Option<String>,
    /// Whether it outlives the terminal that started it.
    pub detached: bool,
}

/// Everything that runs; dropped in the order of the fields.
struct House {
    programs: Vec<(&'static str, Child)>,
    cluster: Option<Cluster>,
    running: Running,
}

/// Starts everything, tells when all answers, and stays until it is told to stop.
///
/// # Errors
/// Something does not start, or stops by itself.
pub fn supervise(setup: &Setup) -> Result<()> {
    let _only_one = lock(&setup.place)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let running =
            Running { supervisor: ProcessId::current()?, programs: Vec::new(), ports: setup.ports, ready: false };
        let mut house = House { programs: Vec::new(), cluster: None, running };
        let stop = async {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => return,
                    _ = terminate.recv() => return,
                    // The terminal that started a detached run may close.
                    _ = hangup.recv() => if !setup.detached { return },
                }
            }
        };
        let outcome = tokio::select! {
            outcome = live(setup, &mut house) => outcome,
            () = stop => Ok(()),
        };
        let stopped = house.stop(&setup.place).await;
        outcome.and(stopped)
    })
}

/// Two supervisors would stop each other's database. The lock goes with the process, however it ends.
fn lock(place: &Place) -> Result<File> {
    let path = place.path("lock");
    let file = File::options().create(true).append(true).open(&path);
    let file = file.with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_err() {
        bail!("another `cargo xtask up` runs in this project; `cargo xtask down` stops it");
    }
    Ok(file)
}

async fn live(setup: &Setup, house: &mut House) -> Result<()> {
    house.start(setup).await?;
    house.running.ready = true;
    setup.place.record(&house.running)?;
    line(&world::summary(World::load(&setup.place).as_ref(), &setup.ports));
    house.watch(&setup.place).await
}

impl House {
    async fn start(&mut self, setup: &Setup) -> Result<()> {
        let Setup { project, place, ports, .. } = setup;
        place.record(&self.running)?;
        let secrets = Secrets::load_or_make(place)?;
        let mut database = None;
        step_async("database", async {
            let (found, cluster, what) = open_database(setup, &secrets)?;
            self.cluster = cluster;
            settings::write(place, project, &found, &secrets, ports)?;
            database = Some(found);
            Ok(what)
        })
        .await?;
        let database = database.context("no database")?;
        step_async("migrations", migrate(setup, &database)).await?;
        step_async("mail page", serve_mail(ports)).await?;
        step_async("demo world", seed(setup)).await?;
        step_async("core", self.program(setup, "upzento", &["serve"], ports.core)).await?;
        step_async("admin-api", self.program(setup, "admin-api", &["serve"], ports.admin)).await?;
        step_async("embed-edge", self.program(setup, "embed-edge", &["serve"], ports.edge_admin)).await?;
        step_async("demo websites", serve_sites(setup)).await
    }

    /// Starts a program and waits until it says that it is ready for work.
    async fn program(&mut self, setup: &Setup, name: &'static str, arguments: &[&str], port: u16) -> Result<String> {
        let log = log_file(&setup.place, name)?;
        let mut command = Command::new(build::binary(name)?);
        command.arg("--config").arg(setup.place.config()).args(arguments).current_dir(&setup.project);
        // Ctrl-C reaches the supervisor, which stops the programs in order, so they get a group of their own.
        // Logs are files here, so they are not coloured.
        command.env("NO_COLOR", "1").process_group(0).stdin(Stdio::null()).kill_on_drop(true);
        command.stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        if let Some(process) = child.id().and_then(ProcessId::of) {
            self.running.programs.push(Program { name: name.to_owned(), process });
            setup.place.record(&self.running)?;
        }
        self.programs.push((name, child));
        let begun = Instant::now();
        loop {
            if let Some((_, child)) = self.programs.last_mut()
                && let Some(status) = child.try_wait()?
            {
                bail!("{name} stopped ({status}):\n{}", log_tail(&setup.place, name));
            }
            match http::status(port, "/readyz").await {
                Some(200) => return Ok(format!("port {port}")),
                answer if begun.elapsed() > READY_LIMIT => {
                    let answer = answer.map_or("nothing".to_owned(), |code| code.to_string());
                    bail!("{name} is not ready (/readyz: {answer}):\n{}", log_tail(&setup.place, name));
                }
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Returns when something stopped that should run.
    async fn watch(&mut self, place: &Place) -> Result<()> {
        let mut tick = tokio::time::interval(Duration::from_millis(500));
        loop {
            tick.tick().await;
            for (name, child) in &mut self.programs {
                if let Some(status) = child.try_wait()? {
                    bail!("{name} stopped by itself ({status}):\n{}", log_tail(place, name));
                }
            }
            if self.cluster.as_mut().is_some_and(|cluster| !cluster.is_running()) {
                bail!("Postgres stopped by itself:\n{}", log_tail(place, "postgres"));
            }
        }
    }

    /// Stops visitors first and the database last. Every program is given time to finish what it began.
    async fn stop(&mut self, place: &Place) -> Result<()> {
        for (name, child) in self.programs.iter_mut().rev() {
            if let Some(process) = child.id().and_then(ProcessId::of) {
                process.signal("TERM")?;
            }
            if tokio::time::timeout(DRAIN_LIMIT, child.wait()).await.is_err() {
                line(&format!("  {name} did not stop within {} s and was ended", DRAIN_LIMIT.as_secs()));
                child.kill().await?;
            }
        }
        self.programs.clear();
        if let Some(mut cluster) = self.cluster.take() {
            cluster.stop()?;
        }
        place.forget();
        line("  stopped");
        Ok(())
    }
}

fn open_database(setup: &Setup, secrets: &Secrets) -> Result<(Database, Option<Cluster>, String)> {
    if let Some(url) = &setup.database_url {
        return Ok((Database::from_url(url)?, None, "the one in DATABASE_URL".to_owned()));
    }
    let home = Home::of(&setup.project)?;
    let data_dir = data_dir(&home, &setup.place)?;
    if secrets.new && data_dir.join("PG_VERSION").exists() {
        bail!("the database is there but its passwords are gone; `cargo xtask up --fresh` starts over");
    }
    let options = Options {
        data_dir,
        log: setup.place.logs().join("postgres.log"),
        port: None,
        durable: true,
        password: Some(secrets.superuser.clone()),
        remove: None,
        settings: Vec::new(),
    };
    let cluster = Cluster::start(&home, options)?;
    let what = format!("PostgreSQL {} on port {}", cluster.binaries().version, cluster.port());
    Ok((Database::from_url(&cluster.url("upzento"))?, Some(cluster), what))
}

/// The cluster's data: in the home that the server's user can reach, one folder a place.
pub(super) fn data_dir(home: &Home, place: &Place) -> Result<std::path::PathBuf> {
    let usual = Place::usual(home.project());
    if place.path("") == usual.path("") {
        return Ok(home.dir().join("data"));
    }
    let name = place.path("").to_string_lossy().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    Ok(home.dir().join(format!("data{name}")))
}

async fn migrate(setup: &Setup, database: &Database) -> Result<String> {
    // The first run makes the logins, which only a superuser may. In the environment, because a command line is
    // readable by everybody on the machine.
    let superuser = [("UPZENTO_DATABASE_SUPERUSER_URL", database.superuser_url.as_str())];
    program_output(setup, "migrate", &["up"], &superuser).await?;
    program_output(setup, "migrate", &["warm", "8"], &superuser).await?;
    Ok(String::new())
}

async fn seed(setup: &Setup) -> Result<String> {
    if World::load(&setup.place).is_some() {
        return Ok("kept".to_owned());
    }
    let site = format!("http://localhost:{}", setup.ports.shop);
    let mut arguments = vec!["admin", "seed-demo", "--json"];
    if setup.ports.shop != 8100 {
        arguments.extend(["--site", &site]);
    }
    // Tests begin with people who have no past.
    if std::env::var("UPZENTO_DEMO").as_deref() != Ok("plain") {
        arguments.push("--year");
    }
    let printed = match program_output(setup, "upzento", &arguments, &[]).await {
        Err(error) if error.to_string().contains("unrecognized subcommand") => {
            return Ok("this build of the core cannot make one".to_owned());
        }
        other => {
            other.context("making the demo world (after an interrupted start, `cargo xtask up --fresh` starts over)")?
        }
    };
    let world = World::keep(&setup.place, &printed)?;
    Ok(format!("{} with {} clients", world.agency.name, world.clients.len()))
}

/// Runs one of our programs to its end and returns what it printed.
async fn program_output(setup: &Setup, name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<String> {
    let log = log_file(&setup.place, name)?;
    let mut command = Command::new(build::binary(name)?);
    command.arg("--config").arg(setup.place.config()).args(arguments).current_dir(&setup.project);
    command.envs(variables.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
    // Not `output()`: that would take standard error away from the log.
    let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    let output = child.wait_with_output().await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        bail!("{name} {} failed ({})\n{}\n{}", arguments[0], output.status, said.trim(), log_tail(&setup.place, name));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn serve_mail(ports: &Ports) -> Result<String> {
    let mailbox = Mailbox::default();
    tokio::spawn(mail::serve(listen(ports.smtp).await?, mailbox.clone()));
    tokio::spawn(http::serve(listen(ports.mail).await?, move |request| mail::answer(&mailbox, &request)));
    Ok(format!("port {}, SMTP {}", ports.mail, ports.smtp))
}

async fn serve_sites(setup: &Setup) -> Result<String> {
    let site = world::site(World::load(&setup.place).as_ref(), &setup.ports);
    let shop: sites::Site = site.clone();
    tokio::spawn(http::serve(listen(setup.ports.shop).await?, move |request| shop.shop(&request)));
    tokio::spawn(http::serve(listen(setup.ports.blog).await?, move |request| site.blog(&request)));
    Ok(format!("ports {} and {}", setup.ports.shop, setup.ports.blog))
}

async fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await.with_context(|| format!("port {port} is taken"))
}

fn log_file(place: &Place, name: &str) -> Result<File> {
    let path = place.logs().join(format!("{name}.log"));
    File::options().create(true).append(true).open(&path).with_context(|| format!("cannot write {}", path.display()))
}

fn log_tail(place: &Place, name: &str) -> String {
    let path = place.logs().join(format!("{name}.log"));
    tail(&path, 15)
}

/// The last lines of a file, after a line that names it. A panic is told by its first lines, so a backtrace is cut.
fn tail(path: &Path, count: usize) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let panic = lines.iter().rposition(|line| line.contains("panicked at"));
    let begin = panic.unwrap_or(lines.len().saturating_sub(count));
    let shown = lines[begin..].iter().take(count).copied().collect::<Vec<_>>().join("\n    ");
    format!("  {}:\n    {shown}", path.display())
}
