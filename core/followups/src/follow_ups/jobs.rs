//! Follow-ups whose moment has come.
use super::{actions, model::FollowUpId};
use chrono::{DateTime, Utc};
use identity::principals::standing;
use kernel::{
    Result,
    error::Kind,
    ids::UserId,
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
            Ok(()) => {
                let left = self.left(&cx).await?;
                cx.write(async |tx| actions::fire(tx, self.follow_up, self.at, left).await).await
            }
            // A plan without the module: it is held back until a member resumes it.
            Err(error) if matches!(error.kind(), Kind::Forbidden { .. }) => {
                cx.write(async |tx| actions::hold_back(tx, self.follow_up, self.at).await).await
            }
            Err(error) => Err(error),
        }
    }
}

impl FireFollowUp {
    /// Whoever would get the task, when he is no member any more: that stands in the control plane.
    async fn left(&self, cx: &JobCx) -> Result<Option<UserId>> {
        let Some(user) = cx.read(async |tx| actions::falls_to(tx, self.follow_up).await).await? else {
            return Ok(None);
        };
        Ok(standing(&cx.app, cx.tenant()?, user).await?.is_none().then_some(user))
    }
}
