//! Following contacts, counting all of them, and fading when days end.
use super::actions;
use kernel::{
    Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Transactions of one job; the rest is left to the next one, so that others get their turn.
const STEPS: usize = 20;

/// Counts contacts that something happened to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RefreshScores {}

impl Job for RefreshScores {
    const KIND: &'static str = "RefreshScores";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::refresh_batch(tx).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}

/// Counts all contacts, page by page.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct CountScores {}

impl Job for CountScores {
    const KIND: &'static str = "CountScores";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::count_page(tx).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}

/// Looks whose score is another one because a day has passed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct FadeScores {}

impl Job for FadeScores {
    const KIND: &'static str = "FadeScores";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::fade(tx).await).await
    }
}
