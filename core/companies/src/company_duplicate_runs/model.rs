//! What a run is.
kernel::duplicate_runs! {
    "company", "companies",
    ["company_duplicate_run.created", "company_duplicate_run.cancelled", "company_duplicate_run.finished"],
    /// A run over all companies or all pairs.
    pub struct CompanyDuplicateRun
}
