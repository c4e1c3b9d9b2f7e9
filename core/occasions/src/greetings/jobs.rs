//! Looking every quarter of an hour whom to greet, and the end of greetings that nobody restored.
use super::{
    actions::{self, sending},
    model::GreetingId,
    moments,
};
use crate::{greeting_batches, occasions};
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Pages of contacts that one look may greet; the rest is left to the next one, so that others get their turn.
const PAGES: usize = 200;

/// Looks whom to greet now, and tells owners what is coming.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GreetPeople {
    /// The quarter of an hour it is for. A look that comes late looks at what is due then.
    pub slot: DateTime<Utc>,
    /// Which look at this quarter, from 0.
    pub part: u32,
}

impl Job for GreetPeople {
    const KIND: &'static str = "GreetPeople";

    async fn run(self, cx: JobCx) -> Result<()> {
        // The next look comes first: whatever happens to this one, there is a next one.
        cx.write(async |tx| actions::wake(tx).await).await?;
        if cx.app.require_module(cx.tenant()?, "occasions").await.is_err() {
            return Ok(());
        }
        cx.write(async |tx| occasions::tell_owners(tx).await).await?;
        let now = cx.app.clock.now();
        let mut left = PAGES;
        for (greeting, day) in cx.write(async |tx| greeting_batches::actions::prepare(tx).await).await? {
            let mut after = None;
            while left > 0 {
                left -= 1;
                let page = cx.write(async |tx| sending::page(tx, greeting, day, after).await).await?;
                after = page.last().copied();
                if after.is_none() {
                    break;
                }
            }
        }
        if left == 0 {
            let more = GreetPeople { slot: self.slot, part: self.part + 1 };
            let unique_key = Some(format!("{}/{}", self.slot.timestamp(), more.part));
            let how = Enqueue { run_at: Some(now), unique_key };
            cx.write(async |tx| tx.enqueue(&more, how).await).await?;
        }
        Ok(())
    }
}

/// Removes a greeting for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeGreeting {
    pub greeting: GreetingId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeGreeting {
    const KIND: &'static str = "PurgeGreeting";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.greeting, self.deleted_at).await).await
    }
}

/// Looks at once, because somebody has approved what is due already.
pub(crate) async fn look_now(tx: &mut kernel::Tx) -> Result<(), Error> {
    let now = tx.now();
    let slot = moments::next_slot(now) - chrono::TimeDelta::minutes(15);
    let how = Enqueue { run_at: Some(now), unique_key: Some(format!("{}/now", slot.timestamp())) };
    tx.enqueue(&GreetPeople { slot, part: 0 }, how).await.map(drop)
}
