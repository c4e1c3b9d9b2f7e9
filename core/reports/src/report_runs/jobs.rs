//! The end of runs whose time is over.
use super::db;
use chrono::{Days, NaiveTime};
use kernel::{
    Result, Tx,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes runs whose time is over, also those of schedules that come no more.
#[derive(Serialize, Deserialize)]
pub(crate) struct ForgetRuns {}

impl Job for ForgetRuns {
    const KIND: &'static str = "ForgetRuns";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| db::forget(tx).await).await
    }
}

/// Makes sure that a run begun now is looked at when its time is over: one job a day and tenant, however many runs there are.
pub(crate) async fn plan_end(tx: &mut Tx) -> Result<()> {
    let day = (tx.now() + db::KEPT).date_naive() + Days::new(1);
    let how = Enqueue { run_at: Some(day.and_time(NaiveTime::MIN).and_utc()), unique_key: Some(day.to_string()) };
    tx.enqueue(&ForgetRuns {}, how).await.map(drop)
}
