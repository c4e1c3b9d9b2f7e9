//! pgbench, sending what the core sends: the same statements, on as many connections, for as many tenants.
//!
//! Its connections live as long as the bench and are only paused between two stretches, because a backend that has just
//! been opened has to read every tenant's tables for the first time, and the core's have done so long ago.
use crate::{programs, world::World};
use anyhow::{Context, Result, bail};
use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use xtask::process::ProcessId;

/// pgbench takes at most 128 scripts.
const TENANTS_PER_SCRIPT: usize = 8;

/// How the statements travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// All of a transaction as one text.
    Simple,
    /// Each prepared once for each tenant, all of a transaction in one pipeline.
    Prepared,
}

/// A running pgbench, paused unless it measures.
#[derive(Debug)]
pub struct Pgbench {
    child: Child,
    process: ProcessId,
    rates: Arc<Mutex<Vec<f64>>>,
}

/// The statement a reader sends, as the core's source has it.
///
/// # Errors
/// The source changed its form.
pub fn find_statement() -> Result<&'static str> {
    let source = include_str!("../../../core/contacts/src/contacts/db/mod.rs");
    let (_, rest) = source.split_once("const FIND: Sql = sql!(\n        \"").context("no FIND in contacts/db.rs")?;
    Ok(rest.split_once("\"\n").context("no end of FIND in contacts/db.rs")?.0)
}

/// What binds a transaction to a tenant, as the core sends it.
pub fn bind(schema: &str) -> [String; 5] {
    [
        "begin read only".to_owned(),
        format!("set local search_path = {schema}, shared"),
        format!("set local role {schema}"),
        "set local statement_timeout = 3000".to_owned(),
        "set local lock_timeout = 2000".to_owned(),
    ]
}

fn transaction(statement: &str, schema: &str, contact: &str) -> Vec<String> {
    let select = statement.replace("$1", &format!("'{contact}'::uuid")).replace("$2", "null");
    let select = select.split_whitespace().collect::<Vec<_>>().join(" ");
    bind(schema).into_iter().chain([select, "commit".to_owned()]).collect()
}

/// One script: it chooses one of its tenants and reads that tenant's contact.
fn script(statement: &str, number: usize, tenants: &[(String, String)], protocol: Protocol) -> String {
    let mut text = String::new();
    if protocol == Protocol::Prepared {
        // Before version 16, pgbench prepares a script's statements at its first one, which it cannot do in a pipeline.
        let _ = write!(text, "\\if :w{number} = 0\nselect 1;\n\\set w{number} 1\n\\endif\n");
    }
    let _ = writeln!(text, "\\set k random(0, {})", tenants.len() - 1);
    for (at, (schema, contact)) in tenants.iter().enumerate() {
        let _ = writeln!(text, "\\{} :k = {at}", if at == 0 { "if" } else { "elif" });
        let statements = transaction(statement, schema, contact);
        match protocol {
            Protocol::Simple => {
                let _ = writeln!(text, "{};", statements.join("\\; "));
            }
            Protocol::Prepared => {
                let _ = writeln!(text, "\\startpipeline\n{};\n\\endpipeline", statements.join(";\n"));
            }
        }
    }
    text.push_str("\\endif\n");
    text
}

impl Pgbench {
    /// Starts it on so many connections and lets it warm up for a while.
    ///
    /// # Errors
    /// It is not installed, or fails.
    pub fn start(world: &World, connections: usize, protocol: Protocol, warm_up: Duration) -> Result<Self> {
        let name = if protocol == Protocol::Simple { "pgbench-simple" } else { "pgbench-prepared" };
        let statement = find_statement()?;
        let tenants = world.tenants.chunks(TENANTS_PER_SCRIPT).enumerate().map(|(number, tenants)| {
            let tenants: Vec<_> = tenants.iter().map(|t| (t.schema.clone(), t.contact.to_string())).collect();
            script(statement, number, &tenants, protocol)
        });
        let first = world.tenants.first().context("no tenants")?;
        Self::run(world, (name, connections), protocol, &first.schema, &tenants.collect::<Vec<_>>(), warm_up)
    }

    /// Starts it with one statement of one tenant.
    ///
    /// # Errors
    /// It is not installed, or fails.
    pub fn one(
        world: &World,
        called: (&str, usize),
        protocol: Protocol,
        schema: &str,
        statement: &str,
    ) -> Result<Self> {
        let tenant = [(schema.to_owned(), String::new())];
        Self::run(world, called, protocol, schema, &[script(statement, 0, &tenant, protocol)], world.scale.stretch)
    }

    /// `schema` is where a prepared statement's tables are found before a tenant is bound.
    fn run(
        world: &World,
        (name, connections): (&str, usize),
        protocol: Protocol,
        schema: &str,
        scripts: &[String],
        warm_up: Duration,
    ) -> Result<Self> {
        let folder = world.folder(name)?;
        let beside_server = world.cluster.binaries().program("pgbench");
        let program = if beside_server.is_file() { beside_server } else { "pgbench".into() };
        let mut command = programs::command(program, None);
        command.args(["--no-vacuum", "--progress=1", "--jobs=2", "--time=100000"]);
        command.arg(format!("--client={connections}"));
        command.arg(if protocol == Protocol::Simple { "--protocol=simple" } else { "--protocol=prepared" });
        for (number, script) in scripts.iter().enumerate() {
            let file = folder.join(format!("{number}.sql"));
            fs::write(&file, script)?;
            command.arg("--file").arg(&file).arg("-D").arg(format!("w{number}=0"));
        }
        // Paused in the middle of a transaction, it must not be taken for dead.
        let mut options = "-c idle_in_transaction_session_timeout=0".to_owned();
        let mut login = "upzento_app";
        if protocol == Protocol::Prepared {
            // A statement is prepared before a tenant is bound, so its tables have to be found somewhere, and only a
            // superuser can look into a schema. Each is planned anew for its own tenant when it runs first.
            login = "postgres";
            let _ = write!(options, " -c search_path={schema},shared");
        }
        command.env("PGOPTIONS", options).arg(world.url(login, "bench"));
        let log = folder.join("output.log");
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().context("cannot start pgbench; it comes with PostgreSQL")?;
        let output = child.stderr.take().context("no output")?;
        let process = ProcessId::of(child.id()).context("pgbench ended")?;
        let rates = Arc::<Mutex<Vec<f64>>>::default();
        let (kept, heard) = (rates.clone(), log.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                match rate_in(&line) {
                    Some(rate) => kept.lock().unwrap_or_else(PoisonError::into_inner).push(rate),
                    None => {
                        let _ = fs::write(&heard, &line);
                    }
                }
            }
        });
        let mut pgbench = Pgbench { child, process, rates };
        pgbench.wait_for(warm_up.as_secs().max(1) as usize, &log)?;
        pgbench.process.signal("STOP")?;
        Ok(pgbench)
    }

    /// Transactions a second, over so many whole seconds.
    ///
    /// # Errors
    /// It ended.
    pub fn measure(&mut self, seconds: usize) -> Result<f64> {
        self.lock().clear();
        self.process.signal("CONT")?;
        // The first line covers the pause, too.
        self.wait_for(1 + seconds, std::path::Path::new(""))?;
        self.process.signal("STOP")?;
        let rates = self.lock();
        Ok(rates.iter().skip(1).take(seconds).sum::<f64>() / seconds as f64)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<f64>> {
        self.rates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for(&mut self, lines: usize, log: &std::path::Path) -> Result<()> {
        let begun = Instant::now();
        while self.lock().len() < lines {
            if self.child.try_wait()?.is_some() || begun.elapsed() > Duration::from_secs(120) {
                bail!("pgbench ended: {}", fs::read_to_string(log).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Pgbench {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rate in `progress: 3.0 s, 5123.1 tps, lat 1.5 ms …`.
fn rate_in(line: &str) -> Option<f64> {
    line.strip_prefix("progress: ")?.split(" s, ").nth(1)?.split(" tps").next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_is_the_cores_own() {
        let statement = find_statement().unwrap();
        assert!(statement.starts_with("select c.id, c.display_name") && statement.contains("c.id = $1"), "{statement}");
        let sent = transaction(statement, "t_x", "4f");
        assert!(sent[5].ends_with(
            "where c.id = '4f'::uuid and c.deleted_at is null and (null::uuid[] is null or c.owner_id = any(null))"
        ));
        assert_eq!((sent.len(), sent[6].as_str()), (7, "commit"));
    }

    #[test]
    fn scripts_choose_one_of_their_tenants() {
        let tenants = [("t_a".to_owned(), "1".to_owned()), ("t_b".to_owned(), "2".to_owned())];
        let simple = script("select $1", 3, &tenants, Protocol::Simple);
        assert!(
            simple.starts_with("\\set k random(0, 1)\n\\if :k = 0\nbegin read only\\; set local search_path = t_a"),
            "{simple}"
        );
        let prepared = script("select $1", 3, &tenants, Protocol::Prepared);
        assert!(
            prepared.contains("\\if :w3 = 0\nselect 1;")
                && prepared.contains("\\elif :k = 1\n\\startpipeline\nbegin read only;\n"),
            "{prepared}"
        );
    }

    #[test]
    fn progress_is_understood() {
        assert_eq!(rate_in("progress: 2.0 s, 5123.5 tps, lat 1.561 ms stddev 0.4, 0 failed"), Some(5123.5));
        assert_eq!(rate_in("pgbench (15.18)"), None);
    }
}
