//! Looking at domains whose time has come.
use super::{actions, db};
use kernel::{
    Result,
    jobs::{Job, JobCx, Schedule},
};
use serde::{Deserialize, Serialize};

/// Once a minute: whoever has set a record waits for it.
pub(crate) const SCHEDULE: Schedule = Schedule { name: "look_at_domains", every_seconds: 60, kind: "LookAtDomains" };

/// Looks at the domains that are due; each look plans the next one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookAtDomains {}

impl Job for LookAtDomains {
    const KIND: &'static str = "LookAtDomains";

    async fn run(self, cx: JobCx) -> Result<()> {
        let now = cx.app.clock.now();
        for (tenant, id) in cx.control(async |tx| db::due(tx, now).await).await? {
            match actions::look(&cx.app, cx.context(), tenant, id).await {
                // It was removed meanwhile.
                Err(error) if error.is_not_found() => {}
                // The others do not wait for it; it stays due, and is looked at again in a minute.
                Err(error) => tracing::warn!(%error, domain = %id, "a domain could not be looked at"),
                Ok(_) => {}
            }
        }
        Ok(())
    }
}
