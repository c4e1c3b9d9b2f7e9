//! Contacts that nobody restored.
use super::{actions, model::ContactId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes a contact for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeContact {
    pub contact: ContactId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeContact {
    const KIND: &'static str = "PurgeContact";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.contact, self.deleted_at).await).await
    }
}
