//! What happens to clients by itself.
use crate::tenants::start_due_deletions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
    tenancy::memory::Change,
};
use serde::{Deserialize, Serialize};

/// Lets the destroying of tenants begin whose day has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartDeletions {}

impl Job for StartDeletions {
    const KIND: &'static str = "StartDeletions";

    async fn run(self, cx: JobCx) -> Result<()> {
        for id in cx.control(async |tx| start_due_deletions(tx).await).await? {
            cx.app.changes.forget(Change::Tenant(id));
        }
        Ok(())
    }
}
