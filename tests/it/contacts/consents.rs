//! The consent ledger.
use super::id_of;
use crate::forms::World;
use serde_json::{Value, json};

#[tokio::test]
async fn the_ledger_grows_and_is_read_newest_first() {
    let world = World::start().await;
    let path = format!("/v1/contacts/{}/consents", id_of(&world.owner, json!({"first_name": "Ann"})).await);
    let granted = json!({"purpose": "newsletter", "channel": "email", "state": "granted", "text": "Send me news", "text_version": "3",
        "evidence": {"note": "by phone", "origin": "https://client.example", "page": "https://client.example/news"}});
    let first = world.owner.post(&path, granted.clone()).await;
    let line = first.expect(201);
    assert_eq!(
        (&line["state"], &line["text"], &line["evidence"]["note"]),
        (&json!("granted"), &json!("Send me news"), &json!("by phone"))
    );
    assert_eq!(line["text_hash"], kernel::crypto::hex(&kernel::crypto::sha256(b"Send me news")));
    world.app.advance(chrono::TimeDelta::seconds(1));
    world
        .owner
        .post(&path, json!({"purpose": "newsletter", "channel": "email", "state": "withdrawn"}))
        .await
        .expect(201);
    let ledger = world.owner.get(&path).await;
    let states: Vec<&Value> =
        ledger.expect(200)["items"].as_array().expect("items").iter().map(|l| &l["state"]).collect();
    assert_eq!(states, ["withdrawn", "granted"]);
    let filtered = world.owner.get(&format!("{path}?filter=state:eq:granted")).await;
    assert_eq!(filtered.expect(200)["items"].as_array().map(Vec::len), Some(1));
    for wrong in [
        json!({"purpose": "News letter", "state": "granted"}),
        json!({"purpose": "n", "state": "granted", "text": "x".repeat(5001)}),
    ] {
        world.owner.post(&path, wrong).await.expect(422);
    }
    world.owner.post(&path, json!({"purpose": "n", "state": "maybe"})).await.expect(400);
    let events = world.events().await;
    for kind in ["contact.consent_granted", "contact.consent_withdrawn"] {
        assert_eq!(events.iter().filter(|k| *k == kind).count(), 1, "{kind}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn nobody_rewrites_the_ledger() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    world
        .owner
        .post(&format!("/v1/contacts/{id}/consents"), json!({"purpose": "n", "state": "granted", "text": "t"}))
        .await
        .expect(201);
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let client = world.app.db.superuser().await;
    client
        .batch_execute(&format!("set search_path = {0}, shared; set role {0}", tenant.role.as_str()))
        .await
        .expect("bound");
    for statement in [
        "update consents set state = 'withdrawn'",
        "delete from consents",
        "truncate consents",
        "update consent_texts set text = 'x'",
        "delete from consent_texts",
        "update events set title = 'x'",
        "delete from event_log",
    ] {
        let refused = client.batch_execute(statement).await.expect_err(statement);
        assert_eq!(refused.code().map(|c| c.code()), Some("42501"), "{statement}");
    }
    world.app.settle().await;
}
