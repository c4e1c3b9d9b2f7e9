//! Looking when what was planned happens.
use super::actions;
use kernel::{
    Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Transactions of one job; the rest is left to the next one, so that others get their turn.
const STEPS: usize = 20;

/// Counts what was planned and has happened. One that comes early, late or twice finds nothing to do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct CountTouches {}

impl Job for CountTouches {
    const KIND: &'static str = "CountTouches";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::count_planned(tx).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}
