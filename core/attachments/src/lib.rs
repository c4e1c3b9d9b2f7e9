//! # Purpose
//! Files that people keep with a contact, a company, a deal, a task, a logged activity or a note, with a small picture of those that are pictures.
//!
//! # Tables
//! `attachments`. The bytes, their types and the look of the scanner are those of the module files.
//!
//! # Permissions
//! `attachments.read`, `attachments.write`: each at level all, team or own, which means files of contacts, companies and deals
//! of every owner, of owners in the member's teams, or of the member himself; of a task whoever has it counts as its owner, of
//! an activity or a note the owner of what it is about.
//!
//! # Events
//! `attachment.created`, `attachment.updated`, `attachment.deleted`, `attachment.restored`, `attachment.purged`.
//!
//! # Invariants
//! - A file is attached once, to one record: a unique index and a check say so.
//! - Files of a private note, and that there are any, are known to its author alone; files of a note are added by its author.
//! - What a scanner held back is never attached.
//! - Files of a task are about the contact that the task is about, so an erasure and a timeline find them with him.
//! - A deleted attachment keeps its bytes for 30 days, then row and bytes go together; who erases a person erases both at once.
//!   Bytes whose attachment went with its record, or with its file, are swept a moment later.
//! - Events name nobody: ids and names of fields.
mod attachments;

pub use attachments::{AttachmentId, erase_person, export_person};

use kernel::{
    db::Reference,
    events::{Reaction, Subscription},
    jobs::JobKind,
};

kernel::permissions! {
    /// See and download files of records.
    Read = "attachments.read",
    /// Attach files to records, and take them away.
    Write = "attachments.write",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Files of contacts, companies, deals, tasks, logged activities and notes.
    Attachments,
}

/// Files go along when contacts are merged.
const REFERENCES: &[Reference] = &[Reference::new("attachments", "contact_id", &["id"])];
const COMPANY_REFERENCES: &[Reference] = &[Reference::new("attachments", "company_id", &["id"])];

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "attachments",
        permissions: PERMISSIONS,
        references: REFERENCES,
        company_references: COMPANY_REFERENCES,
        reactions: vec![Reaction {
            kinds: &["task.updated"],
            reflex: |tx, event| Box::pin(attachments::follow_task(tx, event)),
        }],
        // With a record its attachments go; their bytes do not, and are looked for.
        subscriptions: vec![
            Subscription {
                name: "attachments.sweep",
                kinds: &[
                    "contact.purged",
                    "company.purged",
                    "deal.purged",
                    "task.purged",
                    "activity.deleted",
                    "note.deleted",
                    "file.deleted",
                ],
                handler: |tx, _| Box::pin(async move { tx.enqueue_once(&attachments::SweepAttachments {}).await }),
            },
            Subscription {
                name: "attachments.scanned",
                kinds: &["file.scanned"],
                handler: |tx, event| Box::pin(attachments::seen_clean(tx, files::FileId(event.subject_id))),
            },
        ],
        jobs: vec![
            JobKind::of::<attachments::MakePreview>(),
            JobKind::of::<attachments::PurgeAttachment>(),
            JobKind::of::<attachments::SweepAttachments>(),
        ],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    attachments::AttachmentsApi
}
