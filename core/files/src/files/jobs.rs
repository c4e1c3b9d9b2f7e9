//! What happens to bytes nobody needs any more.
use super::{actions, db, model::FileId};
use crate::providers::Store;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use kernel::{
    Result, Tx,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// How long an upload waits to be attached.
const PATIENCE: TimeDelta = TimeDelta::hours(24);
const BATCH: i64 = 200;

/// Removes objects whose rows are gone.
#[derive(Serialize, Deserialize)]
pub struct RemoveObjects {
    /// Keys in the object store.
    pub keys: Vec<String>,
}

impl Job for RemoveObjects {
    const KIND: &'static str = "RemoveObjects";

    async fn run(self, cx: JobCx) -> Result<()> {
        let store = cx.app.provided::<Store>()?;
        for key in &self.keys {
            store.remove(key).await?;
        }
        Ok(())
    }
}

/// Asks the scanner about a file that it gave no answer about.
#[derive(Serialize, Deserialize)]
pub struct ScanFile {
    /// The file.
    pub file: FileId,
}

impl Job for ScanFile {
    const KIND: &'static str = "ScanFile";

    async fn run(self, cx: JobCx) -> Result<()> {
        actions::scan(&cx.app, cx.tenant()?, cx.context(), self.file).await
    }
}

/// Deletes uploads of a tenant that were never attached.
#[derive(Serialize, Deserialize)]
pub struct SweepFiles {}

impl Job for SweepFiles {
    const KIND: &'static str = "SweepFiles";

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx
            .write(async |tx| {
                let before = tx.now() - PATIENCE;
                let removed = db::delete_stale(tx, before, BATCH).await?;
                let full = removed.len() as i64 == BATCH;
                actions::forget(tx, removed).await?;
                Ok(full)
            })
            .await?
        {}
        Ok(())
    }
}

/// Makes sure that a file uploaded now is looked at when its time is over: one job an hour and tenant, however many
/// files there are.
pub(crate) async fn plan_sweep(tx: &mut Tx) -> Result<()> {
    let hour = sweep_hour(tx.now());
    tx.enqueue(&SweepFiles {}, Enqueue { run_at: Some(hour), unique_key: Some(hour.to_rfc3339()) }).await?;
    Ok(())
}

/// The first full hour at which everything uploaded until `now` has waited long enough.
fn sweep_hour(now: DateTime<Utc>) -> DateTime<Utc> {
    let later = now + PATIENCE + TimeDelta::hours(1);
    later.duration_trunc(TimeDelta::hours(1)).unwrap_or(later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_never_comes_too_early_and_few_are_planned() {
        let now: DateTime<Utc> = "2026-03-01T10:59:59Z".parse().unwrap();
        assert_eq!(sweep_hour(now).to_rfc3339(), "2026-03-02T11:00:00+00:00");
        let now: DateTime<Utc> = "2026-03-01T10:00:00Z".parse().unwrap();
        assert_eq!(sweep_hour(now).to_rfc3339(), "2026-03-02T11:00:00+00:00");
    }
}
