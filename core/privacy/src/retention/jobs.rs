//! What retention does by itself.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Has contacts erased whose time is over, while what was said last is still this version.
#[derive(Serialize, Deserialize)]
pub(crate) struct EraseQuietContacts {
    pub version: i64,
}

impl Job for EraseQuietContacts {
    const KIND: &'static str = "EraseQuietContacts";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::erase_quiet(tx, self.version).await).await
    }
}
