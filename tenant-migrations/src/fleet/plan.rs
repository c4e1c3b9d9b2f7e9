//! Who needs work, and in which order: the central version table is asked, never the tenants.

use std::fmt;

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::name::TenantName;
use crate::sets::{Sets, checksum};

/// A part of the fleet; the next begins only when the one before went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cohort {
    /// One schema of the warm pool, which nobody uses.
    Template,
    /// Three tenants: those with `control.tenant_schemas.cohort = 'canary'`, else from the pool, else any.
    Canary,
    /// One of a hundred.
    Percent,
    /// One of ten.
    Tenth,
    /// Everybody else, and those who failed before.
    Rest,
}

impl Cohort {
    /// Name in `control.tenant_schemas.cohort`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Canary => "canary",
            Self::Percent => "1%",
            Self::Tenth => "10%",
            Self::Rest => "rest",
        }
    }

    /// Failures after which the run still goes on: none among the first tenants, later one or 0.5 %, never all.
    #[must_use]
    pub fn tolerated(self, size: usize) -> usize {
        match self {
            Self::Template | Self::Canary => 0,
            Self::Percent | Self::Tenth | Self::Rest => (size / 200).max(1).min(size.saturating_sub(1)),
        }
    }
}

impl fmt::Display for Cohort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A tenant that is not at the newest version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Id of the tenant.
    pub id: Uuid,
    /// Name of its schema.
    pub name: TenantName,
    /// Version the central table knows.
    pub version: i32,
    /// Lifecycle state.
    pub state: String,
    /// Whether the last attempt failed.
    pub failed: bool,
    /// Whether the tenant is marked as a canary.
    pub canary: bool,
}

/// A tenant that is behind, but whose state forbids touching it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Id of the tenant.
    pub id: Uuid,
    /// Lifecycle state, `moving` or `restoring`.
    pub state: String,
}

/// The work of a run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Cohorts in order; some may be empty.
    pub cohorts: Vec<(Cohort, Vec<Work>)>,
    /// Tenants left alone for now.
    pub held: Vec<Held>,
}

/// Reads the plan from the control plane: one statement, however many tenants there are.
///
/// # Errors
/// The control set is not migrated yet, or the connection is lost.
pub async fn plan(client: &Client, sets: &Sets, failed_only: bool) -> Result<Plan> {
    let rows = client
        .query(
            "select t.id, t.schema_name, t.state, coalesce(s.version, 0), coalesce(s.state = 'failed', false),
               coalesce(s.cohort = 'canary', false)
             from control.tenants t left join control.tenant_schemas s on s.tenant_id = t.id
             where t.state not in ('warming', 'deleting', 'deleted')
               and (s.tenant_id is null or s.version <> $1 or s.checksum <> $2 or s.state <> 'current')
               and (not $3 or s.state = 'failed')
             order by t.created_at, t.id",
            &[&sets.tenant_version(), &checksum(&sets.tenant), &failed_only],
        )
        .await?;
    let mut work = Vec::with_capacity(rows.len());
    let mut held = Vec::new();
    for row in rows {
        let state: String = row.get(2);
        if state == "moving" || state == "restoring" {
            held.push(Held { id: row.get(0), state });
            continue;
        }
        work.push(Work {
            id: row.get(0),
            name: TenantName::parse(row.get(1))?,
            version: row.get(3),
            state,
            failed: row.get(4),
            canary: row.get(5),
        });
    }
    let cohorts = if failed_only { vec![(Cohort::Rest, work)] } else { divide(work) };
    Ok(Plan { cohorts, held })
}

fn divide(work: Vec<Work>) -> Vec<(Cohort, Vec<Work>)> {
    let total = work.len();
    // Who failed before must not stop the others again: they come last.
    let (failed, mut fresh): (Vec<Work>, Vec<Work>) = work.into_iter().partition(|work| work.failed);
    // The random half of the id spreads the later cohorts over old and young, large and small tenants.
    fresh.sort_by_key(|work| (!work.canary, work.state != "ready", work.id.as_u128() as u64));
    let template = fresh.iter().position(|work| work.state == "ready" && !work.canary);
    let template: Vec<Work> = template.map(|at| fresh.remove(at)).into_iter().collect();
    let mut take = |count: usize| fresh.drain(..count.min(fresh.len())).collect::<Vec<_>>();
    let canary = take(3);
    let percent = take(total.div_ceil(100));
    let tenth = take(total.div_ceil(10));
    let mut rest = take(usize::MAX);
    rest.extend(failed);
    vec![
        (Cohort::Template, template),
        (Cohort::Canary, canary),
        (Cohort::Percent, percent),
        (Cohort::Tenth, tenth),
        (Cohort::Rest, rest),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(number: u128, state: &str) -> Work {
        let id = Uuid::from_u128(number);
        Work { id, name: TenantName::of(id), version: 1, state: state.into(), failed: false, canary: false }
    }

    #[test]
    fn cohorts_cover_everybody_once() {
        let mut all: Vec<Work> =
            (0..500).map(|number| work(number, if number < 5 { "ready" } else { "active" })).collect();
        all[17].canary = true;
        all[30].failed = true;
        let cohorts = divide(all);
        let sizes: Vec<usize> = cohorts.iter().map(|(_, work)| work.len()).collect();
        assert_eq!(sizes, [1, 3, 5, 50, 441]);
        assert_eq!(cohorts[0].1[0].state, "ready");
        assert!(cohorts[1].1.iter().any(|work| work.canary));
        assert!(cohorts[4].1.iter().any(|work| work.failed));
        let mut ids: Vec<Uuid> = cohorts.iter().flat_map(|(_, work)| work.iter().map(|work| work.id)).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 500);
    }

    #[test]
    fn small_fleets_have_no_empty_trap() {
        assert_eq!(divide(Vec::new()).iter().map(|(_, work)| work.len()).sum::<usize>(), 0);
        assert_eq!(divide(vec![work(1, "active")])[1].1.len(), 1);
    }

    #[test]
    fn tolerance() {
        assert_eq!(Cohort::Canary.tolerated(3), 0);
        assert_eq!(Cohort::Percent.tolerated(1), 0);
        assert_eq!(Cohort::Rest.tolerated(40), 1);
        assert_eq!(Cohort::Rest.tolerated(2000), 10);
    }
}
