//! Telling followers: who may see a record stands in the control plane, so it is asked after the fact.
use super::actions;
use kernel::{
    Result,
    ids::EventId,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Tells the followers of some records what happened.
#[derive(Serialize, Deserialize)]
pub(crate) struct TellFollowers {
    pub event: EventId,
    pub kind: String,
    pub subject: Uuid,
    /// Who did it.
    pub actor: Option<Uuid>,
    /// Ids of the contact, the company and the deal.
    pub about: Value,
    /// A member who hears of it in another way.
    pub told: Value,
}

impl Job for TellFollowers {
    const KIND: &'static str = "TellFollowers";

    async fn run(self, cx: JobCx) -> Result<()> {
        actions::tell(&cx, &self).await
    }
}
