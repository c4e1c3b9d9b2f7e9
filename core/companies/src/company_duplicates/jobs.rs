//! Companies that came by the hundred are compared in the background.
use super::actions;
use crate::companies::CompanyId;
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Compares these companies, each in a transaction of its own, so that nobody waits for all of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct CompareCompanies {
    pub companies: Vec<CompanyId>,
}

impl Job for CompareCompanies {
    const KIND: &'static str = "CompareCompanies";

    async fn run(self, cx: JobCx) -> Result<()> {
        for company in self.companies {
            cx.write(async |tx| actions::compare(tx, company.0).await).await?;
        }
        Ok(())
    }
}
