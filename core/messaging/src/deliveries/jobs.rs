//! The calls themselves.
use super::{
    db::{self, Attempt, Due},
    model::{DeliveryId, excerpt, pause},
};
use crate::{
    WEBHOOK_DISABLED,
    webhooks::{
        self,
        actions::seal_context,
        model::{PATIENCE, WebhookId, signature},
    },
};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use kernel::{
    App, Error, Result, Tx,
    events::NewEvent,
    jobs::{Enqueue, Job, JobCx},
    outbound::{Answer, Call},
};
use notifications::notifications::{Notice, notify};
use serde::{Deserialize, Serialize};

/// How long finished deliveries are kept.
const KEEP: TimeDelta = TimeDelta::days(30);
const BATCH: i64 = 1_000;

/// One attempt to call a webhook. Each attempt is a job of its own, so that the pauses are the webhook's and not those
/// of jobs that fail.
#[derive(Serialize, Deserialize)]
pub struct DeliverWebhook {
    /// What is delivered.
    pub delivery: DeliveryId,
    /// Which attempt this is, from 1.
    pub attempt: i32,
}

pub(crate) async fn plan_attempt(
    tx: &mut Tx,
    delivery: DeliveryId,
    attempt: i32,
    at: Option<DateTime<Utc>>,
) -> Result<()> {
    let how = Enqueue { run_at: at, unique_key: Some(format!("{delivery}/{attempt}")) };
    tx.enqueue(&DeliverWebhook { delivery, attempt }, how).await.map(|_| ())
}

impl Job for DeliverWebhook {
    const KIND: &'static str = "DeliverWebhook";

    async fn run(self, cx: JobCx) -> Result<()> {
        let Some(due) = cx.read(async |tx| db::due(tx, self.delivery).await).await? else { return Ok(()) };
        if due.state != "waiting" || due.attempts + 1 != self.attempt {
            return Ok(());
        }
        if !due.enabled {
            return cx.write(async |tx| db::drop_waiting(tx, self.delivery).await).await;
        }
        let started = cx.app.clock.now();
        let answer = cx.app.outbound.call(call(&cx.app, &self, &due, started)?).await;
        let duration = (cx.app.clock.now() - started).num_milliseconds();
        let attempt = attempt_of(&answer, i32::try_from(duration).unwrap_or(i32::MAX));
        cx.write(async |tx| self.settle(tx, &due, &answer, &attempt).await).await
    }
}

fn attempt_of(answer: &Result<Answer>, duration_ms: i32) -> Attempt {
    match answer {
        Ok(answer) => Attempt {
            status: Some(i32::from(answer.status)),
            response_excerpt: Some(excerpt(&answer.body)),
            duration_ms,
            ..Attempt::default()
        },
        Err(error) => Attempt { error: Some(excerpt(error.to_string().as_bytes())), duration_ms, ..Attempt::default() },
    }
}

/// The signed call. The body is what was written down with the event, so a replay says exactly the same.
fn call(app: &App, job: &DeliverWebhook, due: &Due, now: DateTime<Utc>) -> Result<Call> {
    let body = serde_json::to_vec(&due.payload).map_err(Error::internal)?;
    let mut secrets = vec![];
    for sealed in [Some(&due.secret), due.previous_secret.as_ref()].into_iter().flatten() {
        let secret = app.keys.open(&seal_context(due.webhook_id), sealed)?;
        secrets.push(String::from_utf8(secret).map_err(Error::internal)?);
    }
    let signature = signature(&secrets, now.timestamp(), &body);
    Ok(Call::post_json(&due.url, body)
        .header("Upzento-Signature", signature)
        .header("Upzento-Event", &due.kind)
        .header("Upzento-Event-Id", due.event_id.to_string())
        .header("Upzento-Delivery", job.delivery.to_string())
        .header("Upzento-Attempt", job.attempt.to_string())
        .header("Upzento-Replay", due.replay.to_string())
        .header("Upzento-Ordering-Key", &due.ordering_key))
}

impl DeliverWebhook {
    async fn settle(&self, tx: &mut Tx, due: &Due, answer: &Result<Answer>, attempt: &Attempt) -> Result<()> {
        let status = answer.as_ref().map_or(0, |a| a.status);
        if (200..300).contains(&status) {
            if db::attempted(tx, self.delivery, self.attempt, attempt, "delivered", None).await? {
                webhooks::db::succeeded(tx, due.webhook_id).await?;
            }
            return Ok(());
        }
        let asked = answer.as_ref().ok().and_then(|a| a.retry_after);
        let next = pause(self.attempt, asked).filter(|_| status != 410).map(|pause| tx.now() + pause);
        let state = if next.is_some() { "waiting" } else { "failed" };
        if !db::attempted(tx, self.delivery, self.attempt, attempt, state, next).await? {
            return Ok(());
        }
        if next.is_some() {
            plan_attempt(tx, self.delivery, self.attempt + 1, next).await?;
        }
        let since = webhooks::db::failed(tx, due.webhook_id).await?;
        if status == 410 {
            disable(tx, due.webhook_id, "gone").await
        } else if since.is_some_and(|since| tx.now() - since >= PATIENCE) {
            disable(tx, due.webhook_id, "failing").await
        } else {
            Ok(())
        }
    }
}

async fn disable(tx: &mut Tx, id: WebhookId, reason: &str) -> Result<()> {
    if !webhooks::db::disable(tx, id, reason).await? {
        return Ok(());
    }
    let title = if reason == "gone" {
        "Webhook switched off: its address is gone"
    } else {
        "Webhook switched off: it failed for five days"
    };
    let event = NewEvent::new("webhook.disabled", "webhooks", id.0, title);
    let event = tx.record(event.payload(&serde_json::json!({"reason": reason}))).await?;
    let webhook = webhooks::db::get(tx, id).await?;
    let Some(maker) = webhook.created_by else { return Ok(()) };
    let params = serde_json::json!({"context": reason, "name": webhook.name, "url": webhook.url});
    let mut notice = Notice::new(&WEBHOOK_DISABLED, params, vec![maker.0]).link(format!("/webhooks/{id}"));
    notice.event_id = Some(event);
    notice.dedupe_key = Some(format!("webhook.disabled/{event}"));
    notify(tx, &notice).await.map(drop)
}

/// Deletes old finished deliveries of a tenant.
#[derive(Serialize, Deserialize)]
pub struct SweepDeliveries {}

impl Job for SweepDeliveries {
    const KIND: &'static str = "SweepDeliveries";

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx
            .write(async |tx| {
                let before = tx.now() - KEEP;
                Ok(db::delete_old(tx, before, BATCH).await? == BATCH as u64)
            })
            .await?
        {}
        Ok(())
    }
}

/// Makes sure that what is delivered today goes when it is old: one job a day and tenant.
pub(crate) async fn plan_sweep(tx: &mut Tx) -> Result<()> {
    // Retries can last three days, and the day has to be over.
    let later = tx.now() + KEEP + TimeDelta::days(5);
    let day = later.duration_trunc(TimeDelta::days(1)).unwrap_or(later);
    tx.enqueue(&SweepDeliveries {}, Enqueue { run_at: Some(day), unique_key: Some(day.to_rfc3339()) }).await?;
    Ok(())
}
