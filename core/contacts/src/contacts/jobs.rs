//! Contacts that nobody restored, and work on all contacts for a custom field.
use super::{actions, db, draft::Draft, model::ContactId};
use chrono::{DateTime, Utc};
use fields::{Custom, CustomRecords, Own, RecordKind};
use kernel::{
    Result, Tx,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Removes a contact for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeContact {
    pub contact: ContactId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeContact {
    const KIND: &'static str = "PurgeContact";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.contact, self.deleted_at).await).await
    }
}

/// The same for contacts that were deleted together.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeContacts {
    pub contacts: Vec<ContactId>,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeContacts {
    const KIND: &'static str = "PurgeContacts";

    async fn run(self, cx: JobCx) -> Result<()> {
        for contact in &self.contacts {
            cx.write(async |tx| actions::purge(tx, *contact, self.deleted_at).await).await?;
        }
        Ok(())
    }
}

/// All contacts, for work on custom fields.
pub(crate) struct ContactRecords;

impl CustomRecords for ContactRecords {
    const KIND: RecordKind = RecordKind::Contact;
    const JOB: &'static str = "WorkOnContactField";

    async fn count(tx: &mut Tx) -> Result<i64> {
        db::count(tx).await
    }

    async fn after(tx: &mut Tx, after: Option<uuid::Uuid>, limit: i64) -> Result<Vec<(uuid::Uuid, Custom, Own)>> {
        let records = db::after(tx, after, limit).await?;
        Ok(records.into_iter().map(|r| (r.id.0, r.custom.clone(), Draft::of(&r).own())).collect())
    }

    async fn write(tx: &mut Tx, ids: &[uuid::Uuid], customs: &[Custom]) -> Result<()> {
        db::set_custom(tx, ids, customs).await?;
        tx.touched("contacts", ids).await
    }

    async fn strip(tx: &mut Tx, ids: &[uuid::Uuid], key: &str) -> Result<()> {
        db::strip_custom(tx, ids, key).await?;
        tx.touched("contacts", ids).await
    }
}
