//! What a step of a run does; how runs go on is `kernel::duplicates`.
use super::model::{CompanyDuplicateRun, NAMES};
use crate::{
    companies::CompanyId,
    company_duplicates,
    company_merges::{self, NewCompanyMerge},
};
use contacts::Owners;
use kernel::{
    Result, Tx,
    duplicates::{Compared, DuplicateRuns, Names, Sure},
};
use uuid::Uuid;

/// Companies compared in one step, each with a few statements.
const COMPANIES: i64 = 100;

/// Runs over companies.
pub(crate) struct CompanyDuplicateRuns;

impl DuplicateRuns for CompanyDuplicateRuns {
    const NAMES: &'static Names = NAMES;
    const WORK: &'static str = "WorkOnCompanyDuplicates";
    type Run = CompanyDuplicateRun;

    async fn compare(tx: &mut Tx, after: Option<Uuid>) -> Result<Option<Compared>> {
        let ids = company_duplicates::after(tx, after, COMPANIES).await?;
        let Some(last) = ids.last() else { return Ok(None) };
        let found = company_duplicates::compare(tx, &ids).await?.new_ones();
        Ok(Some(Compared { last: *last, records: ids.len(), found }))
    }

    async fn merge(tx: &mut Tx, pair: Sure, reach: &Owners) -> Result<()> {
        let merged = vec![CompanyId(pair.merged)];
        let new = NewCompanyMerge { kept: Some(CompanyId(pair.kept)), merged, ..NewCompanyMerge::default() };
        company_merges::merge(tx, new, reach).await.map(drop)
    }
}
