//! What the operating system knows: the machine, and what a process has used.
use anyhow::{Context, Result};
use std::{
    fs,
    time::{Duration, Instant},
};

/// Ticks a second of `/proc/<pid>/stat` and `/proc/stat`; Linux shows this unit to programs on every architecture.
const TICKS: f64 = 100.0;

/// Processor time a process has used so far, over all its threads.
///
/// # Errors
/// The process is gone.
pub fn processor_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))?;
    parse_processor_time(&stat).context("an unknown form of /proc/<pid>/stat")
}

fn parse_processor_time(stat: &str) -> Option<Duration> {
    // The name in parentheses may hold spaces; fields are counted after it. utime and stime are fields 14 and 15.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_secs_f64((user + system) / TICKS))
}

/// Memory of a process, in megabytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// Resident, with what is shared.
    pub resident: f64,
    /// Resident and its own: heap and stacks.
    pub own: f64,
}

/// What a process holds in memory now.
///
/// # Errors
/// The process is gone.
pub fn memory(pid: u32) -> Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("process {pid} is gone"))?;
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kb| kb / 1024.0)
    };
    let found = megabytes("VmRSS").zip(megabytes("RssAnon"));
    let (resident, own) = found.context("an unknown form of /proc/<pid>/status")?;
    Ok(Memory { resident, own })
}

/// What a measurement gives, and the share of the processors' time that a host of this machine gave to others meanwhile, of
/// a hundred. Only a machine in use is made to wait: what is measured in a quiet moment may know nothing of it.
///
/// # Errors
/// The measurement fails.
pub fn with_stolen<T>(measure: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let stolen = || fs::read_to_string("/proc/stat").ok().and_then(|stat| parse_stolen(&stat)).unwrap_or_default();
    let (before, begun) = (stolen(), Instant::now());
    let measured = measure()?;
    let time = begun.elapsed().as_secs_f64() * processors() as f64;
    Ok((measured, 100.0 * (stolen() - before) / time))
}

/// Seconds, over all processors: the eighth number of the first line, see proc_stat(5).
fn parse_stolen(stat: &str) -> Option<f64> {
    let ticks: f64 = stat.lines().next()?.split_whitespace().nth(8)?.parse().ok()?;
    Some(ticks / TICKS)
}

/// Processors of this machine.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The load of the last minute.
pub fn load_average() -> String {
    fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').next().unwrap_or("?").to_owned()
}

/// The machine as a reader of figures wants to know it: name and value.
pub fn facts() -> Vec<(String, String)> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map_or("unknown", |(_, value)| value.trim()).to_owned()
    };
    let info = read("/proc/cpuinfo");
    let memory = after(&read("/proc/meminfo"), "MemTotal");
    let gigabytes = memory.trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0 / 1024.0;
    [
        ("processor", format!("{} x {}", processors(), after(&info, "model name"))),
        ("memory", format!("{gigabytes:.0} GB")),
        ("kernel", read("/proc/sys/kernel/osrelease").trim().to_owned()),
        // With groups, a priority counts only within a session: between the server processes of Postgres not at all.
        (
            "scheduler groups of sessions (sched_autogroup_enabled)",
            match read("/proc/sys/kernel/sched_autogroup_enabled").trim() {
                "1" => "on",
                _ => "off",
            }
            .to_owned(),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_past_a_strange_name() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 100 0 0 0 250 150 0 0 20 0 4 0 100 1000 100";
        assert_eq!(parse_processor_time(stat), Some(Duration::from_secs(4)));
    }

    #[test]
    fn what_the_host_took_is_read() {
        let stat = "cpu  7813358 3456763 2148358 3002441 81229 0 76615 990 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n";
        assert_eq!(parse_stolen(stat), Some(9.9));
        assert_eq!(parse_stolen(""), None);
    }

    #[test]
    fn this_process_has_memory() {
        let memory = memory(std::process::id()).unwrap();
        assert!(memory.resident > 0.5 && memory.own <= memory.resident, "{memory:?}");
    }
}
