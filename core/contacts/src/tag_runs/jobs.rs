//! The job in which contacts follow a tag.
use super::{
    actions::{self, Step},
    db,
    model::TagRunId,
};
use kernel::{
    Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Batches of one job; what is left is for the next one, so that others get their turn.
const BATCHES: usize = 50;
/// How long contacts are counted at most.
const COUNTING: Duration = Duration::from_secs(20);

/// Lets the contacts of a tag follow it, in small transactions. A job that runs again goes on where the one before was.
#[derive(Serialize, Deserialize)]
pub(crate) struct FollowTag {
    pub run: TagRunId,
}

impl Job for FollowTag {
    const KIND: &'static str = "FollowTag";

    async fn run(self, cx: JobCx) -> Result<()> {
        // How far it is can be said without; the next job tries again.
        cx.write(async |tx| tx.within(COUNTING, async |tx| db::count(tx, self.run).await).await).await?;
        for _ in 0..BATCHES {
            let step = cx.write(async |tx| actions::step(tx, self.run, false).await).await?;
            if step == Step::Gone
                || step == Step::Through && cx.write(async |tx| actions::end(tx, self.run).await).await?
            {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}
