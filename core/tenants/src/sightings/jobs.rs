//! Forgetting old sightings.
use super::{db, model::KEPT_DAYS};
use chrono::TimeDelta;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Forgets sightings that are older than ninety days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeSightings {}

impl Job for PurgeSightings {
    const KIND: &'static str = "PurgeSightings";

    async fn run(self, cx: JobCx) -> Result<()> {
        let before = (cx.app.clock.now() - TimeDelta::days(KEPT_DAYS)).date_naive();
        while cx.control(async |tx| db::purge(tx, before).await).await? > 0 {}
        Ok(())
    }
}
