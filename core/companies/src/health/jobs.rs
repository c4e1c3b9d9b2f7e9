//! Counting companies that something happened to, or for whom a day has come; and all of them.
use super::actions;
use crate::companies::CompanyId;
use kernel::{
    Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Transactions of one job; the rest is left to the next one, so that others get their turn.
const STEPS: usize = 20;

/// Counts companies that something happened to, and those that are due.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RefreshHealth {}

impl Job for RefreshHealth {
    const KIND: &'static str = "RefreshHealth";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::refresh_batch(tx).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}

/// Counts all companies, page by page: the account has other days.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RecountHealth {
    pub after: Option<CompanyId>,
}

impl Job for RecountHealth {
    const KIND: &'static str = "RecountHealth";

    async fn run(self, cx: JobCx) -> Result<()> {
        let mut after = self.after;
        for _ in 0..STEPS {
            after = cx.write(async |tx| actions::recount_page(tx, after).await).await?;
            if after.is_none() {
                return Ok(());
            }
        }
        let next = RecountHealth { after };
        cx.write(async |tx| tx.enqueue(&next, Enqueue::default()).await.map(drop)).await
    }
}
