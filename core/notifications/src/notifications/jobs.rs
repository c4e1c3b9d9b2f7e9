//! Forgetting old notifications, and bringing back what was put off.
use super::{
    actions, db,
    model::{KEPT_DAYS, NotificationId},
};
use crate::digest_lines;
use chrono::{DateTime, TimeDelta, Utc};
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

/// Brings back a notification that is put off until a moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WakeNotification {
    /// Which.
    pub notification: NotificationId,
    /// The moment; it is put off until another one, or not at all, when this is too old to count.
    pub until: DateTime<Utc>,
}

impl Job for WakeNotification {
    const KIND: &'static str = "WakeNotification";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::wake(tx, self.notification, self.until).await).await?;
        // Whoever looks at the stream sees it at once; nobody may be looking.
        let _ = cx.app.live.send(cx.tenant()?.id);
        Ok(())
    }
}
