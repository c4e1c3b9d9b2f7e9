//! The moment when quiet hours end.
use super::actions;
use crate::notifications::NotificationId;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Sends what goes with a notification and waited for the end of its reader's quiet hours.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReleaseHeld {
    /// Whose it is.
    pub user: Uuid,
    /// Which.
    pub notification: NotificationId,
}

impl Job for ReleaseHeld {
    const KIND: &'static str = "ReleaseHeld";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::release(tx, self.user, self.notification).await).await
    }
}
