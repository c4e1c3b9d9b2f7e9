//! What a step of a run does; how runs go on is `kernel::duplicates`.
use super::model::{ContactDuplicateRun, NAMES};
use crate::{
    contact_duplicates,
    contact_merges::{self, NewContactMerge},
    contacts::{ContactId, Owners},
};
use kernel::{
    Result, Tx,
    duplicates::{Compared, DuplicateRuns, Names, Sure},
};
use uuid::Uuid;

/// Contacts compared in one step.
const CONTACTS: i64 = 500;

/// Runs over contacts.
pub(crate) struct ContactDuplicateRuns;

impl DuplicateRuns for ContactDuplicateRuns {
    const NAMES: &'static Names = NAMES;
    const WORK: &'static str = "WorkOnContactDuplicates";
    type Run = ContactDuplicateRun;

    async fn compare(tx: &mut Tx, after: Option<Uuid>) -> Result<Option<Compared>> {
        let ids = contact_duplicates::after(tx, after, CONTACTS).await?;
        let Some(last) = ids.last() else { return Ok(None) };
        let found = contact_duplicates::compare(tx, &ids).await?.new_ones();
        Ok(Some(Compared { last: last.0, records: ids.len(), found }))
    }

    async fn merge(tx: &mut Tx, pair: Sure, reach: &Owners) -> Result<()> {
        let merged = vec![ContactId(pair.merged)];
        let new = NewContactMerge { kept: Some(ContactId(pair.kept)), merged, ..NewContactMerge::default() };
        contact_merges::merge(tx, new, reach).await.map(drop)
    }
}
