//! What is left to do after a merge.
use super::{actions, model::ContactMergeId};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Moves what was being added to a contact in the moment in which it became part of another one: whoever had looked it up
/// before waited for the merge and wrote to the contact that went.
#[derive(Serialize, Deserialize)]
pub(crate) struct SettleContactMerge {
    pub merge: ContactMergeId,
}

impl Job for SettleContactMerge {
    const KIND: &'static str = "SettleContactMerge";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::settle(tx, self.merge).await).await
    }
}
