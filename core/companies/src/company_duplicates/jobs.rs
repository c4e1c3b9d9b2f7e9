//! Companies that came by the hundred are compared in the background.
use super::actions;
use crate::companies::CompanyId;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Companies compared in one transaction.
const BATCH: usize = 50;

/// Compares these companies, some at a time, so that nobody waits for all of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct CompareCompanies {
    pub companies: Vec<CompanyId>,
}

impl Job for CompareCompanies {
    const KIND: &'static str = "CompareCompanies";

    async fn run(self, cx: JobCx) -> Result<()> {
        let companies: Vec<Uuid> = self.companies.iter().map(|company| company.0).collect();
        for some in companies.chunks(BATCH) {
            cx.write(async |tx| actions::compare_and_tell(tx, some).await).await?;
        }
        Ok(())
    }
}
