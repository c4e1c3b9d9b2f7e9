//! What a run is.
kernel::duplicate_runs! {
    "contact", "contacts",
    ["contact_duplicate_run.created", "contact_duplicate_run.cancelled", "contact_duplicate_run.finished"],
    /// A run over all contacts or all pairs.
    pub struct ContactDuplicateRun
}
