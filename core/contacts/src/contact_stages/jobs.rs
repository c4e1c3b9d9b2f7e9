//! Contacts of a stage that was taken away.
use super::{actions, model::ContactStageId};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Moves every contact of a stage that was taken away to the one that was chosen, in small transactions. A job that runs again
/// finds those that are left.
#[derive(Serialize, Deserialize)]
pub(crate) struct MoveContactsOfStage {
    pub stage: ContactStageId,
}

impl Job for MoveContactsOfStage {
    const KIND: &'static str = "MoveContactsOfStage";

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx.write(async |tx| actions::move_some(tx, self.stage).await).await? {}
        Ok(())
    }
}
