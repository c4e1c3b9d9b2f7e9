//! Contacts that changed are compared in the background.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Contacts compared in one transaction.
const BATCH: i64 = 200;

/// Compares every contact that waits.
#[derive(Serialize, Deserialize)]
pub(crate) struct FindContactDuplicates {}

impl Job for FindContactDuplicates {
    const KIND: &'static str = "FindContactDuplicates";

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx.write(async |tx| actions::compare_waiting(tx, BATCH).await).await? {}
        Ok(())
    }
}
