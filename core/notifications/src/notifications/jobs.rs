//! Forgetting old notifications.
use super::{db, model::KEPT_DAYS};
use crate::digest_lines;
use chrono::TimeDelta;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes a tenant's notifications that are older than half a year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeNotifications {}

impl Job for PurgeNotifications {
    const KIND: &'static str = "PurgeNotifications";

    async fn run(self, cx: JobCx) -> Result<()> {
        let before = cx.app.clock.now() - TimeDelta::days(KEPT_DAYS);
        while cx.write(async |tx| db::purge(tx, before).await).await? > 0 {}
        while cx.write(async |tx| digest_lines::db::purge(tx, before).await).await? > 0 {}
        Ok(())
    }
}
