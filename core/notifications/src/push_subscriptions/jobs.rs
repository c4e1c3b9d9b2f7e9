//! Telling devices.
use super::{
    actions::Vapid,
    db::{self, Device},
    model::{KEPT, News, PATIENCE, PushSubscriptionId, pause},
};
use crate::{
    notifications::NotificationId,
    preferences::{self, model::wants},
    words::Language,
};
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result, Tx,
    jobs::{Enqueue, Job, JobCx},
    notices::Channel,
    outbound::{Answer, Call},
};
use serde::{Deserialize, Serialize};
use url::Url;

/// Finds out whose devices are to be told of new notifications.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PushNotices {
    /// The notifications.
    pub notifications: Vec<NotificationId>,
}

impl Job for PushNotices {
    const KIND: &'static str = "PushNotices";

    async fn run(self, cx: JobCx) -> Result<()> {
        let ids: Vec<_> = self.notifications.iter().map(|id| id.0).collect();
        let news = cx.read(async |tx| db::news(tx, &ids).await).await?;
        // They are of one notice, so of one kind.
        let Some(kind) = news.first().and_then(|first| cx.app.notices().find(|kind| kind.key == first.kind)) else {
            return Ok(());
        };
        let users: Vec<_> = news.iter().map(|n| n.user_id).collect();
        let (tenant, now) = (cx.tenant()?.id, cx.app.clock.now());
        let mut choices = cx.read(async |tx| preferences::db::of_users(tx, &users, kind.module).await).await?;
        let found =
            cx.control(async |tx| Ok((db::targets(tx, &users, now).await?, db::choices(tx, &users, tenant).await?)));
        let (targets, devices) = found.await?;
        choices.extend(devices);
        let wanted = |n: &News| wants(kind, &choices, n.user_id, Channel::Push);
        let pairs = news
            .iter()
            .filter(|n| wanted(n))
            .flat_map(|n| targets.iter().filter(|target| target.user_id == n.user_id).map(|target| (n.id, target.id)));
        let deliveries: Vec<_> = pairs.collect();
        if deliveries.is_empty() {
            return Ok(());
        }
        let plan_all = async |tx: &mut Tx| {
            for (notification, device) in deliveries {
                plan(tx, DeliverPush { notification, device, attempt: 1 }, None).await?;
            }
            Ok(())
        };
        cx.write(plan_all).await
    }
}

/// One attempt to tell one device. Each attempt is a job of its own, so that the pauses are the push service's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeliverPush {
    /// What it is told.
    pub notification: NotificationId,
    /// The device.
    pub device: PushSubscriptionId,
    /// Which attempt this is, from 1.
    pub attempt: i32,
}

async fn plan(tx: &mut Tx, job: DeliverPush, at: Option<DateTime<Utc>>) -> Result<()> {
    let unique_key = Some(format!("{}/{}/{}", job.notification, job.device, job.attempt));
    tx.enqueue(&job, Enqueue { run_at: at, unique_key }).await.map(drop)
}

impl Job for DeliverPush {
    const KIND: &'static str = "DeliverPush";

    async fn run(self, cx: JobCx) -> Result<()> {
        let now = cx.app.clock.now();
        // Read elsewhere, signed out there, or switched off in the meantime: then there is nothing to say.
        let Some(news) = cx.read(async |tx| db::one(tx, self.notification).await).await? else { return Ok(()) };
        let device = cx.control(async |tx| db::device(tx, self.device, now).await).await?;
        let Some(device) = device.filter(|device| device.user_id == news.user_id) else { return Ok(()) };
        let answer = cx.app.outbound.call(call(&cx, &news, &device, now).await?).await;
        self.settle(&cx, &answer).await
    }
}

impl DeliverPush {
    async fn settle(self, cx: &JobCx, answer: &Result<Answer>) -> Result<()> {
        let (id, now) = (self.device, cx.app.clock.now());
        match answer.as_ref().map_or(0, |answer| answer.status) {
            200..300 => cx.control(async |tx| db::succeeded(tx, id, now).await).await,
            // The browser was removed, or its owner took the permission back.
            404 | 410 => cx.control(async |tx| db::gone(tx, id).await).await.map(drop),
            0 | 408 | 429 | 500.. => {
                let asked = answer.as_ref().ok().and_then(|answer| answer.retry_after);
                let Some(pause) = pause(self.attempt, asked) else { return Ok(()) };
                let next = DeliverPush { attempt: self.attempt + 1, ..self };
                cx.write(async |tx| plan(tx, next, Some(now + pause)).await).await
            }
            // Refused for good, 413 among it: the next message may do better, but not for ever.
            status => {
                tracing::warn!(status, device = %id, "a push service refused a message");
                let failures = cx.control(async |tx| db::refused(tx, id).await).await?;
                if failures < PATIENCE {
                    return Ok(());
                }
                cx.control(async |tx| db::gone(tx, id).await).await.map(drop)
            }
        }
    }
}

async fn call(cx: &JobCx, news: &News, device: &Device, now: DateTime<Utc>) -> Result<Call> {
    let (app, tenant) = (&cx.app, cx.tenant()?);
    let vapid = app.provided::<Vapid>()?;
    let signer = vapid.signer(app).await?;
    let origin = Url::parse(&device.endpoint).map_err(Error::internal)?.origin().ascii_serialization();
    let authorization = signer.authorization(&origin, contact(cx).as_deref(), now)?;
    let message = news.message(Language::of(&device.locale), tenant.id, &tenant.name);
    let body = super::cipher::seal(&device.device_key, &device.device_secret, &message)?;
    let urgency = if news.critical { "high" } else { "normal" };
    let call = Call { headers: vec![], ..Call::post_json(&device.endpoint, body) };
    Ok(call
        .header("content-type", "application/octet-stream")
        .header("content-encoding", "aes128gcm")
        .header("authorization", authorization)
        .header("ttl", KEPT.num_seconds().to_string())
        .header("urgency", urgency)
        .header("topic", news.topic()))
}

/// How the people of a push service reach those of this installation.
fn contact(cx: &JobCx) -> Option<String> {
    let (configured, dashboard) = (&cx.app.config.push.contact, &cx.app.config.server.dashboard_url);
    match configured.is_empty() {
        false => Some(configured.clone()),
        true => dashboard.starts_with("https:").then(|| dashboard.clone()),
    }
}
