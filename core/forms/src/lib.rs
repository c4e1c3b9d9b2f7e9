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
//! `form.exported`, `form.submitted`, `form.quarantined`, `submission.released`, `submission.marked_spam`,
//! `submission.deleted`.
//!
//! # Invariants
//! - A published version never changes, and a submission is always read with the version that was filled in.
//! - One visitor session and key make one submission, however often it is sent.
//! - Browser and server come to the same verdict about the same answers.
//! - Nothing a visitor sends is dropped; what looks wrong is kept aside and has no consequences until a member says so:
//!   no contact, no consent, no webhook, and never a mail to the address it names.
pub mod analytics;
pub mod forms;
pub mod submissions;

use kernel::{
    App, Cx, Error, Module, Result, auth::Permission, error::FieldProblem, events::Subscription, ids::UserId,
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

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Forms, their versions, settings and figures.
    Forms,
    /// What visitors sent.
    Submissions,
}

/// What the program needs to know of this module.
pub fn module() -> Module {
    Module {
        name: "forms",
        permissions: PERMISSIONS,
        subscriptions: vec![Subscription {
            name: "forms.announce",
            kinds: &["form.submitted", "form.quarantined"],
            handler: |tx, event| Box::pin(submissions::announce::announce(tx, event)),
        }],
        jobs: vec![JobKind::of::<forms::jobs::SyncWidget>(), JobKind::of::<forms::jobs::RemoveWidget>()],
        ..Module::default()
    }
}

/// Says what webhooks tell about submissions.
pub fn install(app: &Arc<App>) -> Result<()> {
    let describers = app.provided::<messaging::Describers>()?;
    describers.add("form.submitted", |tx, event| Box::pin(submissions::announce::describe(tx, event)));
    Ok(())
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

/// Members that settings name must be of this tenant or its agency: they are told about submissions.
pub(crate) async fn require_members<P: Permission>(cx: &Cx<P>, mut ids: Vec<UserId>) -> Result<()> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let wanted: Vec<_> = ids.iter().map(|id| id.0).collect();
    // The agency's people work in its clients without being members there.
    let tenants: Vec<_> = [Some(cx.tenant.id), cx.tenant.parent].into_iter().flatten().collect();
    let find = cx.app.control(cx.context(), async |tx| {
        let mut people = vec![];
        for tenant in tenants {
            people.extend(identity::members::actions::people(tx, tenant, Some(&wanted)).await?);
        }
        Ok(people)
    });
    let people = find.await?;
    let unknown = ids.iter().filter(|id| !people.iter().any(|person| person.id == **id));
    let problem = |id: &UserId| FieldProblem {
        field: "/".into(),
        code: "member_unknown".into(),
        detail: format!("{id} is not a member here."),
    };
    let problems: Vec<FieldProblem> = unknown.map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::invalid_fields(problems)) }
}
