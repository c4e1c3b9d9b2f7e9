//! What owners are told about their account: who they are stands in the control plane, so it is asked after the fact.
use crate::{TRIAL_ENDED, TRIAL_ENDING, members, principals::actions::owner_role};
use kernel::{
    Result, Tx,
    events::{Recorded, Subscription},
    ids::EventId,
    jobs::{Enqueue, Job, JobCx},
};
use notifications::notifications::{Notice, notify};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The end of an account's trial.
pub(crate) const TRIALS: Subscription = Subscription {
    name: "identity.trials",
    kinds: &["tenant.trial_ending", "tenant.trial_ended"],
    handler: |tx, event| Box::pin(heard(tx, event)),
};

async fn heard(tx: &mut Tx, event: &Recorded) -> Result<()> {
    // An agency's log says it of its clients too: they have owners of their own, and the agency sees it in its overview.
    if event.subject != "tenants" {
        return Ok(());
    }
    let (over, on) = (event.kind == "tenant.trial_ended", event.payload["on"].clone());
    tx.enqueue(&TellOfTrial { event: event.id, over, on }, Enqueue::default()).await.map(drop)
}

/// Tells the owners of an account that its trial ends soon, or is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellOfTrial {
    event: EventId,
    over: bool,
    /// The day of the end.
    on: Value,
}

impl Job for TellOfTrial {
    const KIND: &'static str = "TellOfTrial";

    async fn run(self, cx: JobCx) -> Result<()> {
        let tenant = cx.tenant()?;
        let (id, role) = (tenant.id, owner_role(tenant.kind));
        let owners = cx.control(async |tx| members::db::who_holds(tx, id, role).await).await?;
        let kind = if self.over { &TRIAL_ENDED } else { &TRIAL_ENDING };
        let mut notice = Notice::new(kind, json!({"on": self.on}), owners).link("/settings/plan");
        notice.event_id = Some(self.event);
        notice.dedupe_key = Some(format!("{}/{}", kind.key, self.event));
        cx.write(async |tx| notify(tx, &notice).await.map(drop)).await
    }
}
