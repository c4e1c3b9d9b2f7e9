//! The moment when lines have waited long enough.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Sends the lines of a person and a module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendDigest {
    /// Who gets it.
    pub user: Uuid,
    /// Whose news they are.
    pub module: String,
}

impl Job for SendDigest {
    const KIND: &'static str = "SendDigest";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::send(tx, self.user, &self.module).await).await
    }
}
