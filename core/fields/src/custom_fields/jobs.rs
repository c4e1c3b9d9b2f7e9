//! Work on all records of a kind for a field.
use super::{
    actions::records::{CustomRecords, work_on},
    model::CustomFieldId,
};
use kernel::{
    Result, Tx,
    events::{Recorded, Subscription},
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use uuid::Uuid;

/// Batches of one job; then another one goes on, so that others get their turn.
const BATCHES: usize = 20;

/// Goes through records for a field: computes formulas, or takes the values of a deleted field away.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct WorkOnField<R> {
    field: CustomFieldId,
    after: Option<Uuid>,
    #[serde(skip)]
    records: PhantomData<R>,
}

impl<R: CustomRecords> Job for WorkOnField<R> {
    const KIND: &'static str = R::JOB;

    async fn run(self, cx: JobCx) -> Result<()> {
        let mut after = self.after;
        for _ in 0..BATCHES {
            match cx.write(async |tx| work_on::<R>(tx, self.field, after).await).await? {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
        let rest = WorkOnField::<R> { field: self.field, after, records: PhantomData };
        cx.write(async |tx| tx.enqueue(&rest, Enqueue::default()).await.map(|_| ())).await
    }
}

async fn begin<R: CustomRecords>(tx: &mut Tx, event: &Recorded) -> Result<()> {
    if event.payload.get("record").and_then(serde_json::Value::as_str) == Some(R::KIND.as_str()) {
        let work = WorkOnField::<R> { field: CustomFieldId(event.subject_id), after: None, records: PhantomData };
        tx.enqueue(&work, Enqueue::default()).await?;
    }
    Ok(())
}

/// Begins the work when a definition asks for it; the module of the records names it and takes it among its
/// subscriptions.
pub fn subscription<R: CustomRecords>(name: &'static str) -> Subscription {
    Subscription { name, kinds: &["custom_field.work_requested"], handler: |tx, event| Box::pin(begin::<R>(tx, event)) }
}
