//! # Purpose
//! Files that members and visitors upload: kept in an object store (a folder or S3), described by a row of the tenant,
//! handed out over signed links that live for minutes.
//! # Tables
//! `files` (tenant). The bytes lie in the object store under `<tenant role>/<file id>`. How much there is, by what it belongs
//! to, is counted by the module tenants.
//! # Permissions
//! `files.read`, `files.write`. Level `own` and `team`: files the members uploaded.
//! # Events
//! `file.created`, `file.updated`, `file.scanned`, `file.deleted`.
//! # Invariants
//! - No object without a row: the row is written first, and what was never attached is swept after a day.
//! - What a file is says its content, not its name or its sender.
//! - A file is only ever served as a download, never as a page of ours.
//! - Where a scanner is in force, no byte of an upload is handed out before it was found clean; what is infected never is.
pub mod files;
pub mod providers;

pub use files::actions::{
    Upload, attach, claim, content, is_served, keep, keep_visitor_file, link, of_owner, recount, redact, remove,
    remove_owned, require_served, set_contact, waiting,
};
pub use files::model::{File, FileId, Kept, Policy, Scan, is_type_pattern};

use kernel::{App, Module, Result, db::Reference, jobs::JobKind};
use std::sync::Arc;

kernel::permissions! {
    /// See and download files.
    Read = "files.read",
    /// Upload and delete files.
    Write = "files.write",
}

kernel::notices! {
    /// The scanner found something in a file.
    FILE_INFECTED = "file.infected" [InApp, Push],
    /// The scanner gave no answer about a file.
    FILE_SCAN_FAILED = "file.scan_failed" [InApp, Push],
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Uploaded files.
    Files,
}

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] = &[
    Reference::new("files", "contact_id", &["id"]),
    Reference { only: Some("l.owner_kind = 'contacts'"), ..Reference::new("files", "owner_id", &["id"]) },
];

/// What the program needs to know.
pub fn module() -> Module {
    Module {
        name: "files",
        permissions: PERMISSIONS,
        jobs: vec![
            JobKind::of::<files::jobs::RemoveObjects>(),
            JobKind::of::<files::jobs::SweepFiles>(),
            JobKind::of::<files::jobs::ScanFile>(),
        ],
        references: REFERENCES,
        notices: NOTICES,
        ..Module::default()
    }
}

/// Opens the object store and finds the scanner.
pub fn install(app: &Arc<App>) -> Result<()> {
    app.provide(Arc::new(providers::Store::open(&app.config.files)?));
    app.provide(Arc::new(providers::Scanning::open(&app.config.files)?));
    Ok(())
}

/// Removes every object of a tenant that ends, before its schema goes; `role` is the name of both.
pub async fn forget_tenant(app: &Arc<App>, role: &str) -> Result<()> {
    let count = app.provided::<providers::Store>()?.empty(role).await?;
    tracing::info!(role, count, "files of a deleted tenant removed");
    Ok(())
}

/// Operations.
pub fn api() -> impl poem_openapi::OpenApi {
    files::api::FilesApi
}
