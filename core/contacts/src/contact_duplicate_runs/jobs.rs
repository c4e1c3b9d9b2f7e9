//! Runs are done in the background, some steps at a time, so that others get their turn.
use super::{actions, model::ContactDuplicateRunId};
use kernel::{
    Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Steps of one job.
const STEPS: usize = 20;

/// Goes on with a run.
#[derive(Serialize, Deserialize)]
pub(crate) struct WorkOnContactDuplicates {
    pub run: ContactDuplicateRunId,
}

impl Job for WorkOnContactDuplicates {
    const KIND: &'static str = "WorkOnContactDuplicates";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::step(tx, self.run).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}
