//! What people want to be told.
use super::write;
use crate::tenants::{World, refused};
use ::forms::SUBMISSION_RECEIVED;
use ::messaging::WEBHOOK_DISABLED;
use ::notifications::notifications::{Notice, notify};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn choose(kind: &str, channel: &str, enabled: bool) -> Value {
    json!({"items": [{"kind": kind, "channel": channel, "enabled": enabled}]})
}

/// What is off, of one module or of all.
fn off(all: &Value, module: &str) -> Vec<String> {
    let off = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["enabled"] == false && (module.is_empty() || p["module"] == module));
    off.map(|p| format!("{}/{}", p["kind"].as_str().unwrap(), p["channel"].as_str().unwrap())).collect()
}

#[test]
fn every_kind_is_declared_once_and_has_words() {
    let modules = server::modules::all();
    let kinds: Vec<_> =
        modules.iter().flat_map(|module| module.notices.iter().map(move |kind| (module, kind))).collect();
    assert!(kinds.iter().all(|(module, kind)| module.name == kind.module), "each module declares its own");
    let declared: BTreeSet<_> = kinds.iter().map(|(_, kind)| kind.key.to_owned()).collect();
    assert_eq!(declared.len(), kinds.len(), "no two modules tell the same");
    // What has words and is declared by no module is told by nobody: a module forgot its list.
    let words: Value = serde_json::from_str(include_str!("../../../core/notifications/words/notices/en.json")).unwrap();
    let groups = words.as_object().unwrap().iter().filter(|(group, _)| *group != "part");
    let said: BTreeSet<_> = groups
        .flat_map(|(group, kinds)| kinds.as_object().unwrap().keys().map(move |kind| format!("{group}.{kind}")))
        .collect();
    assert_eq!(declared, said);
}

#[tokio::test]
async fn everybody_is_told_as_he_prefers_and_some_news_anyway() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let all = owner.client.get("/v1/preferences").await;
    let items = all.expect(200).as_array().unwrap();
    assert!(items.len() >= 30, "{items:?}");
    assert_eq!(
        off(&all.body, ""),
        ["file.infected/email", "file.scan_failed/email"],
        "what comes without an e-mail at first"
    );
    let of_webhooks: Vec<_> = items.iter().filter(|p| p["kind"] == "webhook.disabled").collect();
    assert!(of_webhooks.len() == 3 && of_webhooks.iter().all(|p| p["always"] == true && p["module"] == "messaging"));
    let tell = async |key: &str, always: bool| {
        let (kind, params) = match always {
            true => (&WEBHOOK_DISABLED, json!({"context": "gone", "name": "Till", "url": "https://till.example"})),
            false => (&SUBMISSION_RECEIVED, json!({"form": "Contact"})),
        };
        let notice = Notice { dedupe_key: Some(key.into()), ..Notice::new(kind, params, vec![owner.id.0]) };
        write(&world, owner.tenant, async |tx| notify(tx, &notice).await).await.unwrap();
        world.app.settle().await;
        let unread = owner.client.get("/v1/notifications/unread").await.expect(200)["count"].as_u64().unwrap();
        (unread, world.mailbox.taken().len())
    };
    assert_eq!(tell("a", false).await, (1, 1));
    let after = owner.client.put("/v1/preferences", choose("submission.received", "email", false)).await;
    assert_eq!(off(after.expect(200), "forms"), ["submission.received/email"]);
    assert_eq!(tell("b", false).await, (2, 1));
    owner.client.put("/v1/preferences", choose("submission.received", "in_app", false)).await.expect(200);
    assert_eq!(tell("c", false).await, (2, 1));
    assert_eq!(tell("d", true).await, (3, 2));
    owner.client.put("/v1/preferences", choose("submission.received", "email", true)).await.expect(200);
    assert_eq!(tell("e", false).await, (3, 3), "by e-mail only");
    assert!(world.log(owner.tenant).await.contains(&"preferences.updated".to_owned()));
}

#[tokio::test]
async fn a_choice_from_before_there_were_kinds_goes_on() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let old = ::kernel::sql!(
        "insert into notification_preferences (user_id, module, channel, enabled, updated_at) values ($1, 'forms', 'email', false, now())"
    );
    write(&world, owner.tenant, async |tx| tx.exec(old, &[&owner.id.0]).await).await.unwrap();
    let all = owner.client.get("/v1/preferences").await;
    assert_eq!(off(all.expect(200), "forms"), ["submission.received/email", "submission.quarantined/email"]);
    let one = owner.client.put("/v1/preferences", choose("submission.received", "email", true)).await;
    assert_eq!(off(one.expect(200), "forms"), ["submission.quarantined/email"]);
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_its_reader() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    owner.client.patch("/v1/me", json!({"locale": "ar-SA"})).await.expect(200);
    let notice = Notice::new(&SUBMISSION_RECEIVED, json!({"form": "Contact"}), vec![owner.id.0]).link("/submissions/1");
    write(&world, owner.tenant, async |tx| notify(tx, &notice).await).await.unwrap();
    world.app.settle().await;
    let taken = world.mailbox.taken();
    let message = mail_parser::MessageParser::default().parse(&taken[0].raw).expect("a message");
    assert_eq!(message.subject(), Some("رد جديد: Contact"));
    assert!(message.body_html(0).unwrap().contains(r#"<html lang="ar" dir="rtl">"#));
    let told = owner.client.get("/v1/notifications").await.expect(200)["items"][0].clone();
    assert_eq!(told["title"], "New submission: Contact", "the console has words of its own");
}

#[tokio::test]
async fn preferences_belong_to_a_person_and_a_tenant() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    owner.client.put("/v1/preferences", choose("submission.received", "email", false)).await.expect(200);
    let there = owner.acting_in(client).get("/v1/preferences").await;
    assert!(off(there.expect(200), "forms").is_empty());
    for (kind, code) in [("shoe.lost", "kind_unknown"), ("webhook.disabled", "kind_always")] {
        let answer = owner.client.put("/v1/preferences", choose(kind, "email", false)).await;
        assert_eq!(refused(&answer), [("/items/0/kind".into(), code.into())]);
    }
    owner.client.put("/v1/preferences", choose("submission.received", "pigeon", false)).await.expect(400);
}
