//! # Purpose
//! Tells people what happened: in the app, live, and by e-mail. Modules below call [`notifications::notify`] for
//! members and [`mails::queue`] for everybody else.
//!
//! # Tables
//! `notifications`, `notification_preferences` in each tenant; `ops.mails` (all tenants and the control plane, each
//! sees its own rows).
//!
//! # Permissions
//! Notifications, preferences and the stream belong to whoever is signed in. Outgoing mail: [`PERMISSIONS`].
//!
//! # Events
//! `preferences.updated`, `mail.retried`. Reading a notification is nobody's business and leaves no event.
//!
//! # Invariants
//! A mail is sent only after the transaction that queued it committed; while no mail server takes it, it waits. Its
//! contents are gone once it is sent. Nobody is told twice under one key. What is critical ignores preferences.
pub mod mails;
pub mod notifications;
pub mod preferences;
pub mod providers;
pub mod streams;

use kernel::{
    App, Module, Result,
    events::Subscription,
    jobs::{JobKind, Schedule},
};
use poem_openapi::Tags;
use std::sync::Arc;

kernel::permissions! {
    /// See outgoing mail and what became of it.
    ReadMails = "notifications.mails.read",
    /// Try failed mail again.
    RetryMails = "notifications.mails.retry",
}

#[derive(Tags)]
pub(crate) enum Tag {
    /// What one is told: in the app, live, by e-mail.
    Notifications,
}

/// This module.
pub fn module() -> Module {
    Module {
        name: "notifications",
        permissions: PERMISSIONS,
        subscriptions: vec![Subscription {
            name: "notifications.resume_mails",
            kinds: &["tenant.resumed"],
            handler: mails::actions::resume,
        }],
        jobs: vec![
            JobKind::of::<mails::SendMail>(),
            JobKind::of::<mails::PurgeMails>(),
            JobKind::of::<notifications::PurgeNotifications>(),
        ],
        schedules: vec![Schedule { name: "purge_mails", every_seconds: 86_400, kind: "PurgeMails" }],
    }
}

/// The operations of this module.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        notifications::api::NotificationsApi,
        preferences::api::PreferencesApi,
        streams::api::StreamsApi,
        mails::api::MailsApi,
    )
}

/// Gives the program its mailer, as configured.
pub fn install(app: &Arc<App>) -> Result<()> {
    app.provide(Arc::new(mails::Mailer::from_config(app)?));
    Ok(())
}

/// The same with another carrier: tests record mail instead of sending it.
pub fn install_with(app: &Arc<App>, provider: Arc<dyn providers::MailProvider>) -> Result<()> {
    app.provide(Arc::new(mails::Mailer::new(app, Some(provider))?));
    Ok(())
}
