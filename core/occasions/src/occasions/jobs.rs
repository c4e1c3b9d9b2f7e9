//! The end of occasions that nobody restored.
use super::{actions, model::OccasionId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes an occasion for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeOccasion {
    pub occasion: OccasionId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeOccasion {
    const KIND: &'static str = "PurgeOccasion";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.occasion, self.deleted_at).await).await
    }
}
