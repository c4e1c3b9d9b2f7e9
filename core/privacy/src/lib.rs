//! # Purpose
//! What the law and the tenant's own control ask for: an audit log that proves itself, personal data handed out or erased
//! with proof, legal holds.
//!
//! # Tables
//! `data_requests`, `data_exports`, `retention`. The audit log is read from the kernel's `events` and `event_log`.
//!
//! # Permissions
//! `privacy.audit.read`, `privacy.audit.export`, `privacy.requests.read`, `privacy.requests.write`.
//!
//! # Events
//! `audit.exported`, `data_request.created`, `data_request.completed`, `data_request.refused`, `data_request.failed`,
//! `data_request.exported`, `retention.updated`.
//!
//! # Invariants
//! - Changing, removing or inserting an entry of the audit log is found by [`verify_audit`].
//! - After an erasure no table of the schema holds an address of the person; every table is either in
//!   [`registry::REGISTRY`] or in [`registry::IMPERSONAL`] with the reason why it never does.
//! - Nothing of a contact under legal hold is erased.
//! - Whoever is erased because nothing happened any more is erased as if it was asked for, with a proof. Each step of a round is
//!   taken once and costs the same however many contacts there are.
mod audit_entries;
mod data_requests;
mod legal_holds;
pub mod registry;
mod retention;

pub use audit_entries::{Anchor, Verification, verify as verify_audit};

use kernel::{Error, Result, auth::Level, db::Reference, jobs::JobKind};

kernel::permissions! {
    /// Read and verify the audit log.
    ReadAudit = "privacy.audit.read",
    /// Export the audit log.
    ExportAudit = "privacy.audit.export",
    /// See requests for personal data and what became of them.
    ReadRequests = "privacy.requests.read",
    /// Export or erase personal data, and put contacts under legal hold.
    ManageRequests = "privacy.requests.write",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Audit log, requests for personal data, legal holds.
    Privacy,
}

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] = &[
    Reference::new("data_requests", "contact_id", &["id"]),
    Reference::new("data_exports", "contact_id", &["request_id"]),
];

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "privacy",
        permissions: PERMISSIONS,
        subjects: &[("retention", "privacy.requests.read")],
        jobs: vec![
            JobKind::of::<data_requests::RunDataRequest>(),
            JobKind::of::<data_requests::DeleteExport>(),
            JobKind::of::<retention::EraseQuietContacts>(),
        ],
        references: REFERENCES,
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (audit_entries::AuditApi, data_requests::DataRequestsApi, legal_holds::LegalHoldsApi, retention::RetentionApi)
}

/// The audit log and the list of requests tell about contacts of every owner.
fn require_everybody(level: Level) -> Result<()> {
    match level {
        Level::All => Ok(()),
        _ => Err(Error::forbidden("level_all_needed", "This tells about contacts of every owner.")),
    }
}
