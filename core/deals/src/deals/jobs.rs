//! Deals that nobody restored, and all of them for work on custom fields.
use super::{actions, db, draft::Draft, model::DealId};
use chrono::{DateTime, NaiveDate, Utc};
use fields::{Custom, CustomRecords, Own, RecordKind};
use kernel::{
    Result, Tx,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes deals for good when the deletion they were enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeDeals {
    pub deals: Vec<DealId>,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeDeals {
    const KIND: &'static str = "PurgeDeals";

    async fn run(self, cx: JobCx) -> Result<()> {
        for deal in self.deals {
            cx.write(async |tx| actions::purge(tx, deal, self.deleted_at).await).await?;
        }
        Ok(())
    }
}

/// The same for one deal, as it was enqueued before there was the other.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeDeal {
    pub deal: DealId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeDeal {
    const KIND: &'static str = "PurgeDeal";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.deal, self.deleted_at).await).await
    }
}

/// Tells the owner of a deal of its next step when its day has come.
#[derive(Serialize, Deserialize)]
pub(crate) struct RemindStep {
    pub deal: DealId,
    pub on: NaiveDate,
}

impl Job for RemindStep {
    const KIND: &'static str = "RemindStep";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::tell(tx, self.deal, self.on).await).await
    }
}

/// Lets deals be found by what their people are called now.
#[derive(Serialize, Deserialize)]
pub(crate) struct FollowWords {
    pub deals: Vec<uuid::Uuid>,
}

impl Job for FollowWords {
    const KIND: &'static str = "FollowWords";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| db::words::refresh(tx, &self.deals).await).await
    }
}

/// All deals, for work on custom fields.
pub(crate) struct DealRecords;

impl CustomRecords for DealRecords {
    const KIND: RecordKind = RecordKind::Deal;
    const JOB: &'static str = "WorkOnDealField";

    async fn count(tx: &mut Tx) -> Result<i64> {
        db::custom::count(tx).await
    }

    async fn after(tx: &mut Tx, after: Option<uuid::Uuid>, limit: i64) -> Result<Vec<(uuid::Uuid, Custom, Own)>> {
        let records = db::custom::after(tx, after, limit).await?;
        Ok(records.into_iter().map(|r| (r.id.0, r.custom.clone(), Draft::of(&r).own())).collect())
    }

    async fn write(tx: &mut Tx, ids: &[uuid::Uuid], customs: &[Custom]) -> Result<()> {
        db::custom::set_custom(tx, ids, customs).await?;
        tx.touched("deals", ids).await
    }

    async fn strip(tx: &mut Tx, ids: &[uuid::Uuid], key: &str) -> Result<()> {
        db::custom::strip_custom(tx, ids, key).await?;
        tx.touched("deals", ids).await
    }
}
