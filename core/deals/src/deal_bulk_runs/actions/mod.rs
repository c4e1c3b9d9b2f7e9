//! What can be done with bulk runs over deals; how they go on is `kernel::bulk`.
mod batch;
mod take_back;

use super::{
    change::Trace,
    model::{DealBulkChange, DealBulkRun, DealBulkRunRow, NAMES, NewDealBulkRun},
};
use crate::deals::{DealId, Narrow, many, owner_in_reach};
use crate::pipelines;
use contacts::Owners;
use fields::{Custom, RecordKind};
use kernel::{
    Error, Result, Tx,
    bulk::{self, BulkRuns, Fates, MOST, Meant, Names, below_change},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Runs over deals.
pub(crate) struct DealBulkRuns;

impl BulkRuns for DealBulkRuns {
    const NAMES: &'static Names = NAMES;
    const WORK: &'static str = "WorkOnDealBulkRun";
    const FORGET: &'static str = "ForgetDealBulkRun";
    type Change = DealBulkChange;
    type Trace = Trace;
    type Run = DealBulkRun;
    type Row = DealBulkRunRow;

    async fn apply(tx: &mut Tx, change: &DealBulkChange, ids: &[Uuid], reach: &Owners) -> Result<Fates<Trace>> {
        let ids: Vec<DealId> = ids.iter().copied().map(DealId).collect();
        batch::apply(tx, change, &ids, reach).await
    }

    async fn take_back(
        tx: &mut Tx,
        change: &DealBulkChange,
        rows: &[(Uuid, Trace)],
        reach: &Owners,
    ) -> Result<HashMap<Uuid, String>> {
        take_back::take_back(tx, change, rows, reach).await
    }
}

/// Begins a run; the deals are those that are meant in this moment.
pub(super) async fn create(tx: &mut Tx, new: NewDealBulkRun, reach: &Owners) -> Result<DealBulkRun> {
    let new = new.checked()?;
    let change = &new.change;
    if let Some(stage) = change.stage
        && pipelines::stage(tx, Some(stage), None).await?.is_none()
    {
        return Err(Error::invalid("/change/stage", "stage_unknown", "There is no such stage."));
    }
    if !change.owner.is_undefined() {
        owner_in_reach(tx, change.owner.value().copied(), reach).map_err(below_change)?;
    }
    let fields = fields::fields_of(tx, RecordKind::Deal).await?;
    let problems = fields.changed(&Custom::default(), &change.custom).1;
    if !problems.is_empty() {
        return Err(below_change(Error::invalid_fields(problems)));
    }
    let wish = new.matching.unwrap_or_default();
    let wish = many::Asked {
        narrow: Narrow {
            words: wish.q.unwrap_or_default().trim().chars().take(100).collect(),
            contact: wish.contact,
            reached: wish.reached,
            was_in: wish.was_in,
        },
        filter: wish.filter,
        deleted: change.deleted == Some(false),
        excluded: wish.excluded,
    };
    let named: Vec<Uuid> = new.deals.iter().map(|deal| deal.0).collect();
    let meant = Meant { named: &named, words: &wish.narrow.words, filter: &wish.filter };
    let note = async |tx: &mut Tx, run| many::note(tx, run, &wish, reach, MOST + 1).await;
    bulk::begin::<DealBulkRuns>(tx, change, meant, reach, note).await
}
