//! Counting companies whose day has come, or whose rates are others.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Counts companies that are due.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RecountClients {}

impl Job for RecountClients {
    const KIND: &'static str = "RecountClients";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.in_steps(self, async |tx, _| actions::recount_due(tx).await).await
    }
}
