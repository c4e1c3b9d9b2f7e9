//! Devices that are told although nobody looks.
use super::{push_service::PushService, write};
use crate::tenants::{Person, World};
use ::forms::SUBMISSION_RECEIVED;
use ::messaging::WEBHOOK_DISABLED;
use ::notifications::notifications::{Notice, notify};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// An account whose owner has devices.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) service: PushService,
    pub(super) owner: Person,
}

impl Scene {
    pub(super) async fn set() -> Self {
        let world = World::start().await;
        world.app.expect_outbound_calls();
        let owner = world.agency("Northlight").await;
        Scene { service: PushService::start().await, owner, world }
    }

    /// The owner's device.
    pub(super) async fn subscribe(&self, name: &str) -> Value {
        let added = self.owner.client.post("/v1/push-subscriptions", self.service.device(name)).await;
        added.expect(201).clone()
    }

    async fn devices(&self) -> Vec<Value> {
        let listed = self.owner.client.get("/v1/push-subscriptions").await;
        listed.expect(200).as_array().expect("a list").clone()
    }

    pub(super) async fn tell(&self, key: &str, always: bool) {
        let (kind, params) = match always {
            true => (&WEBHOOK_DISABLED, json!({"context": "gone", "name": "Till", "url": "https://till.example"})),
            false => (&SUBMISSION_RECEIVED, json!({"form": "Contact"})),
        };
        let mut notice = Notice::new(kind, params, vec![self.owner.id.0]).link("/submissions/1");
        notice.dedupe_key = Some(key.into());
        write(&self.world, self.owner.tenant, async |tx| notify(tx, &notice).await).await.expect("told");
        self.settle().await;
    }

    pub(super) async fn settle(&self) {
        self.service.at(self.world.app.clock.now().timestamp());
        self.world.app.settle().await;
    }

    pub(super) async fn later(&self, seconds: i64) {
        self.world.app.advance(TimeDelta::seconds(seconds));
        self.settle().await;
    }
}

#[tokio::test]
async fn a_device_is_told_what_the_bell_says_and_nothing_more() {
    let scene = Scene::set().await;
    let device = scene.subscribe("one").await;
    assert_eq!((&device["current"], &device["last_success_at"]), (&json!(true), &Value::Null));
    scene.tell("a", false).await;
    let [message] = <[_; 1]>::try_from(scene.service.taken()).expect("one message");
    let told = scene.owner.client.get("/v1/notifications").await.expect(200)["items"][0].clone();
    assert_eq!(
        message.text,
        json!({
            "id": told["id"], "title": "New submission: Contact", "body": "Northlight Studio", "link": "/submissions/1",
            "tenant": scene.owner.tenant.to_string(), "critical": false,
        })
    );
    assert_eq!((message.urgency.as_str(), message.ttl, message.path.as_str()), ("normal", 86_400, "/one"));
    let key = scene.owner.client.get("/v1/push-subscriptions/key").await;
    assert_eq!(key.expect(200)["public_key"], message.key.as_str(), "the browser expects this sender");
    assert_eq!(message.claims["sub"], Value::Null, "no address that a push service could not reach");
    assert!(scene.devices().await[0]["last_success_at"].is_string());
    // The same under the same key tells nobody twice; another program with the same database has the same key pair.
    scene.tell("a", false).await;
    assert!(scene.service.taken().is_empty());
    scene.tell("b", true).await;
    assert_eq!(scene.service.taken()[0].urgency, "high");
}

#[tokio::test]
async fn a_device_that_is_gone_is_forgotten() {
    let scene = Scene::set().await;
    for status in [404, 410] {
        scene.subscribe("one").await;
        let two = scene.subscribe("two").await;
        assert_eq!(scene.devices().await.len(), 2);
        scene.service.answer(status, None);
        scene.service.answer(status, None);
        scene.tell(&format!("{status}"), false).await;
        assert_eq!(scene.service.taken().len(), 2);
        assert!(scene.devices().await.is_empty(), "{status}");
        let gone = scene.owner.client.delete(&format!("/v1/push-subscriptions/{}", two["id"].as_str().unwrap())).await;
        gone.problem(404, "not_found");
    }
    scene.later(90_000).await;
    assert!(scene.service.taken().is_empty(), "nothing is tried again");
}

#[tokio::test]
async fn a_busy_push_service_is_asked_again_when_it_says() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    scene.service.answer(429, Some(90));
    scene.service.answer(503, None);
    scene.tell("a", false).await;
    let first = scene.service.taken();
    scene.later(60).await;
    assert!(scene.service.taken().is_empty(), "it asked for 90 seconds");
    scene.later(31).await;
    assert_eq!(scene.service.taken()[0].topic, first[0].topic, "the same message");
    scene.later(61).await;
    assert_eq!(scene.service.taken().len(), 1);
    assert_eq!(scene.devices().await.len(), 1);
    scene.later(90_000).await;
    assert!(scene.service.taken().is_empty(), "it came through");
}

#[tokio::test]
async fn what_was_read_elsewhere_is_not_told_late() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    scene.service.answer(500, None);
    scene.tell("a", false).await;
    assert_eq!(scene.service.taken().len(), 1);
    scene.owner.client.post("/v1/notifications/read-all", json!({})).await.expect(200);
    scene.later(90).await;
    assert!(scene.service.taken().is_empty());
}

#[tokio::test]
async fn a_message_that_is_refused_is_not_sent_again_and_the_device_is_given_up_in_the_end() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    for n in 0..10 {
        assert_eq!(scene.devices().await.len(), 1, "{n}");
        scene.service.answer(413, None);
        scene.tell(&format!("{n}"), false).await;
        assert_eq!(scene.service.taken().len(), 1, "{n}");
    }
    assert!(scene.devices().await.is_empty());
}

#[tokio::test]
async fn everybody_chooses_what_reaches_his_devices() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    let off = json!({"items": [
        {"kind": "submission.received", "channel": "push", "enabled": false},
        {"kind": "task.reminder", "channel": "email", "enabled": false},
    ]});
    let all = scene.owner.client.put("/v1/preferences", off).await.expect(200).clone();
    let named = |p: &&Value| p["kind"] == "submission.received" || p["kind"] == "task.reminder";
    let off: Vec<_> = all.as_array().unwrap().iter().filter(named).filter(|p| p["enabled"] == false).collect();
    assert_eq!(off.len(), 2);
    assert_eq!(scene.owner.client.get("/v1/preferences").await.expect(200), &all);
    scene.tell("a", false).await;
    assert!(scene.service.taken().is_empty());
    scene.tell("b", true).await;
    assert_eq!(scene.service.taken().len(), 1, "some news are told whatever he chose");
    let on = json!({"items": [{"kind": "submission.received", "channel": "push", "enabled": true}]});
    scene.owner.client.put("/v1/preferences", on).await.expect(200);
    scene.tell("c", false).await;
    assert_eq!(scene.service.taken().len(), 1);
    let unknown = json!({"items": [{"kind": "tide.turned", "channel": "push", "enabled": true}]});
    assert_eq!(scene.owner.client.put("/v1/preferences", unknown).await.status, 422);
}

#[tokio::test]
async fn a_device_is_told_in_the_language_of_its_owner_and_without_the_app_where_he_wants_it_so() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    scene.owner.client.patch("/v1/me", json!({"locale": "ar"})).await.expect(200);
    let off = json!({"items": [{"kind": "submission.received", "channel": "in_app", "enabled": false}]});
    scene.owner.client.put("/v1/preferences", off).await.expect(200);
    scene.tell("a", false).await;
    let [message] = <[_; 1]>::try_from(scene.service.taken()).expect("one message");
    assert_eq!(message.text["title"], "رد جديد: Contact");
    assert_eq!(scene.owner.client.get("/v1/notifications/unread").await.expect(200)["count"], 0);
    assert_eq!(scene.owner.client.get("/v1/notifications").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn nobody_is_told_where_he_is_signed_out() {
    let scene = Scene::set().await;
    let first = scene.subscribe("one").await;
    let sam = scene.world.member(scene.owner.tenant, "agency_staff", "Sam").await;
    assert_eq!(sam.client.get("/v1/push-subscriptions").await.expect(200), &json!([]));
    let path = format!("/v1/push-subscriptions/{}", first["id"].as_str().unwrap());
    sam.client.delete(&path).await.problem(404, "not_found");
    // Sam uses the same browser after her: it is his device now, and she is told nothing there.
    let body = scene.service.device("one");
    sam.client.post("/v1/push-subscriptions", body).await.expect(201);
    assert!(scene.devices().await.is_empty());
    scene.tell("a", false).await;
    assert!(scene.service.taken().is_empty());
    scene.subscribe("two").await;
    scene.owner.client.delete("/v1/sessions/current").await.expect(204);
    scene.tell("b", true).await;
    assert!(scene.service.taken().is_empty());
    let listed = sam.client.get("/v1/push-subscriptions").await.expect(200)[0]["id"].clone();
    sam.client.delete(&format!("/v1/push-subscriptions/{}", listed.as_str().unwrap())).await.expect(204);
    assert_eq!(sam.client.get("/v1/push-subscriptions").await.expect(200), &json!([]));
}

#[tokio::test]
async fn a_subscription_that_leads_nowhere_is_refused() {
    let scene = Scene::set().await;
    let good = scene.service.device("one");
    for endpoint in
        ["", "x", "ftp://push.example/1", "http://push.example/1", "https://10.0.0.1/1", "https://u:p@push.example/1"]
    {
        let mut body = good.clone();
        body["endpoint"] = endpoint.into();
        let refused = scene.owner.client.post("/v1/push-subscriptions", body).await;
        refused.problem(422, "invalid");
    }
    for (part, value) in [("p256dh", "AAAA"), ("p256dh", ""), ("auth", "AAAA"), ("auth", "!")] {
        let mut body = good.clone();
        body["keys"][part] = value.into();
        let refused = scene.owner.client.post("/v1/push-subscriptions", body).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], format!("/keys/{part}"));
    }
    assert!(scene.devices().await.is_empty());
    for n in 0..25 {
        scene.subscribe(&format!("{n}")).await;
    }
    assert_eq!(scene.devices().await.len(), 20, "the oldest made room");
}
