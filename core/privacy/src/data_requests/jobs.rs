//! Data requests are done in the background.
use super::{actions, db, model::DataRequestId};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Does what a request asks.
#[derive(Serialize, Deserialize)]
pub(crate) struct RunDataRequest {
    pub request: DataRequestId,
}

impl Job for RunDataRequest {
    const KIND: &'static str = "RunDataRequest";

    async fn run(self, cx: JobCx) -> Result<()> {
        let done = cx.write(async |tx| actions::run(tx, self.request).await).await;
        match done {
            // The contact went for good in the meantime: nothing is left to hand out or erase, and never will be.
            Err(error) if cx.last_attempt || error.is_not_found() => {
                let code = error.code().to_owned();
                cx.write(async |tx| actions::fail(tx, self.request, &code).await).await
            }
            other => other,
        }
    }
}

/// Removes the document of an export when its time is over.
#[derive(Serialize, Deserialize)]
pub(crate) struct DeleteExport {
    pub request: DataRequestId,
}

impl Job for DeleteExport {
    const KIND: &'static str = "DeleteExport";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| db::delete_document(tx, self.request).await).await
    }
}
