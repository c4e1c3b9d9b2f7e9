//! Tasks that nobody restored.
use super::{actions, model::TaskId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes a task for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeTask {
    pub task: TaskId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeTask {
    const KIND: &'static str = "PurgeTask";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.task, self.deleted_at).await).await
    }
}
