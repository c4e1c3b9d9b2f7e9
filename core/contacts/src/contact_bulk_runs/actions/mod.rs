//! What can be done with bulk runs over contacts; how they go on is `kernel::bulk`.
mod batch;

pub(crate) use batch::apply;

use super::{
    change::Trace,
    model::{ContactBulkChange, ContactBulkRun, ContactBulkRunRow, NAMES, NewContactBulkRun},
};
use crate::{
    contact_stages,
    contacts::{self, ContactId, Owners, many},
    tags,
};
use fields::{Custom, RecordKind};
use kernel::{
    Error, Result, Tx,
    auth::{Level, Principal},
    bulk::{self, BulkRunId, BulkRuns, Fates, MOST, Meant, Names, below_change as below},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Who asks, and as far as he may change segments.
pub(super) type Who = (Option<Uuid>, Level);

/// Runs over contacts.
pub(crate) struct ContactBulkRuns;

impl BulkRuns for ContactBulkRuns {
    const NAMES: &'static Names = NAMES;
    const WORK: &'static str = "WorkOnContactBulkRun";
    const FORGET: &'static str = "ForgetContactBulkRun";
    type Change = ContactBulkChange;
    type Trace = Trace;
    type Run = ContactBulkRun;
    type Row = ContactBulkRunRow;

    async fn apply(tx: &mut Tx, change: &ContactBulkChange, ids: &[Uuid], reach: &Owners) -> Result<Fates<Trace>> {
        let ids: Vec<ContactId> = ids.iter().copied().map(ContactId).collect();
        let fates = batch::apply(tx, change, &ids, reach).await?;
        Ok(fates.into_iter().map(|(id, fate)| (id.0, fate)).collect())
    }

    async fn take_back(
        tx: &mut Tx,
        change: &ContactBulkChange,
        rows: &[(Uuid, Trace)],
        reach: &Owners,
    ) -> Result<HashMap<Uuid, String>> {
        let fates = batch::take_back(tx, change, rows, reach).await?;
        Ok(fates.into_iter().map(|(id, fate)| (id.0, fate)).collect())
    }
}

/// Begins a run; the contacts are those that are meant in this moment.
pub(super) async fn create(
    tx: &mut Tx,
    new: NewContactBulkRun,
    reach: &Owners,
    who: Who,
    reader: &Principal,
) -> Result<ContactBulkRun> {
    let new = new.checked()?;
    let change = &new.change;
    check_segment(tx, change, who).await?;
    if let Some(stage) = &change.stage
        && !contact_stages::exists(tx, stage).await?
    {
        return Err(Error::invalid(
            "/change/stage",
            "stage_unknown",
            "There is no such stage; see /v1/contact-stages.",
        ));
    }
    if !change.owner.is_undefined() {
        contacts::owner_in_reach(tx, change.owner.value().copied(), reach).map_err(below)?;
    }
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    let problems = fields.changed(&Custom::default(), &change.custom).1;
    if !problems.is_empty() {
        return Err(below(Error::invalid_fields(problems)));
    }
    tags::resolve(tx, change.add_tags.clone()).await.map_err(below)?;
    let wish = new.matching.unwrap_or_default();
    let wish = many::Asked {
        filter: wish.filter,
        words: wish.q.unwrap_or_default().trim().chars().take(100).collect(),
        deleted: change.deleted == Some(false),
        excluded: wish.excluded,
    };
    let named: Vec<Uuid> = new.contacts.iter().map(|contact| contact.0).collect();
    let meant = Meant { named: &named, words: &wish.words, filter: &wish.filter };
    let note = async |tx: &mut Tx, run| many::note(tx, run, &wish, reach, reader, MOST + 1).await;
    bulk::begin::<ContactBulkRuns>(tx, change, meant, reach, note).await
}

/// Refuses a segment that the caller may not change.
async fn check_segment(tx: &mut Tx, change: &ContactBulkChange, who: Who) -> Result<()> {
    let Some((segment, _)) = change.segment() else { return Ok(()) };
    match (tx.app().picks()?.check)(tx, segment.0, who).await {
        Err(error) if error.is_not_found() => {
            Err(Error::invalid(change.segment_field(), "segment_unknown", "There is no such segment."))
        }
        other => other,
    }
}

/// Begins to take a run back.
pub(super) async fn undo(
    tx: &mut Tx,
    id: BulkRunId,
    members: &Owners,
    reach: &Owners,
    who: Who,
) -> Result<ContactBulkRun> {
    let run = bulk::find::<ContactBulkRuns>(tx, id, members).await?;
    match check_segment(tx, &run.change, who).await {
        // Of a segment that is gone nobody is taken out.
        Err(error) if error.code() == "invalid" => {}
        other => other?,
    }
    bulk::undo::<ContactBulkRuns>(tx, id, members, reach).await
}
