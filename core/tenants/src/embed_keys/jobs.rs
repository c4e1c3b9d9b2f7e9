use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx, Schedule},
};
use serde::{Deserialize, Serialize};

/// Makes the first embed key and replaces it every thirty days.
#[derive(Debug, Serialize, Deserialize)]
pub struct RotateEmbedKeys {}

impl Job for RotateEmbedKeys {
    const KIND: &'static str = "RotateEmbedKeys";
    async fn run(self, cx: JobCx) -> Result<()> {
        cx.control(async |tx| actions::ensure(tx).await).await
    }
}

/// Looked after every hour.
pub const SCHEDULE: Schedule =
    Schedule { name: "tenants.embed_keys", every_seconds: 3600, kind: RotateEmbedKeys::KIND };
