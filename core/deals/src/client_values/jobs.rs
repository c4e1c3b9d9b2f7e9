//! Counting companies whose day has come, or whose rates are others.
use super::actions;
use kernel::{
    Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Transactions of one job; the rest is left to the next one, so that others get their turn.
const STEPS: usize = 20;

/// Counts companies that are due.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RecountClients {}

impl Job for RecountClients {
    const KIND: &'static str = "RecountClients";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::recount_due(tx).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}
