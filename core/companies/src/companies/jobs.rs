//! Companies that nobody restored, and all of them for work on custom fields.
use super::{actions, db, draft::Draft, model::CompanyId};
use chrono::{DateTime, Utc};
use fields::{Custom, CustomRecords, Own, RecordKind};
use kernel::{
    Result, Tx,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes companies for good when the deletion they were enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeCompanies {
    pub companies: Vec<CompanyId>,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeCompanies {
    const KIND: &'static str = "PurgeCompanies";

    async fn run(self, cx: JobCx) -> Result<()> {
        for company in self.companies {
            cx.write(async |tx| actions::purge(tx, company, self.deleted_at).await).await?;
        }
        Ok(())
    }
}

/// The same for one company, as it was enqueued before there was the other.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeCompany {
    pub company: CompanyId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeCompany {
    const KIND: &'static str = "PurgeCompany";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.company, self.deleted_at).await).await
    }
}

/// All companies, for work on custom fields.
pub(crate) struct CompanyRecords;

impl CustomRecords for CompanyRecords {
    const KIND: RecordKind = RecordKind::Company;
    const JOB: &'static str = "WorkOnCompanyField";

    async fn count(tx: &mut Tx) -> Result<i64> {
        db::count(tx).await
    }

    async fn after(tx: &mut Tx, after: Option<uuid::Uuid>, limit: i64) -> Result<Vec<(uuid::Uuid, Custom, Own)>> {
        let records = db::after(tx, after, limit).await?;
        Ok(records.into_iter().map(|r| (r.id.0, r.custom.clone(), Draft::of(&r).own())).collect())
    }

    async fn write(tx: &mut Tx, ids: &[uuid::Uuid], customs: &[Custom]) -> Result<()> {
        db::set_custom(tx, ids, customs).await?;
        tx.touched("companies", ids).await
    }

    async fn strip(tx: &mut Tx, ids: &[uuid::Uuid], key: &str) -> Result<()> {
        db::strip_custom(tx, ids, key).await?;
        tx.touched("companies", ids).await
    }
}
