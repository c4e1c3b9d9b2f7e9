use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Object;

kernel::row! {
    /// What was counted.
    #[derive(Object, Debug, Clone, Default)]
    #[oai(rename = "HealthCounts")]
    pub struct Counts {
        /// Agencies that are active.
        pub agencies: i64,
        /// Clients that are active.
        pub clients: i64,
        /// Schemas ready to be claimed.
        pub ready_schemas: i64,
        /// Schemas whose migration failed.
        pub failed_schemas: i64,
        /// Newest schema version of the fleet.
        pub schema_version: i32,
        /// Jobs that are due and wait.
        pub jobs_due: i64,
        /// When the oldest of them became due, UTC.
        pub oldest_due_at: Option<DateTime<Utc>>,
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
        /// Statements that wait for a lock for more than five seconds.
        pub lock_waits: i64,
        /// Connections to this database.
        pub connections: i64,
        /// Size of the database in bytes.
        pub database_bytes: i64,
    }
}

/// How the platform is.
#[derive(Object, Debug, Clone)]
pub struct Health {
    /// Whether there is nothing to look after.
    pub ok: bool,
    /// What somebody should look after: `events_stuck` (a minute), `jobs_stuck` (five minutes), `dead_jobs`,
    /// `mails_stuck` (a quarter of an hour), `locks_stuck`, `migrations_failed`, `no_ready_schema`.
    pub problems: Vec<String>,
    /// What was counted.
    #[oai(flatten)]
    pub counts: Counts,
}

impl Health {
    /// Judges what was counted at a moment.
    pub fn of(counts: Counts, now: DateTime<Utc>) -> Self {
        let older = |at: Option<DateTime<Utc>>, minutes| at.is_some_and(|at| now - at > TimeDelta::minutes(minutes));
        let problems = [
            ("events_stuck", older(counts.oldest_event_at, 1)),
            ("jobs_stuck", older(counts.oldest_due_at, 5)),
            ("dead_jobs", counts.dead_jobs > 0),
            ("mails_stuck", older(counts.oldest_mail_at, 15)),
            ("locks_stuck", counts.lock_waits > 0),
            ("migrations_failed", counts.failed_schemas > 0),
            ("no_ready_schema", counts.ready_schemas == 0),
        ];
        let problems: Vec<_> = problems.iter().filter(|(_, is)| *is).map(|(name, _)| (*name).to_owned()).collect();
        Health { ok: problems.is_empty(), problems, counts }
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
        assert!(Health::of(fine.clone(), now).ok);
        let late = Counts { oldest_event_at: ago(61), lock_waits: 1, ready_schemas: 0, ..fine };
        assert_eq!(Health::of(late, now).problems, ["events_stuck", "locks_stuck", "no_ready_schema"]);
    }
}
