//! # Purpose
//! Talks to the outside about what happens here: signed webhooks to other systems, e-mail to contacts.
//! # Tables
//! `webhooks`, `deliveries` (tenant).
//! # Permissions
//! `messaging.webhooks.read`, `messaging.webhooks.write`.
//! # Events
//! `webhook.created`, `webhook.updated`, `webhook.deleted`, `webhook.secret_rotated`, `webhook.tested`,
//! `webhook.disabled`, `webhook.exported`, `delivery.replayed`, `delivery.exported`, `email.queued`.
//! # Invariants
//! - Every call is signed, numbered and retried for three days; what became of it can be read and replayed.
//! - No call reaches a private network: addresses are checked when they are saved and when they are used.
//! - Nobody who asked not to be contacted by e-mail gets one.
pub mod deliveries;
pub mod emails;
pub mod webhooks;

pub use deliveries::describe::{Describe, Describers};
pub use emails::{NewEmail, Sent, send_email};
pub use webhooks::model::WebhookId;

use kernel::{App, Module, Result, Tx, db::Reference, events::Subscription, jobs::JobKind};
use std::sync::Arc;

kernel::permissions! {
    /// See webhooks and what became of their calls.
    Read = "messaging.webhooks.read",
    /// Make, change and test webhooks, replay calls.
    Write = "messaging.webhooks.write",
}

kernel::notices! {
    /// A webhook was switched off because its calls failed.
    WEBHOOK_DISABLED = "webhook.disabled" always,
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Signed calls to other systems about what happens here, and what became of them.
    Webhooks,
}

/// Rows that follow a contact when it becomes part of another one.
const REFERENCES: &[Reference] = &[Reference::new("deliveries", "contact_id", &["id"])];

/// What the program needs to know.
pub fn module() -> Module {
    Module {
        name: "messaging",
        permissions: PERMISSIONS,
        subscriptions: vec![Subscription {
            name: "messaging.webhooks",
            kinds: &[],
            handler: |tx, event| Box::pin(deliveries::actions::fan_out(tx, event)),
        }],
        jobs: vec![
            JobKind::of::<deliveries::jobs::DeliverWebhook>(),
            JobKind::of::<deliveries::jobs::SweepDeliveries>(),
        ],
        references: REFERENCES,
        notices: NOTICES,
        ..Module::default()
    }
}

/// Lets modules below say what a webhook tells about their events.
pub fn install(app: &Arc<App>) -> Result<()> {
    app.provide(Arc::new(Describers::default()));
    Ok(())
}

/// Operations.
pub fn api() -> impl poem_openapi::OpenApi {
    (webhooks::api::WebhooksApi, deliveries::api::DeliveriesApi)
}

/// Removes what was sent about a contact: his deliveries and mails.
pub async fn erase(tx: &mut Tx, contact: uuid::Uuid, addresses: &[String]) -> Result<u64> {
    let deliveries = deliveries::db::erase(tx, contact).await?;
    Ok(deliveries + notifications::mails::erase(tx, addresses, Some(contact)).await?)
}
