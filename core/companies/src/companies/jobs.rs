//! Companies that nobody restored.
use super::{actions, model::CompanyId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes a company for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeCompany {
    pub company: CompanyId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeCompany {
    const KIND: &'static str = "PurgeCompany";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.company, self.deleted_at).await).await
    }
}
