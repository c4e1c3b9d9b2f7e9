//! The mail with the link. It is sent by a job for unknown addresses too, which then ends at once: asking for a reset
//! takes the same time for everybody.
use super::actions;
use kernel::{
    Result,
    ids::{TenantId, UserId},
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Sends the link to whoever has the address, if anybody has.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendPasswordReset {
    /// The account, if there is one.
    pub user: Option<UserId>,
    /// At whose own domain it was asked for.
    #[serde(default)]
    pub domain: Option<TenantId>,
}

impl Job for SendPasswordReset {
    const KIND: &'static str = "SendPasswordReset";
    async fn run(self, cx: JobCx) -> Result<()> {
        match self.user {
            Some(user) => cx.control(async |tx| actions::send(tx, user, self.domain).await).await,
            None => Ok(()),
        }
    }
}
