//! Folders that the server's user can reach.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::cluster::run_as;
use crate::process::{self, Account, ProcessId};

/// Start of the name of every folder of a temporary cluster.
const PREFIX: &str = "upzento-pg-";

/// Where a project keeps its Postgres, and as whom it runs.
#[derive(Debug, Clone)]
pub struct Home {
    project: PathBuf,
    dir: PathBuf,
    account: Option<Account>,
}

impl Home {
    /// The home of the project in `project`: `.upzento/pg`, or a folder under `/var/lib` when root works in a place
    /// (such as `/root`) that the server's user may not enter.
    pub fn of(project: &Path) -> Result<Self> {
        let project = project.canonicalize().with_context(|| format!("no folder {}", project.display()))?;
        let account = process::postgres_account()?;
        let dir = if reachable(&project, account.as_ref()) {
            project.join(".upzento/pg")
        } else {
            let name = crate::files::hex(&Sha256::digest(project.as_os_str().as_encoded_bytes())[..8]);
            Path::new("/var/lib/upzento").join(name)
        };
        fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
        // The server's user must pass through; what is inside has modes of its own.
        let parent = dir.parent().context("a home without a parent")?;
        for folder in [parent, &dir] {
            let mode = fs::metadata(folder)?.permissions().mode();
            if account.is_some() && mode & 0o011 != 0o011 {
                fs::set_permissions(folder, fs::Permissions::from_mode(mode | 0o011))?;
            }
        }
        Ok(Self { project, dir, account })
    }

    /// The home of the project that this program was built from.
    pub fn of_this_project() -> Result<Self> {
        Self::of(crate::project_root())
    }

    /// Root folder of the project.
    pub fn project(&self) -> &Path {
        &self.project
    }

    /// The private folder: data, password and, if needed, binaries.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The user Postgres runs as; `None` is the user of this process.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// Creates a folder that only the server's user (and root) can read.
    pub fn own(&self, dir: &Path) -> Result<()> {
        own(dir, self.account.as_ref())
    }

    /// Removes everything this home holds.
    pub fn wipe(&self) -> Result<()> {
        match fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.dir.display()))
            }
            _ => Ok(()),
        }
    }
}

fn own(dir: &Path, account: Option<&Account>) -> Result<()> {
    fs::DirBuilder::new().mode(0o700).create(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    if let Some(account) = account {
        chown(dir, Some(account.uid), Some(account.gid))
            .with_context(|| format!("cannot give {} to {}", dir.display(), account.name))?;
    }
    Ok(())
}

/// Whether the server's user can enter a folder.
fn reachable(dir: &Path, account: Option<&Account>) -> bool {
    let mut command = Command::new("sh");
    command.args(["-c", "cd \"$1\"", "sh"]).arg(dir).current_dir("/").stdin(Stdio::null()).stderr(Stdio::null());
    run_as(&mut command, account);
    command.status().is_ok_and(|status| status.success())
}

/// What a temporary cluster stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Memory, where there is room for it.
    Quick,
    /// A disk, where there is one.
    Disk,
}

/// A new folder for a temporary cluster, in the first place that both this process and the server's user can use.
pub(super) fn temporary(place: Place, account: Option<&Account>) -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let me = ProcessId::current()?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{PREFIX}{}-{}-{}-{count}", namespace(), me.pid, me.started.replace([' ', ':'], "_"));
    for base in temporary_bases(place) {
        let dir = base.join(&name);
        if own(&dir, account).is_err() {
            continue;
        }
        if reachable(&dir, account) {
            return Ok(dir);
        }
        fs::remove_dir_all(&dir)?;
    }
    bail!("found no temporary folder for Postgres; set TMPDIR")
}

/// Where temporary clusters may stand, best first.
fn temporary_bases(place: Place) -> Vec<PathBuf> {
    let mut bases = vec![std::env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
    bases.dedup();
    // A clone of a database is thousands of small files: making them on a disk takes longer than the tests themselves.
    let memory = PathBuf::from("/dev/shm");
    let at = if place == Place::Quick && has_room(&memory) { 0 } else { bases.len() };
    bases.insert(at, memory);
    bases
}

/// Whether all that tests write together fits, with as much again for the rest of the machine.
fn has_room(dir: &Path) -> bool {
    const ROOM: u64 = 8 << 30;
    rustix::fs::statvfs(dir).is_ok_and(|free| free.f_bavail.saturating_mul(free.f_frsize) >= ROOM)
}

/// Process ids mean nothing across containers that share a temporary folder, so each names its id space.
fn namespace() -> String {
    fs::read_link("/proc/self/ns/pid")
        .map(|link| link.to_string_lossy().chars().filter(char::is_ascii_digit).collect())
        .unwrap_or_else(|_| "0".to_owned())
}

/// Removes the temporary clusters of processes that are gone. Returns how many.
pub fn sweep() -> usize {
    let mut removed = 0;
    for base in temporary_bases(Place::Quick) {
        let Ok(entries) = fs::read_dir(&base) else { continue };
        for dir in entries.flatten().map(|entry| entry.path()) {
            if is_abandoned(&dir) {
                stop_leftover(&dir.join("data"));
                removed += usize::from(fs::remove_dir_all(&dir).is_ok());
            }
        }
    }
    removed
}

fn is_abandoned(dir: &Path) -> bool {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let mut parts = name.strip_prefix(PREFIX).unwrap_or_default().split('-');
    let (Some(space), Some(pid), Some(started)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let Ok(pid) = pid.parse::<u32>() else { return false };
    space == namespace() && ProcessId::of(pid).is_none_or(|now| now.started.replace([' ', ':'], "_") != started)
}

/// Stops a server that still runs on a data folder although nobody supervises it.
pub(super) fn stop_leftover(data: &Path) {
    let Some(server) = server_of(data) else { return };
    let _ = server.signal("INT");
    for _ in 0..500 {
        if !server.is_alive() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let _ = server.signal("KILL");
}

/// The server that runs on this data folder.
pub(super) fn server_of(data: &Path) -> Option<ProcessId> {
    let file = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid = file.lines().next()?.trim().parse().ok()?;
    let server = ProcessId::of(pid)?;
    // The file survives a crash and its number may be somebody else's by now.
    process::command_line(pid).contains(&*data.to_string_lossy()).then_some(server)
}
