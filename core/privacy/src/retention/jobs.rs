//! What retention does by itself.
use super::{actions, model::Place};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Has contacts erased whose time is over, while what was said last is still this version: a step of a round.
#[derive(Serialize, Deserialize)]
pub(crate) struct EraseQuietContacts {
    pub version: i64,
    /// Which step it is, so that it is done once; absent in what was planned before there were steps.
    pub step: Option<i64>,
    /// Where the round has come to; absent where it begins.
    pub after: Option<Place>,
}

impl Job for EraseQuietContacts {
    const KIND: &'static str = "EraseQuietContacts";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::erase_quiet(tx, self).await).await
    }
}
