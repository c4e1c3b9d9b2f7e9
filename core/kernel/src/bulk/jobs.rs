//! Runs are done, taken back and forgotten in the background. A job does a number of batches and leaves the rest to the next
//! one: other tenants' work gets its turn, and so does this tenant's.
use super::{BulkRunId, BulkRuns};
use crate::{
    Result, Tx,
    auth::{Actor, Context},
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// Batches of one job.
const BATCHES: usize = 20;

/// Goes on with a run, or with its undo, in the name of whoever asked for it: events say who changed a record.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct WorkOnBulkRun<R> {
    pub(super) run: BulkRunId,
    pub(super) by: Actor,
    #[serde(skip)]
    pub(super) runs: PhantomData<R>,
}

impl<R: BulkRuns> Job for WorkOnBulkRun<R> {
    const KIND: &'static str = R::WORK;

    async fn run(self, cx: JobCx) -> Result<()> {
        match self.work(&cx).await {
            Err(error) if cx.last_attempt => {
                let code = error.code().to_owned();
                cx.write(async |tx| super::fail::<R>(tx, self.run, &code).await).await
            }
            other => other,
        }
    }
}

impl<R: BulkRuns> WorkOnBulkRun<R> {
    async fn work(&self, cx: &JobCx) -> Result<()> {
        for batch in 1.. {
            let context = Context { actor: self.by, ..cx.context() };
            let step = async |tx: &mut Tx| super::step::<R>(tx, self.run, self.by, batch >= BATCHES).await;
            if !cx.app.write(cx.tenant()?, context, step).await? {
                break;
            }
        }
        Ok(())
    }
}

/// Removes what a run kept to be taken back, when its time is over.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ForgetBulkRun<R> {
    pub(super) run: BulkRunId,
    #[serde(skip)]
    pub(super) runs: PhantomData<R>,
}

impl<R: BulkRuns> Job for ForgetBulkRun<R> {
    const KIND: &'static str = R::FORGET;

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx.write(async |tx| super::forget::<R>(tx, self.run).await).await? {}
        Ok(())
    }
}
