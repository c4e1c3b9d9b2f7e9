//! What looks wrong is kept aside and has no consequences until a member says so.
use super::{World, answers, enquiry};
use serde_json::{Value, json};

fn body(filled_ms: Value, honey: &str) -> Value {
    json!({"version": 1, "answers": answers(), "filled_ms": filled_ms, "honey": honey})
}

fn replying() -> Value {
    json!({"auto_reply_subject": "Thanks, {{name}}", "auto_reply_body": "You wrote about {{kind}}."})
}

#[tokio::test]
async fn doubtful_submissions_wait_without_consequences() {
    let world = World::start().await;
    let form = world.published(enquiry(), replying()).await;
    for (session, sent, risk, reason) in [
        (1, body(json!(9000), "x"), 0, "honeypot"),
        (2, body(json!(300), ""), 0, "too_fast"),
        (3, body(Value::Null, ""), 0, "too_fast"),
        (4, body(json!(9000), ""), 50, "risk"),
    ] {
        let kept = world.visitor(&form, session).risk(risk).send(sent).await;
        assert_eq!(kept.expect(201)["state"], "quarantined");
        let got = world.owner.get(&format!("/v1/submissions/{}", kept.text_of("submission"))).await;
        assert_eq!(got.expect(200)["reasons"], json!([reason]));
        assert_eq!(got.body["contact"], Value::Null);
    }
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from contacts").await, 0);
    assert_eq!(world.count("select count(*) from consents").await, 0);
    assert!(world.mails("ada@visitor.example").await.is_empty(), "nothing goes to an address that failed the checks");
    let told = world.owner.get("/v1/notifications").await;
    assert!(told.expect(200)["items"].as_array().unwrap().iter().all(|n| n["kind"] == "submission.quarantined"));
    let forms = world.owner.get("/v1/forms").await;
    assert_eq!(forms.expect(200)["items"][0]["quarantined"], 4);
}

#[tokio::test]
async fn a_visitor_who_sends_too_much_is_kept_aside() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let mut states = vec![];
    for n in 0..8 {
        let visitor = world.visitor(&form, 1).key(&format!("k{n}"));
        states.push(visitor.submit(1, answers()).await.text_of("state"));
    }
    assert_eq!(states[..6], ["received"; 6].map(str::to_owned));
    assert_eq!(states[6..], ["quarantined"; 2].map(str::to_owned));
    world.app.settle().await;
}

#[tokio::test]
async fn released_it_is_like_any_other_once() {
    let world = World::start().await;
    let form = world.published(enquiry(), replying()).await;
    let kept = world.visitor(&form, 1).risk(80).send(body(json!(9000), "")).await;
    let path = format!("/v1/submissions/{}", kept.text_of("submission"));
    world.app.settle().await;
    let released = world.owner.post(&format!("{path}/release"), json!({})).await;
    assert_eq!(released.expect(200)["state"], "received");
    let contact = released.text_of("contact");
    let consents = world.owner.get(&format!("/v1/contacts/{contact}/consents")).await;
    assert_eq!(consents.expect(200)["items"][0]["evidence"]["page"], "https://client.example/contact");
    assert_eq!(world.mails("ada@visitor.example").await, ["Thanks, Ada Lovelace"]);
    world.owner.post(&format!("{path}/release"), json!({})).await.problem(409, "already_received");
    // To spam and back: what happened once does not happen again.
    world.owner.post(&format!("{path}/spam"), json!({})).await.expect(200);
    world.owner.post(&format!("{path}/spam"), json!({})).await.problem(409, "already_spam");
    world.owner.post(&format!("{path}/release"), json!({})).await.expect(200);
    assert_eq!(world.mails("ada@visitor.example").await.len(), 1);
    assert_eq!(world.count("select count(*) from events where kind = 'form.submitted'").await, 1);
    assert_eq!(world.count("select count(*) from consents").await, 1);
    // The visitor's own repetition still gets the first answer.
    let again = world.visitor(&form, 1).risk(80).send(body(json!(9000), "")).await;
    assert_eq!(again.expect(201), &kept.body);
}

#[tokio::test]
async fn whoever_asked_for_no_mail_gets_none() {
    let world = World::start().await;
    let form = world.published(enquiry(), replying()).await;
    world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    assert_eq!(world.mails("ada@visitor.example").await.len(), 1);
    let contacts = world.owner.get("/v1/contacts").await;
    let id = contacts.expect(200)["items"][0]["id"].as_str().unwrap();
    world.owner.put(&format!("/v1/contacts/{id}/do-not-contact/email"), json!({})).await.expect(204);
    world.visitor(&form, 2).submit(1, answers()).await.expect(201);
    assert_eq!(world.mails("ada@visitor.example").await.len(), 1);
}

#[tokio::test]
async fn the_seventh_in_a_minute_is_kept_aside_and_trying_again_is_not_sending_more() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let visitor = world.visitor(&form, 1);
    let submit = async |key: &str, answers| visitor.clone().key(key).submit(1, answers).await;
    for n in 1..=6 {
        for _ in 0..3 {
            assert_eq!(submit(&format!("key-{n}"), answers()).await.expect(201)["state"], "received", "{n}");
        }
        submit("refused", json!({})).await.expect(422);
    }
    assert_eq!(submit("key-7", answers()).await.expect(201)["state"], "quarantined");
    assert_eq!(submit("key-7", answers()).await.expect(201)["state"], "quarantined", "the first answer again");
    world.app.settle().await;
}
