//! A program of the product as a process: it can be killed, and it goes when the test goes, however that goes.
use super::{Http, eventually};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};
use xtask::process::ProcessId;

/// A program that can be started again with the same settings.
pub struct Process {
    name: &'static str,
    settings: Vec<(String, String)>,
    folder: PathBuf,
    ready: String,
    running: Option<Running>,
}

struct Running {
    child: Child,
    // Kills the child and clears up when its standard input ends, which only the test holds: a test that is killed
    // leaves nothing.
    _guard: Child,
}

const GUARD: &str = "read -r _; kill -s KILL \"$1\" 2>/dev/null; rm -rf \"$2\"";

impl Process {
    /// Not started yet. `ready` is where it says 200 when it can work.
    pub fn new(name: &'static str, settings: &[(&str, String)], folder: &Path, ready: String) -> Self {
        let settings = settings.iter().map(|(key, value)| (format!("UPZENTO_{key}"), value.clone())).collect();
        Process { name, settings, folder: folder.to_owned(), ready, running: None }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = xtask::build::binary(self.name).unwrap_or_else(|error| {
            panic!("{error}: run `cargo build --bins -p server -p embed-edge` first, as `cargo xtask check` does")
        });
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("NO_COLOR", "1").envs(self.settings.iter().cloned());
        command.current_dir(&self.folder).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Starts it and gives the moment at which it said that it is ready.
    pub async fn start(&mut self, http: &Http) -> Instant {
        self.spawn();
        let (ready, name, log) = (self.ready.clone(), self.name, self.log());
        let child = &mut self.running.as_mut().unwrap().child;
        eventually(&format!("{name} is ready"), async || {
            if let Some(status) = child.try_wait().unwrap() {
                panic!("{name} ended ({status}): {}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            http.get(&ready).send().await.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        Instant::now()
    }

    fn spawn(&mut self) {
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        let mut command = self.command(&["serve"]);
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh", &child.id().unwrap().to_string()]).arg(&self.folder);
        let guard = guard.stdin(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        self.running = Some(Running { child, _guard: guard });
    }

    /// Runs it to its end with other arguments; gives what it printed and how it ended.
    pub async fn run(&self, arguments: &[&str]) -> (String, ExitStatus) {
        let output = self.command(arguments).output().await.unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        (said.concat(), output.status)
    }

    /// kill -9. Nothing in it has a chance to do anything.
    pub async fn kill(&mut self) {
        let mut running = self.running.take().unwrap();
        running.child.kill().await.unwrap();
    }

    /// Asks it to stop, as a service manager does.
    pub fn ask_to_stop(&self) {
        let running = self.running.as_ref().unwrap();
        ProcessId::of(running.child.id().unwrap()).unwrap().signal("TERM").unwrap();
    }

    /// Waits for the end of one that was asked to stop.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut running = self.running.take().unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(30), running.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("{} does not stop", self.name)).unwrap()
    }

    /// What it logged.
    pub fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }
}
