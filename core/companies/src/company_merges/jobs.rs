//! What is left to do after a merge.
use super::{actions, model::CompanyMergeId};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Moves what was being added to a company in the moment in which it became part of another one: whoever had looked it up
/// before waited for the merge and wrote to the company that went.
#[derive(Serialize, Deserialize)]
pub(crate) struct SettleCompanyMerge {
    pub merge: CompanyMergeId,
}

impl Job for SettleCompanyMerge {
    const KIND: &'static str = "SettleCompanyMerge";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::settle(tx, self.merge).await).await
    }
}
