//! Making, changing and testing webhooks.
use super::{
    db,
    model::{NewWebhook, ROTATION, UpdateWebhook, Webhook, WebhookId, WebhookWithSecret, check, new_secret},
};
use crate::deliveries;
use kernel::{
    App, Error, Result, Tx,
    auth::ActorKind,
    events::NewEvent,
    http::check_if_match,
    ids::{EventId, UserId},
};
use serde_json::json;

/// Most webhooks of one tenant.
const MAX: i64 = 100;

/// What the sealed secret is bound to.
pub(crate) fn seal_context(id: WebhookId) -> String {
    format!("webhook:{}", id.0)
}

fn check_url(app: &App, url: &str) -> Result<(), &'static str> {
    app.outbound.check_url(url).map(|_| ())
}

/// Makes a webhook with a secret of its own.
pub async fn create(tx: &mut Tx, new: NewWebhook) -> Result<WebhookWithSecret> {
    check(&new.name, &new.kinds, check_url(tx.app(), &new.url))?;
    if db::count(tx).await? >= MAX {
        return Err(Error::conflict("too_many_webhooks", format!("There are {MAX} webhooks already.")));
    }
    let (id, secret) = (WebhookId::new(tx.now()), new_secret());
    let sealed = tx.app().keys.seal(&seal_context(id), secret.as_bytes())?;
    let actor = tx.context().actor;
    let by = actor.id.filter(|_| actor.kind == ActorKind::User).map(UserId);
    let webhook = db::insert(tx, id, new.name.trim(), &new.url, &new.kinds, &sealed, by).await?;
    tx.record(NewEvent::new("webhook.created", "webhooks", id.0, "Webhook created")).await?;
    Ok(WebhookWithSecret { webhook, secret: Some(secret) })
}

/// Changes a webhook.
pub async fn update(tx: &mut Tx, id: WebhookId, change: UpdateWebhook, if_match: Option<&str>) -> Result<Webhook> {
    let mut webhook = db::lock(tx, id).await?;
    check_if_match(if_match, webhook.version)?;
    let mut changed = vec![];
    if let Some(name) = change.name {
        webhook.name = name.trim().to_owned();
        changed.push("name");
    }
    if let Some(url) = change.url {
        webhook.url = url;
        changed.push("url");
    }
    if let Some(kinds) = change.kinds {
        webhook.kinds = kinds;
        changed.push("kinds");
    }
    if let Some(enabled) = change.enabled {
        webhook.enabled = enabled;
        webhook.disabled_reason = (!enabled).then(|| "manual".to_owned());
        if enabled {
            webhook.failing_since = None;
        }
        changed.push("enabled");
    }
    check(&webhook.name, &webhook.kinds, check_url(tx.app(), &webhook.url))?;
    let webhook = db::update(tx, &webhook).await?;
    let event = NewEvent::new("webhook.updated", "webhooks", id.0, "Webhook changed");
    tx.record(event.payload(&json!({"fields": changed}))).await?;
    Ok(webhook)
}

/// Deletes a webhook and its log.
pub async fn delete(tx: &mut Tx, id: WebhookId, if_match: Option<&str>) -> Result<()> {
    let webhook = db::lock(tx, id).await?;
    check_if_match(if_match, webhook.version)?;
    db::delete(tx, id).await?;
    tx.record(NewEvent::new("webhook.deleted", "webhooks", id.0, "Webhook deleted")).await?;
    Ok(())
}

/// Gives it a new secret; the one so far signs along for a day, so that receivers can change over.
pub async fn rotate(tx: &mut Tx, id: WebhookId) -> Result<WebhookWithSecret> {
    let secret = new_secret();
    let sealed = tx.app().keys.seal(&seal_context(id), secret.as_bytes())?;
    let until = tx.now() + ROTATION;
    let webhook = db::rotate(tx, id, &sealed, until).await?;
    tx.record(NewEvent::new("webhook.secret_rotated", "webhooks", id.0, "Signing secret changed")).await?;
    Ok(WebhookWithSecret { webhook, secret: Some(secret) })
}

/// Calls it once with an event made for the purpose.
pub async fn test(tx: &mut Tx, id: WebhookId) -> Result<deliveries::model::Delivery> {
    let webhook = db::get(tx, id).await?;
    if !webhook.enabled {
        return Err(Error::conflict("webhook_disabled", "Switch it on first."));
    }
    let event: EventId = tx.record(NewEvent::new("webhook.tested", "webhooks", id.0, "Webhook tested")).await?;
    deliveries::actions::send_test(tx, id, event).await
}
