//! The mails after somebody asked for another address. Who the one to the new address is for is decided in the job, so that the
//! answer takes the same time for known and unknown ones.
use super::{actions, model::EmailChangeId};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Sends the link that proves the new address, or word to somebody who has it already; and word to the old address.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendEmailChange {
    /// The change.
    pub change: EmailChangeId,
    /// The link is sent anew: the old address knows already.
    pub again: bool,
}

impl Job for SendEmailChange {
    const KIND: &'static str = "SendEmailChange";
    async fn run(self, cx: JobCx) -> Result<()> {
        cx.control(async |tx| actions::send(tx, self.change, self.again).await).await
    }
}
