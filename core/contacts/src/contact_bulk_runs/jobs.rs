//! Runs are done, taken back and forgotten in the background. A job does a number of batches and leaves the rest to the next
//! one: other tenants' work gets its turn, and so does this tenant's.
use super::{actions, model::ContactBulkRunId};
use kernel::{
    Result,
    auth::{Actor, Context},
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Batches of one job.
const BATCHES: usize = 20;

/// Goes on with a run, or with its undo, in the name of whoever asked for it: events say who changed a contact.
#[derive(Serialize, Deserialize)]
pub(crate) struct WorkOnContactBulkRun {
    pub run: ContactBulkRunId,
    pub by: Actor,
}

impl Job for WorkOnContactBulkRun {
    const KIND: &'static str = "WorkOnContactBulkRun";

    async fn run(self, cx: JobCx) -> Result<()> {
        match self.work(&cx).await {
            Err(error) if cx.last_attempt => {
                let code = error.code().to_owned();
                cx.write(async |tx| actions::fail(tx, self.run, &code).await).await
            }
            other => other,
        }
    }
}

impl WorkOnContactBulkRun {
    async fn work(&self, cx: &JobCx) -> Result<()> {
        for batch in 1.. {
            let context = Context { actor: self.by, ..cx.context() };
            let step = async |tx: &mut kernel::Tx| actions::step(tx, self.run, self.by, batch >= BATCHES).await;
            if !cx.app.write(cx.tenant()?, context, step).await? {
                break;
            }
        }
        Ok(())
    }
}

/// Removes what a run kept to be taken back, when its time is over.
#[derive(Serialize, Deserialize)]
pub(crate) struct ForgetContactBulkRun {
    pub run: ContactBulkRunId,
}

impl Job for ForgetContactBulkRun {
    const KIND: &'static str = "ForgetContactBulkRun";

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx.write(async |tx| actions::forget(tx, self.run).await).await? {}
        Ok(())
    }
}
