//! What owners are told about their account: who they are stands in the control plane, so it is asked after the fact.
use crate::{
    DOMAIN_ACTIVE, DOMAIN_FAILING, DOMAIN_GIVEN_UP, TRIAL_ENDED, TRIAL_ENDING, members, principals::actions::owner_role,
};
use kernel::{
    Result, Tx,
    events::{Recorded, Subscription},
    ids::EventId,
    jobs::{Enqueue, Job, JobCx},
    notices::NoticeKind,
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
        let kind = if self.over { &TRIAL_ENDED } else { &TRIAL_ENDING };
        tell_owners(&cx, kind, self.event, json!({"on": self.on}), "/settings/plan").await
    }
}

/// What becomes of an own domain without anybody's doing.
pub(crate) const DOMAINS: Subscription = Subscription {
    name: "identity.domains",
    kinds: &["domain.active", "domain.failing", "domain.given_up"],
    handler: |tx, event| Box::pin(domain(tx, event)),
};

async fn domain(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let (kind, host) = (event.kind.clone(), event.payload["host"].clone());
    tx.enqueue(&TellOfDomain { event: event.id, kind, host }, Enqueue::default()).await.map(drop)
}

/// Tells the owners of an account that a domain of theirs is served, fails, or is given up.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellOfDomain {
    event: EventId,
    /// The kind of the event.
    kind: String,
    host: Value,
}

impl Job for TellOfDomain {
    const KIND: &'static str = "TellOfDomain";

    async fn run(self, cx: JobCx) -> Result<()> {
        let kind = match self.kind.as_str() {
            "domain.active" => &DOMAIN_ACTIVE,
            "domain.failing" => &DOMAIN_FAILING,
            _ => &DOMAIN_GIVEN_UP,
        };
        tell_owners(&cx, kind, self.event, json!({"host": self.host}), "/settings/own-domains").await
    }
}

/// Tells each owner of the account once of an event.
async fn tell_owners(
    cx: &JobCx,
    kind: &'static NoticeKind,
    event: EventId,
    params: Value,
    link: &'static str,
) -> Result<()> {
    let tenant = cx.tenant()?;
    let (id, role) = (tenant.id, owner_role(tenant.kind));
    let owners = cx.control(async |tx| members::db::who_holds(tx, id, role).await).await?;
    let mut notice = Notice::new(kind, params, owners).link(link);
    notice.event_id = Some(event);
    notice.dedupe_key = Some(format!("{}/{event}", kind.key));
    cx.write(async |tx| notify(tx, &notice).await.map(drop)).await
}
