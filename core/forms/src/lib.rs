//! # Purpose
//! Forms that visitors fill in on client websites: definitions with versions, the rules they follow, what was sent, and
//! how far visitors get.
//!
//! # Tables
//! `forms`, `form_versions`, `submissions`, `form_stats` (tenant).
//!
//! # Permissions
//! `forms.read`, `forms.write`, `forms.export`. Level `own` and `team`: forms the members are responsible for.
//!
//! # Events
//! `form.created`, `form.updated`, `form.published`, `form.unpublished`, `form.publish_refused`, `form.deleted`,
//! `form.exported` (its submissions), `form.list_exported`, `form.figures_exported`, `form.submitted`, `form.quarantined`,
//! `submission.released`, `submission.marked_spam`, `submission.deleted`.
//!
//! # Invariants
//! - A published version never changes, and a submission is always read with the version that was filled in.
//! - The tags that a form gives are named as they are called; one that is deleted goes from it.
//! - One visitor session and key make one submission, however often it is sent.
//! - Browser and server come to the same verdict about the same answers.
//! - Nothing a visitor sends is dropped; what looks wrong is kept aside and has no consequences until a member says so:
//!   no contact, no consent, no webhook, and never a mail to the address it names.
pub mod analytics;
pub mod forms;
pub mod submissions;

use kernel::{
    App, Module, Result,
    db::Reference,
    events::{Reaction, Subscription},
    http::openapi::Described,
    jobs::JobKind,
};
use std::sync::Arc;

kernel::permissions! {
    /// See forms, their submissions and their figures.
    Read = "forms.read",
    /// Make, change, publish and delete forms; decide about submissions.
    Write = "forms.write",
    /// Export submissions.
    Export = "forms.export",
}

kernel::notices! {
    /// Somebody sent a form.
    SUBMISSION_RECEIVED = "submission.received" [InApp, Email, Push],
    /// Somebody sent a form, and it was kept aside.
    SUBMISSION_QUARANTINED = "submission.quarantined" [InApp, Email, Push],
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Forms, their versions, settings and figures.
    Forms,
    /// What visitors sent.
    Submissions,
}

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] = &[Reference::new("submissions", "contact_id", &["id"])];

/// What the program needs to know of this module.
pub fn module() -> Module {
    Module {
        name: "forms",
        permissions: PERMISSIONS,
        subjects: &[("submissions", "forms.read")],
        subscriptions: vec![
            Subscription {
                name: "forms.announce",
                kinds: &["form.submitted", "form.quarantined"],
                handler: |tx, event| Box::pin(submissions::announce::announce(tx, event)),
            },
            Subscription {
                name: "forms.stages",
                kinds: &["contact_stage.deleted"],
                handler: |tx, event| Box::pin(forms::actions::follow_stage(tx, event)),
            },
        ],
        reactions: vec![Reaction {
            kinds: &["tag.updated", "tag.merged", "tag.deleted"],
            reflex: |tx, event| Box::pin(forms::actions::follow_tag(tx, event)),
        }],
        jobs: vec![JobKind::of::<forms::jobs::SyncWidget>(), JobKind::of::<forms::jobs::RemoveWidget>()],
        references: REFERENCES,
        notices: NOTICES,
        ..Module::default()
    }
}

/// Says what webhooks tell about submissions.
pub fn install(app: &Arc<App>) -> Result<()> {
    let describers = app.provided::<messaging::Describers>()?;
    describers.add("form.submitted", |tx, event| Box::pin(submissions::announce::describe(tx, event)));
    Ok(())
}

/// Where the API's document describes what a form's definition holds.
pub fn described() -> Described {
    Described {
        name: "FormDefinition",
        schema: forms::model::described,
        fields: &[
            ("Form", "draft"),
            ("NewForm", "draft"),
            ("UpdateForm", "draft"),
            ("FormVersion", "definition"),
            ("Submission", "definition"),
        ],
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        forms::api::FormsApi,
        submissions::api::SubmissionsApi,
        analytics::api::AnalyticsApi,
        submissions::widget::SubmissionsWidget,
        analytics::widget::AnalyticsWidget,
    )
}
