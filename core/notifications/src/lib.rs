//! # Purpose
//! Tells people what happened: in the app, live, on their devices (Web Push), and by e-mail. Modules below call [`notifications::notify`] for
//! members and [`mails::queue`] for everybody else.
//!
//! # Tables
//! `notifications`, `notification_preferences`, `notification_mutes`, `quiet_hours`, `held_notices`, `digest_lines` in each tenant;
//! `ops.mails` (all tenants and the control plane, each
//! sees its own rows); `push_subscriptions`, `push_preferences`, `push_keys` in the control plane, because a device
//! belongs to a person and not to an account.
//!
//! # Permissions
//! Notifications, preferences and the stream belong to whoever is signed in. Outgoing mail: [`PERMISSIONS`].
//!
//! # Events
//! `preferences.updated`, `quiet_hours.updated`, `mute.*`, `mail.retried`, `mail.exported`, `push_subscription.*`.
//! Reading a notification is nobody's business and leaves no event.
//!
//! # Invariants
//! A mail is sent only after the transaction that queued it committed; while no mail server takes it, it waits. Its
//! contents are gone once it is sent. Nobody is told twice under one key. What is always told ignores preferences.
//! Modules declare the kinds of their news ([`kernel::Module::notices`]); a sentence is put together when the reader's language is known.
//! E-mails that come many at once wait a minute for each other and go out as one; a line is sent once.
//! In quiet hours what goes with a notification is a row of `held_notices`: whoever takes it away sends it, so it is sent once, and not
//! when its reader knows by then. Whether it waits is decided when it is told. What is put off comes back by an update that names the
//! moment. What is muted leaves no row at all.
//! A device is told only while somebody is signed in there; push services carry what they cannot read.
pub mod digest_lines;
pub mod held_notices;
pub mod mails;
pub mod notification_mutes;
pub mod notifications;
pub mod preferences;
pub mod providers;
pub mod push_subscriptions;
pub mod quiet_hours;
pub mod streams;
mod words;

pub use words::{day, later, said_in};

use kernel::{
    App, Module, Result,
    db::Reference,
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

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] = &[
    Reference::new("notifications", "contact_id", &["id"]),
    Reference::new("digest_lines", "contact_id", &["id"]),
    notification_mutes::db::CONTACTS,
];

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
            JobKind::of::<digest_lines::SendDigest>(),
            JobKind::of::<held_notices::ReleaseHeld>(),
            JobKind::of::<notifications::PurgeNotifications>(),
            JobKind::of::<notifications::WakeNotification>(),
            JobKind::of::<push_subscriptions::PushNotices>(),
            JobKind::of::<push_subscriptions::DeliverPush>(),
        ],
        schedules: vec![Schedule { name: "purge_mails", every_seconds: 86_400, kind: "PurgeMails" }],
        references: REFERENCES,
        company_references: &[notification_mutes::db::COMPANIES],
        ..Module::default()
    }
}

/// The operations of this module.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        notifications::api::NotificationsApi,
        preferences::api::PreferencesApi,
        quiet_hours::api::QuietHoursApi,
        notification_mutes::api::NotificationMutesApi,
        push_subscriptions::api::PushSubscriptionsApi,
        streams::api::StreamsApi,
        mails::api::MailsApi,
    )
}

/// Gives the program its mailer, as configured.
pub fn install(app: &Arc<App>) -> Result<()> {
    app.provide(Arc::new(mails::Mailer::from_config(app)?));
    app.provide(Arc::new(push_subscriptions::Vapid::default()));
    Ok(())
}

/// The same with another carrier: tests record mail instead of sending it.
pub fn install_with(app: &Arc<App>, provider: Arc<dyn providers::MailProvider>) -> Result<()> {
    app.provide(Arc::new(mails::Mailer::new(app, Some(provider))?));
    app.provide(Arc::new(push_subscriptions::Vapid::default()));
    Ok(())
}
