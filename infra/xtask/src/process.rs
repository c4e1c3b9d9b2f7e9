//! Facts about operating-system processes that the standard library does not offer.
//!
//! A process is named by its id *and* its start time, so that a recycled id is never mistaken for ours.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// A running process, safe against recycled ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessId {
    /// The number the system gave.
    pub pid: u32,
    /// When it started, in whatever unit the system counts; only compared for equality.
    pub started: String,
}

impl ProcessId {
    /// The process with this number, if it runs now.
    pub fn of(pid: u32) -> Option<Self> {
        start_time(pid).map(|started| Self { pid, started })
    }

    /// The process that calls this.
    pub fn current() -> Result<Self> {
        Self::of(std::process::id()).context("this process cannot see itself in the process table")
    }

    /// Whether exactly this process still runs.
    pub fn is_alive(&self) -> bool {
        start_time(self.pid).as_deref() == Some(self.started.as_str())
    }

    /// Sends a signal by name (`INT`, `TERM`, `KILL`) if exactly this process still runs.
    pub fn signal(&self, name: &str) -> Result<()> {
        if !self.is_alive() {
            return Ok(());
        }
        // `kill` as a builtin of the shell: present everywhere, and no unsafe code here.
        let status = Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &self.pid.to_string()])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("cannot run sh")?;
        if !status.success() && self.is_alive() {
            bail!("process {} did not take signal {name}", self.pid);
        }
        Ok(())
    }
}

/// Start time of a process, or `None` when it is gone (or only waits to be reaped).
fn start_time(pid: u32) -> Option<String> {
    if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The name in parentheses may itself hold spaces and parentheses: fields start after the last one.
        let mut fields = stat.rsplit_once(") ")?.1.split(' ');
        let state = fields.next()?;
        return if matches!(state, "Z" | "X") { None } else { fields.nth(18).map(str::to_owned) };
    }
    if fs::metadata("/proc/self/stat").is_ok() {
        return None;
    }
    let output = Command::new("ps").args(["-o", "lstart=", "-p", &pid.to_string()]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The command line of a process, words joined by spaces; empty when unknown.
pub fn command_line(pid: u32) -> String {
    fs::read(format!("/proc/{pid}/cmdline"))
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
        .unwrap_or_default()
}

/// A system user that a program can be run as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
}

/// Whether this process runs as root.
pub fn is_root() -> bool {
    match fs::metadata("/proc/self") {
        Ok(metadata) => metadata.uid() == 0,
        Err(_) => Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n")),
    }
}

/// The account that Postgres runs as: `None` means "as ourselves".
///
/// Postgres refuses to run as root, and a user id without an entry in the user database fails too
/// ("could not look up effective user ID"), so root borrows a user that exists.
pub fn postgres_account() -> Result<Option<Account>> {
    if !is_root() {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    ["postgres", "nobody"].iter().find_map(|name| parse_account(&users, name)).map(Some).context(
        "Postgres cannot run as root and there is neither a user postgres nor nobody; run this as another user",
    )
}

fn parse_account(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name: name.to_owned(), uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_named_with_its_start() {
        let me = ProcessId::current().unwrap();
        assert!(me.is_alive());
        let recycled = ProcessId { started: "another time".into(), ..me };
        assert!(!recycled.is_alive());
        recycled.signal("KILL").unwrap();
    }

    #[test]
    fn accounts_come_from_the_user_database() {
        let users = "root:x:0:0::/root:/bin/sh\npostgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash\n";
        let account = parse_account(users, "postgres").unwrap();
        assert_eq!((account.uid, account.gid), (101, 104));
        assert_eq!(parse_account(users, "nobody"), None);
    }
}
