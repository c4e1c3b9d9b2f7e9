//! Programs under test: each a process of its own, so that its processor time and memory are its own, ended with the
//! bench however the bench ends.
use crate::machine;
use anyhow::{Context, Result, bail};
use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use xtask::build;

const START_LIMIT: Duration = Duration::from_secs(60);

/// A running program; dropping it ends it.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
    /// Addresses it announced, in their order.
    pub addresses: Vec<SocketAddr>,
}

/// A command that the kernel ends together with this thread, which covers Ctrl-C and `kill -9` of the bench. Processes
/// may be started only by the main thread for that reason. `cpu` pins it to one processor.
pub fn command(program: impl AsRef<OsStr>, cpu: Option<usize>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]);
    if let Some(cpu) = cpu {
        command.args(["taskset", "--cpu-list", &cpu.to_string()]);
    }
    command.arg(program).stdin(Stdio::null());
    // A developer's own settings must not change what is measured.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"UPZENTO_")) {
        command.env_remove(name);
    }
    command
}

/// A port of 127.0.0.1 that nobody listens on at this moment.
///
/// # Errors
/// There is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

impl Program {
    /// Starts one of our programs and waits until it has announced so many addresses.
    ///
    /// # Errors
    /// It is not built, or ends before it listens.
    pub fn ours(name: &str, config: &Path, arguments: &[&str], announced: usize, cpu: Option<usize>) -> Result<Self> {
        let log = config.with_extension("log");
        let mut command = command(build::binary(name)?, cpu);
        command.arg("--config").arg(config).args(arguments);
        let errors = std::fs::File::options().create(true).append(true).open(&log)?;
        let child = command.stdout(Stdio::piped()).stderr(errors).spawn();
        let mut child = child.with_context(|| format!("cannot start {name}; setpriv is part of util-linux"))?;
        let out = child.stdout.take().context("no output")?;
        let mut program = Program { name: name.to_owned(), child, addresses: vec![] };
        let mut lines = BufReader::new(out).lines();
        while program.addresses.len() < announced {
            let Some(line) = lines.next() else {
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                bail!("{name} ended before it listened:\n{said}");
            };
            program.addresses.extend(address_in(&line?));
        }
        // Nothing more is announced, but a program that cannot write fails.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(program)
    }

    /// Starts any server and waits until it takes connections at `address`.
    ///
    /// # Errors
    /// It ends, or never listens.
    pub fn foreign(name: &str, mut command: Command, address: SocketAddr) -> Result<Self> {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.with_context(|| format!("cannot start {name}; is it installed?"))?;
        let mut program = Program { name: name.to_owned(), child, addresses: vec![address] };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = program.child.try_wait()? {
                bail!("{name} ended ({status})");
            }
            if begun.elapsed() > START_LIMIT {
                bail!("{name} does not listen");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(program)
    }

    /// The first address it announced.
    ///
    /// # Errors
    /// It announced none.
    pub fn address(&self) -> Result<SocketAddr> {
        self.addresses.first().copied().with_context(|| format!("{} has no address", self.name))
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Processor time used so far.
    ///
    /// # Errors
    /// It ended.
    pub fn processor_time(&self) -> Result<Duration> {
        machine::processor_time(self.pid())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in a line like `listening on http://127.0.0.1:8080`.
fn address_in(line: &str) -> Option<SocketAddr> {
    line.split_once("listening on ")?.1.split_once("://")?.1.trim().parse().ok()
}

/// Waits until `GET /readyz` answers 200.
///
/// # Errors
/// It never does.
pub fn ready(address: SocketAddr) -> Result<()> {
    let ask = crate::http::request("GET", "/readyz", address, &[], "");
    let begun = Instant::now();
    loop {
        let answer = crate::http::Connection::new(address).send(&ask).map(|answer| answer.status);
        match answer {
            Ok(200) => return Ok(()),
            other if begun.elapsed() > START_LIMIT => bail!("{address} is not ready: {other:?}"),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_say_where_they_listen() {
        let expected: SocketAddr = "127.0.0.1:41".parse().unwrap();
        for line in ["listening on http://127.0.0.1:41", "internal listening on https://127.0.0.1:41"] {
            assert_eq!(address_in(line), Some(expected));
        }
        assert_eq!(address_in("working"), None);
    }
}
