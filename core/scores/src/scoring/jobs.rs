//! Following contacts, counting all of them, and fading when days end.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Counts contacts that something happened to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RefreshScores {}

impl Job for RefreshScores {
    const KIND: &'static str = "RefreshScores";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.in_steps(self, async |tx, _| actions::refresh_batch(tx).await).await
    }
}

/// Counts all contacts, page by page.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct CountScores {}

impl Job for CountScores {
    const KIND: &'static str = "CountScores";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.in_steps(self, async |tx, _| actions::count_page(tx).await).await
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
