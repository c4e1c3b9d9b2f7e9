//! What is sent, how often, and what is remembered of it.
use super::{Hooked, header, verifies};
use crate::forms::{answers, enquiry};
use chrono::TimeDelta;
use serde_json::{Value, json};
use wiremock::{Mock, ResponseTemplate, matchers::any};

#[tokio::test]
async fn an_event_arrives_signed_numbered_and_once() {
    let hooked = Hooked::start(json!(["contact.created"])).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&hooked.receiver).await;
    let contact = hooked.contact("Ada").await;
    hooked.world.app.settle().await;
    let calls = hooked.calls().await;
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert!(verifies(call, &hooked.secret) && !verifies(call, "whsec_other"));
    assert_eq!((header(call, "upzento-event"), header(call, "upzento-attempt")), ("contact.created", "1"));
    assert_eq!(call.url.query(), Some("k=v"));
    let body: Value = serde_json::from_slice(&call.body).unwrap();
    assert_eq!((&body["kind"], &body["subject_id"]), (&json!("contact.created"), &json!(contact)));
    assert_eq!(body["ordering_key"], json!(contact));
    assert_eq!(header(call, "upzento-event-id"), body["id"].as_str().unwrap());
    assert!(body["seq"].as_i64().unwrap() > 0);
    let log = hooked.deliveries().await;
    assert_eq!(
        (&log[0]["state"], &log[0]["status"], &log[0]["attempts"]),
        (&json!("delivered"), &json!(204), &json!(1))
    );
    assert_eq!(log[0]["id"], header(call, "upzento-delivery"));
}

#[tokio::test]
async fn a_receiver_that_fails_is_asked_again_with_the_same_body() {
    let hooked = Hooked::start(json!(["contact.created"])).await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(500).set_body_string("no\u{0} luck"))
        .up_to_n_times(2)
        .mount(&hooked.receiver)
        .await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).with_priority(9).mount(&hooked.receiver).await;
    hooked.contact("Ada").await;
    let log = hooked.deliveries().await;
    let failed = log.iter().find(|d| d["kind"] == "contact.created").unwrap();
    assert_eq!(
        (&failed["state"], &failed["status"], &failed["response_excerpt"]),
        (&json!("waiting"), &json!(500), &json!("no luck"))
    );
    assert_eq!(failed["next_at"], "2026-11-20T12:00:10+00:00");
    hooked.world.app.advance(TimeDelta::seconds(9));
    hooked.world.app.settle().await;
    assert_eq!(hooked.calls().await.len(), 1, "not before its time");
    hooked.world.app.advance(TimeDelta::seconds(1));
    hooked.world.app.settle().await;
    hooked.world.app.advance(TimeDelta::seconds(30));
    hooked.world.app.settle().await;
    let calls = hooked.calls().await;
    assert_eq!(calls.iter().map(|c| header(c, "upzento-attempt")).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert!(calls.iter().all(|c| c.body == calls[0].body && verifies(c, &hooked.secret)));
    assert_eq!(header(&calls[0], "upzento-delivery"), header(&calls[2], "upzento-delivery"));
    let log = hooked.deliveries().await;
    let done = log.iter().find(|d| d["kind"] == "contact.created").unwrap();
    assert_eq!((&done["state"], &done["attempts"]), (&json!("delivered"), &json!(3)));
    let webhook = hooked.world.owner.get(&format!("/v1/webhooks/{}", hooked.id)).await;
    assert_eq!(webhook.expect(200)["failing_since"], Value::Null);
}

#[tokio::test]
async fn a_delivery_can_be_repeated() {
    let hooked = Hooked::start(json!(["contact.created"])).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&hooked.receiver).await;
    hooked.contact("Ada").await;
    let log = hooked.deliveries().await;
    let path = format!("/v1/deliveries/{}", log[0]["id"].as_str().unwrap());
    let again = hooked.world.owner.post(&format!("{path}/replay"), json!({})).await;
    assert_eq!((&again.expect(201)["replay"], &again.body["state"]), (&json!(1), &json!("waiting")));
    hooked.world.app.settle().await;
    let calls = hooked.calls().await;
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].body, calls[1].body);
    assert_eq!(header(&calls[1], "upzento-replay"), "1");
    assert_ne!(header(&calls[0], "upzento-delivery"), header(&calls[1], "upzento-delivery"));
    let body = hooked.world.owner.get(&format!("{path}/body")).await;
    assert_eq!(body.expect(200)["payload"], serde_json::from_slice::<Value>(&calls[0].body).unwrap());
    let stranger = hooked.world.stranger().await;
    for path in [path.clone(), format!("{path}/body")] {
        stranger.get(&path).await.problem(404, "not_found");
    }
    stranger.post(&format!("{path}/replay"), json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_webhook_that_fails_for_days_is_switched_off_and_somebody_told() {
    let hooked = Hooked::start(json!(["contact.created"])).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount(&hooked.receiver).await;
    hooked.contact("Ada").await;
    for _ in 0..12 {
        hooked.world.app.advance(TimeDelta::days(1));
        hooked.world.app.settle().await;
        let owner = crate::forms::sign_in(&hooked.world.app, "northlight@example.com").await.0;
        let webhook = owner.get(&format!("/v1/webhooks/{}", hooked.id)).await;
        if webhook.expect(200)["enabled"] == false {
            assert_eq!(webhook.body["disabled_reason"], "failing");
            break;
        }
    }
    let events = hooked.world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "webhook.disabled").count(), 1);
    let mails = hooked.world.mails("northlight@example.com").await;
    assert!(mails.iter().any(|subject| subject.contains("Webhook switched off")), "{mails:?}");
    let states = hooked.world.tenant_query("select state from deliveries").await;
    assert!(states.iter().all(|row| row.get::<_, &str>(0) != "delivered"));
}

#[tokio::test]
async fn gone_means_gone_and_no_answer_is_a_failure() {
    let hooked = Hooked::start(json!(["contact.created"])).await;
    let path = format!("/v1/webhooks/{}", hooked.id);
    // Nobody listens there.
    hooked.world.owner.patch(&path, json!({"url": "http://127.0.0.1:1/"})).await.expect(200);
    hooked.contact("Ada").await;
    let log = hooked.deliveries().await;
    assert_eq!((&log[0]["state"], &log[0]["status"]), (&json!("waiting"), &Value::Null));
    assert!(!log[0]["error"].as_str().unwrap().is_empty());
    hooked.world.owner.patch(&path, json!({"url": hooked.receiver.uri()})).await.expect(200);
    Mock::given(any()).respond_with(ResponseTemplate::new(410)).mount(&hooked.receiver).await;
    hooked.world.app.advance(TimeDelta::seconds(10));
    hooked.world.app.settle().await;
    let webhook = hooked.world.owner.get(&path).await;
    assert_eq!((&webhook.expect(200)["enabled"], &webhook.body["disabled_reason"]), (&json!(false), &json!("gone")));
    let log = hooked.deliveries().await;
    assert_eq!((&log[0]["state"], &log[0]["attempts"]), (&json!("failed"), &json!(2)));
}

#[tokio::test]
async fn a_form_tells_its_own_webhook_with_the_answers() {
    let hooked = Hooked::start(json!([])).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&hooked.receiver).await;
    let form = hooked.world.published(enquiry(), json!({"webhook": hooked.id})).await;
    let quiet = hooked.world.published(enquiry(), json!({})).await;
    hooked.world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    hooked.world.visitor(&quiet, 2).submit(1, answers()).await.expect(201);
    hooked.world.visitor(&form, 3).risk(90).submit(1, answers()).await.expect(201);
    hooked.world.app.settle().await;
    let calls = hooked.calls().await;
    assert_eq!(calls.len(), 1, "neither another form nor what is kept aside");
    let body: Value = serde_json::from_slice(&calls[0].body).unwrap();
    assert_eq!(body["kind"], "form.submitted");
    assert_eq!(body["data"]["answers"], answers());
    assert_eq!(body["data"]["form"]["name"], "Enquiry");
    assert_eq!(body["data"]["context"]["origin"], "https://client.example");
    assert_eq!(body["contact"], body["data"]["contact"]);
    assert_eq!(body["ordering_key"], body["contact"]);
}

#[tokio::test]
async fn the_log_is_a_file_of_what_the_filters_show() {
    let hooked = Hooked::start(json!(["contact.created"])).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&hooked.receiver).await;
    for name in ["Ada", "Bo"] {
        hooked.contact(name).await;
    }
    let owner = &hooked.world.owner;
    let file = owner.get(&format!("/v1/deliveries/export?filter=webhook:eq:{}", hooked.id)).await;
    file.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"deliveries.csv\"");
    let lines: Vec<&str> = file.text.lines().collect();
    assert!(lines[0].starts_with("id,webhook,event,replay,kind,") && !lines[0].contains("response"), "{}", lines[0]);
    assert_eq!(lines.len(), 3, "{}", file.text);
    assert!(lines[1].starts_with("dlv_") && lines[1].contains(",contact.created,") && lines[1].contains(",204,"));
    let none = owner.get("/v1/deliveries/export?filter=state:eq:failed").await;
    assert_eq!(none.text.lines().count(), 1);
    owner.get("/v1/deliveries/export?filter=nonsense:eq:1").await.expect(422);
    assert!(hooked.world.events().await.iter().filter(|kind| *kind == "delivery.exported").count() == 2);
    hooked.world.app.settle().await;
}
