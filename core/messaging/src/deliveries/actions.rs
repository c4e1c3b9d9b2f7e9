//! Telling webhooks what happened, and telling them again.
use super::{
    db::{self, NewDelivery},
    describe::Describers,
    jobs,
    model::{Delivery, DeliveryId},
};
use crate::webhooks::{self, model::WebhookId};
use activities::wire_id;
use kernel::{
    Error, Result, Tx,
    events::{NewEvent, Recorded},
    ids::{EventId, new_uuid},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Makes a delivery for every webhook that wants an event. Doing it twice does nothing more.
pub(crate) async fn fan_out(tx: &mut Tx, event: &Recorded) -> Result<()> {
    // A test goes to the webhook it tests, which made that delivery itself.
    if event.kind == "webhook.tested" {
        return Ok(());
    }
    let named = event.payload.get("notify_webhook").and_then(Value::as_str).and_then(|id| id.parse::<WebhookId>().ok());
    let webhooks = webhooks::db::wanting(tx, &webhooks::model::spellings(&event.kind), named).await?;
    if webhooks.is_empty() {
        return Ok(());
    }
    let describe = tx.app().provided::<Describers>()?.get(&event.kind);
    let data = match describe {
        Some(describe) => describe(tx, event).await?,
        None => Value::Null,
    };
    let ordering_key = event
        .contact_id
        .map_or_else(|| wire_id(&event.subject, event.subject_id), |contact| wire_id("contacts", contact));
    let payload = json!({
        "id": event.id, "kind": event.kind, "seq": event.seq, "occurred_at": event.occurred_at,
        "tenant": tx.tenant().id, "subject": event.subject, "subject_id": wire_id(&event.subject, event.subject_id),
        "contact": event.contact_id.map(|id| wire_id("contacts", id)), "title": event.title, "payload": event.payload,
        "data": data, "ordering_key": ordering_key,
    });
    let new = NewDelivery {
        event: event.id,
        kind: &event.kind,
        ordering_key: &ordering_key,
        contact: event.contact_id,
        payload: &payload,
    };
    send(tx, &new, &webhooks).await
}

async fn send(tx: &mut Tx, new: &NewDelivery<'_>, webhooks: &[Uuid]) -> Result<()> {
    let ids: Vec<Uuid> = webhooks.iter().map(|_| new_uuid(tx.now())).collect();
    for id in db::insert(tx, new, &ids, webhooks).await? {
        jobs::plan_attempt(tx, DeliveryId(id), 1, None).await?;
    }
    jobs::plan_sweep(tx).await
}

/// Calls one webhook with an event that exists for the purpose.
pub(crate) async fn send_test(tx: &mut Tx, webhook: WebhookId, event: EventId) -> Result<Delivery> {
    let subject_id = webhook.to_string();
    let payload = json!({
        "id": event, "kind": "webhook.tested", "occurred_at": tx.now(), "tenant": tx.tenant().id, "subject": "webhooks",
        "subject_id": subject_id, "title": "Webhook tested", "payload": {}, "data": null, "ordering_key": subject_id,
    });
    let new =
        NewDelivery { event, kind: "webhook.tested", ordering_key: &subject_id, contact: None, payload: &payload };
    let id = DeliveryId::new(tx.now());
    db::insert(tx, &new, &[id.0], &[webhook.0]).await?;
    jobs::plan_attempt(tx, id, 1, None).await?;
    db::get(tx, id).await
}

/// Sends the same body again, as a delivery of its own.
pub async fn replay(tx: &mut Tx, id: DeliveryId) -> Result<Delivery> {
    let original = db::get(tx, id).await?;
    if !webhooks::db::lock(tx, original.webhook).await?.enabled {
        return Err(Error::conflict("webhook_disabled", "Switch the webhook on first."));
    }
    let again = db::replay(tx, id, DeliveryId::new(tx.now())).await?;
    let event = NewEvent::new("delivery.replayed", "deliveries", again.id.0, "Webhook call repeated");
    tx.record(event.payload(&json!({"of": id, "webhook": original.webhook}))).await?;
    jobs::plan_attempt(tx, again.id, 1, None).await?;
    Ok(again)
}
