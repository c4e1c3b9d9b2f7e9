//! Follow-ups whose moment has come.
use super::{actions, model::FollowUpId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    error::Kind,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Fires a follow-up that still waits for this moment.
#[derive(Serialize, Deserialize)]
pub(crate) struct FireFollowUp {
    pub follow_up: FollowUpId,
    pub at: DateTime<Utc>,
}

impl Job for FireFollowUp {
    const KIND: &'static str = "FireFollowUp";

    async fn run(self, cx: JobCx) -> Result<()> {
        match cx.app.require_module(cx.tenant()?, "followups").await {
            Ok(()) => cx.write(async |tx| actions::fire(tx, self.follow_up, self.at).await).await,
            // A plan without the module: it is held back until a member resumes it.
            Err(error) if matches!(error.kind(), Kind::Forbidden { .. }) => {
                cx.write(async |tx| actions::hold_back(tx, self.follow_up, self.at).await).await
            }
            Err(error) => Err(error),
        }
    }
}
