//! The mail after a sign-up. Who it goes to is decided in the job, so that the answer to the sign-up takes the same time
//! for known and unknown addresses.
use super::actions;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Sends the link that proves the address; or, to somebody who has an account, word that he has one.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendSignUpMail {
    /// The sign-up.
    pub sign_up: Uuid,
}

impl Job for SendSignUpMail {
    const KIND: &'static str = "SendSignUpMail";
    async fn run(self, cx: JobCx) -> Result<()> {
        cx.control(async |tx| actions::send(tx, self.sign_up).await).await
    }
}
