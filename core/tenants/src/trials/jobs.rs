//! Looking for trials that end.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx, Schedule},
};
use serde::{Deserialize, Serialize};

/// Once an hour.
pub(crate) const SCHEDULE: Schedule = Schedule { name: "tell_trials", every_seconds: 3600, kind: "TellTrials" };

/// Tells of trials that end soon or are over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellTrials {}

impl Job for TellTrials {
    const KIND: &'static str = "TellTrials";

    async fn run(self, cx: JobCx) -> Result<()> {
        for id in cx.control(async |tx| actions::due(tx).await).await? {
            cx.control(async |tx| actions::tell_one(tx, id).await).await?;
        }
        Ok(())
    }
}
