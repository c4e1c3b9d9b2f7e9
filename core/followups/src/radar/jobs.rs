//! Looking when what was planned happens.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Counts what was planned and has happened. One that comes early, late or twice finds nothing to do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct CountTouches {}

impl Job for CountTouches {
    const KIND: &'static str = "CountTouches";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.in_steps(self, async |tx, _| actions::count_planned(tx).await).await
    }
}
