//! What an account does when it works again.
use kernel::{
    Result,
    events::Subscription,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// What waited while an account was stopped.
pub(crate) const RESUMED: Subscription = Subscription {
    name: "tenants.resumed",
    kinds: &["tenant.resumed"],
    handler: |tx, event| {
        Box::pin(async move {
            // An agency's log says it of its clients too: they have jobs of their own.
            if event.subject == "tenants" {
                tx.enqueue(&WakeJobs {}, Enqueue::default()).await?;
            }
            Ok(())
        })
    },
};

/// Lets jobs go on that waited while their account was stopped, rather than at their next look.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WakeJobs {}

impl Job for WakeJobs {
    const KIND: &'static str = "WakeJobs";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.wake().await.map(drop)
    }
}
