//! Counting companies that something happened to, or for whom a day has come; and all of them.
use super::actions;
use crate::companies::CompanyId;
use kernel::{
    Result, Tx,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Counts companies that something happened to, and those that are due.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RefreshHealth {}

impl Job for RefreshHealth {
    const KIND: &'static str = "RefreshHealth";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.in_steps(self, async |tx, _| actions::refresh_batch(tx).await).await
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
        let page = async |tx: &mut Tx, job: &mut Self| {
            job.after = actions::recount_page(tx, job.after).await?;
            Ok(job.after.is_some())
        };
        cx.in_steps(self, page).await
    }
}
