//! What can be done with bulk runs over companies; how they go on is `kernel::bulk`.
mod batch;

use super::{
    change::Trace,
    model::{CompanyBulkChange, CompanyBulkRun, CompanyBulkRunRow, NAMES, NewCompanyBulkRun},
};
use crate::companies::{CompanyId, many, owner_in_reach};
use contacts::Owners;
use fields::{Custom, RecordKind};
use kernel::{
    Error, Result, Tx,
    bulk::{self, BulkRuns, Fates, MOST, Meant, Names, below_change},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Runs over companies.
pub(crate) struct CompanyBulkRuns;

impl BulkRuns for CompanyBulkRuns {
    const NAMES: &'static Names = NAMES;
    const WORK: &'static str = "WorkOnCompanyBulkRun";
    const FORGET: &'static str = "ForgetCompanyBulkRun";
    type Change = CompanyBulkChange;
    type Trace = Trace;
    type Run = CompanyBulkRun;
    type Row = CompanyBulkRunRow;

    async fn apply(tx: &mut Tx, change: &CompanyBulkChange, ids: &[Uuid], reach: &Owners) -> Result<Fates<Trace>> {
        let ids: Vec<CompanyId> = ids.iter().copied().map(CompanyId).collect();
        batch::apply(tx, change, &ids, reach).await
    }

    async fn take_back(
        tx: &mut Tx,
        change: &CompanyBulkChange,
        rows: &[(Uuid, Trace)],
        reach: &Owners,
    ) -> Result<HashMap<Uuid, String>> {
        batch::take_back(tx, change, rows, reach).await
    }
}

/// Begins a run; the companies are those that are meant in this moment.
pub(super) async fn create(tx: &mut Tx, new: NewCompanyBulkRun, reach: &Owners) -> Result<CompanyBulkRun> {
    let new = new.checked()?;
    let change = &new.change;
    if !change.owner.is_undefined() {
        owner_in_reach(tx, change.owner.value().copied(), reach).map_err(below_change)?;
    }
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    let problems = fields.changed(&Custom::default(), &change.custom).1;
    if !problems.is_empty() {
        return Err(below_change(Error::invalid_fields(problems)));
    }
    let wish = new.matching.unwrap_or_default();
    let wish = many::Asked {
        filter: wish.filter,
        words: wish.q.unwrap_or_default().trim().chars().take(100).collect(),
        deleted: change.deleted == Some(false),
        excluded: wish.excluded,
    };
    let named: Vec<Uuid> = new.companies.iter().map(|company| company.0).collect();
    let meant = Meant { named: &named, words: &wish.words, filter: &wish.filter };
    let note = async |tx: &mut Tx, run| many::note(tx, run, &wish, reach, MOST + 1).await;
    bulk::begin::<CompanyBulkRuns>(tx, change, meant, reach, note).await
}
