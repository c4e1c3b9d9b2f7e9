//! Who waits for an answer goes first: background work gives way where both want the same processor.
use rustix::process::{Pid, setpriority_process};

/// As nice(1) counts: a tenth of what others get while they want it too, everything while they do not.
const BEHIND: i32 = 10;

/// The calling thread gives way. On Linux each thread has a priority of its own (setpriority(2)); elsewhere this does nothing.
pub fn give_way() {
    if cfg!(target_os = "linux") {
        // Lowering one's own priority is always allowed; without it everything works as well, only not as evenly.
        let _ = setpriority_process(None, BEHIND);
    }
}

/// A server process of Postgres gives way, if it runs on this machine and we may say so: as the same user, or with CAP_SYS_NICE.
pub(crate) fn server_gives_way(pid: i32) {
    // A process of this number here need not be the one that a forwarded port leads to: only a Postgres is touched.
    let is_postgres =
        std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim_end() == "postgres");
    if let Some(pid) = Pid::from_raw(pid).filter(|_| is_postgres) {
        // Why ignoring is right: whether this machine allows it is its operator's choice.
        let _ = setpriority_process(Some(pid), BEHIND);
    }
}
