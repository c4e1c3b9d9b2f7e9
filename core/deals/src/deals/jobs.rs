//! Deals that nobody restored.
use super::{actions, model::DealId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes a deal for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeDeal {
    pub deal: DealId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeDeal {
    const KIND: &'static str = "PurgeDeal";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.deal, self.deleted_at).await).await
    }
}
