use super::{traffic::ProgramTraffic, uptime::ProgramUptime};
use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;
use std::collections::BTreeSet;

kernel::row! {
    /// What was counted.
    #[derive(Object, Debug, Clone, Default)]
    #[oai(rename = "HealthCounts")]
    pub struct Counts {
        /// Agencies that are active.
        pub agencies: i64,
        /// Clients that are active.
        pub clients: i64,
        /// Accounts that stand still.
        pub stopped: i64,
        /// Schemas ready to be claimed.
        pub ready_schemas: i64,
        /// Schemas whose migration failed.
        pub failed_schemas: i64,
        /// Schemas that wait for their migration or are in it.
        pub waiting_schemas: i64,
        /// Newest schema version of the fleet.
        pub schema_version: i32,
        /// Jobs that are due and wait.
        pub jobs_due: i64,
        /// When the oldest of them became due, UTC.
        pub oldest_due_at: Option<DateTime<Utc>>,
        /// Jobs at work.
        pub jobs_running: i64,
        /// Jobs that failed for good.
        pub dead_jobs: i64,
        /// Events that are not delivered yet.
        pub events_waiting: i64,
        /// When the oldest of them was recorded, UTC.
        pub oldest_event_at: Option<DateTime<Utc>>,
        /// Mails that wait or are tried again.
        pub mails_waiting: i64,
        /// When the oldest of them was written, UTC.
        pub oldest_mail_at: Option<DateTime<Utc>>,
        /// Mails that a mail server took in the last 24 hours.
        pub mails_sent_day: i64,
        /// Mails of the last 24 hours that were given up.
        pub mails_failed_day: i64,
        /// Whether there are widgets, which need an edge.
        pub has_widgets: bool,
        /// Statements that wait for a lock for more than five seconds.
        pub lock_waits: i64,
        /// Connections to this database.
        pub connections: i64,
        /// Size of the database in bytes.
        pub database_bytes: i64,
    }
}

kernel::row! {
    /// Connections of one login under one name.
    pub struct Connected {
        /// Database login.
        pub login: String,
        /// What the connections call themselves: pool, version, machine and process.
        pub name: String,
        /// How many.
        pub connections: i64,
    }
}

/// A program of the platform, as the database sees it.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct ProgramHealth {
    /// `core`, `admin-api` or `embed-edge`.
    pub program: String,
    /// Processes that are connected now.
    pub instances: i64,
    /// Their versions.
    pub versions: Vec<String>,
    /// Their connections.
    pub connections: i64,
}

/// Each program with its logins, in the order in which people read them.
const PROGRAMS: [(&str, &[&str]); 3] = [
    ("core", &["upzento_app", "upzento_control", "upzento_ops"]),
    ("embed-edge", &["upzento_edge"]),
    ("admin-api", &["upzento_admin"]),
];

/// Which programs are there. A program that is away has no connection.
fn programs(connected: &[Connected]) -> Vec<ProgramHealth> {
    let one = |(program, logins): (&str, &[&str])| {
        let own = || connected.iter().filter(|c| logins.contains(&c.login.as_str()));
        let processes: BTreeSet<_> = own().filter_map(|c| c.name.splitn(3, ' ').nth(2)).collect();
        let versions: BTreeSet<_> = own().filter_map(|c| c.name.split(' ').nth(1)).map(str::to_owned).collect();
        ProgramHealth {
            program: program.to_owned(),
            instances: i64::try_from(processes.len()).unwrap_or(i64::MAX),
            versions: versions.into_iter().collect(),
            connections: own().map(|c| c.connections).sum(),
        }
    };
    PROGRAMS.into_iter().map(one).collect()
}

/// How the platform is.
#[derive(Object, Debug, Clone)]
pub struct Health {
    /// Whether there is nothing to look after.
    pub ok: bool,
    /// What somebody should look after: `events_stuck` (a minute), `jobs_stuck` (five minutes), `dead_jobs`,
    /// `mails_stuck` (a quarter of an hour), `locks_stuck`, `migrations_failed`, `no_ready_schema`, `core_away`,
    /// `edge_away` (there are widgets, and no edge).
    pub problems: Vec<String>,
    /// Who is connected.
    pub programs: Vec<ProgramHealth>,
    /// How programs answered in the last hour, by name.
    pub traffic: Vec<ProgramTraffic>,
    /// How steadily programs were there in the last 24 hours, 7 days and 30 days, by name.
    pub uptime: Vec<ProgramUptime>,
    /// What was counted.
    #[oai(flatten)]
    pub counts: Counts,
}

impl Health {
    /// Judges what was counted at a moment; how programs answered is not judged.
    pub fn of(counts: Counts, connected: &[Connected], now: DateTime<Utc>) -> Self {
        let programs = programs(connected);
        let away = |name| programs.iter().any(|p| p.program == name && p.connections == 0);
        let older = |at: Option<DateTime<Utc>>, minutes| at.is_some_and(|at| now - at > TimeDelta::minutes(minutes));
        let problems = [
            ("events_stuck", older(counts.oldest_event_at, 1)),
            ("jobs_stuck", older(counts.oldest_due_at, 5)),
            ("dead_jobs", counts.dead_jobs > 0),
            ("mails_stuck", older(counts.oldest_mail_at, 15)),
            ("locks_stuck", counts.lock_waits > 0),
            ("migrations_failed", counts.failed_schemas > 0),
            ("no_ready_schema", counts.ready_schemas == 0),
            ("core_away", away("core")),
            ("edge_away", counts.has_widgets && away("embed-edge")),
        ];
        let problems: Vec<_> = problems.iter().filter(|(_, is)| *is).map(|(name, _)| (*name).to_owned()).collect();
        Health { ok: problems.is_empty(), problems, programs, traffic: vec![], uptime: vec![], counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_too_long_is_a_problem() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let ago = |seconds| Some(now - TimeDelta::seconds(seconds));
        let fine = Counts {
            ready_schemas: 1,
            oldest_event_at: ago(60),
            oldest_due_at: ago(300),
            oldest_mail_at: ago(900),
            ..Counts::default()
        };
        let there = |login: &str, name: &str| Connected { login: login.into(), name: name.into(), connections: 2 };
        let core = [there("upzento_app", "upzento 1.2 a:1"), there("upzento_ops", "upzento-ops 1.2 a:1")];
        assert!(Health::of(fine.clone(), &core, now).ok);
        let late = Counts { oldest_event_at: ago(61), lock_waits: 1, ready_schemas: 0, ..fine };
        assert_eq!(Health::of(late, &core, now).problems, ["events_stuck", "locks_stuck", "no_ready_schema"]);
        let shown = Counts { has_widgets: true, ..fine };
        assert_eq!(Health::of(shown, &[], now).problems, ["core_away", "edge_away"]);
    }

    #[test]
    fn a_program_is_as_many_processes_as_its_connections_name() {
        let of = |login: &str, name: &str| Connected { login: login.into(), name: name.into(), connections: 3 };
        let seen = programs(&[
            of("upzento_app", "upzento 1.2 a:1"),
            of("upzento_control", "upzento-control 1.2 a:1"),
            of("upzento_control", "upzento-control 1.3 b:7"),
            of("postgres", "psql"),
        ]);
        let (core, edge) = (&seen[0], &seen[1]);
        assert_eq!((core.instances, core.connections, core.versions.join(" ")), (2, 9, "1.2 1.3".to_owned()));
        assert_eq!((edge.instances, edge.connections), (0, 0));
    }
}
