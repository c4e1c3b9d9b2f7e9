//! Forgetting what ended long ago.
use super::db;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Deletes expired sign-ups, resets, changes of addresses, sessions and devices, hourly.
#[derive(Debug, Serialize, Deserialize)]
pub struct SweepIdentity {}

impl Job for SweepIdentity {
    const KIND: &'static str = "SweepIdentity";
    async fn run(self, cx: JobCx) -> Result<()> {
        let now = cx.app.clock.now();
        let rows = cx.control(async |tx| db::sweep(tx, now).await).await?;
        tracing::debug!(rows, "swept");
        Ok(())
    }
}
