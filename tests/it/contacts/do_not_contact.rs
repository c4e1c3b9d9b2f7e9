//! Do-not-contact.
use super::id_of;
use crate::forms::{World, answers, enquiry};
use crate::occasions::{birthday, greeting, owner, person};
use chrono::TimeDelta;
use contacts::do_not_contact::{BlockedChannel, refusal};
use serde_json::json;

#[tokio::test]
async fn a_block_stops_every_sender_until_it_is_taken_away() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let path = format!("/v1/contacts/{id}/do-not-contact");
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let contact = id.parse().expect("an id");
    let blocked = async |channel| {
        let asked =
            world.app.app.read(&tenant, world.app.app.system("test"), async |tx| refusal(tx, contact, channel).await);
        asked.await.err().map(|e| e.code().to_owned())
    };
    assert_eq!(blocked(BlockedChannel::Email).await, None);
    world.owner.put(&format!("{path}/email"), json!({"reason": "asked on the phone"})).await.expect(204);
    world.owner.put(&format!("{path}/email"), json!({"direction": "inbound"})).await.expect(204);
    assert_eq!(blocked(BlockedChannel::Email).await.as_deref(), Some("do_not_contact"));
    assert_eq!(blocked(BlockedChannel::Sms).await, None);
    let listed = world.owner.get(&path).await;
    assert_eq!(listed.expect(200)["items"][1]["reason"], "asked on the phone");
    world.owner.delete(&format!("{path}/email")).await.expect(204);
    assert_eq!(blocked(BlockedChannel::Email).await, None, "what comes in is another matter");
    world.owner.delete(&format!("{path}/email")).await.problem(404, "not_found");
    world.owner.delete(&format!("{path}/email?direction=inbound")).await.expect(204);
    world.owner.put(&format!("{path}/all"), json!({})).await.expect(204);
    for channel in [BlockedChannel::Email, BlockedChannel::Sms, BlockedChannel::Phone, BlockedChannel::Whatsapp] {
        assert_eq!(blocked(channel).await.as_deref(), Some("do_not_contact"));
    }
    world.owner.put(&format!("{path}/smoke"), json!({})).await.expect(400);
    world.owner.put(&format!("{path}/sms"), json!({"reason": "x".repeat(501)})).await.expect(422);
    let events = world.events().await;
    assert_eq!(events.iter().filter(|k| *k == "contact.blocked").count(), 3);
    assert_eq!(events.iter().filter(|k| *k == "contact.unblocked").count(), 2);
    world.app.settle().await;
}

/// Every way on which a mail can come to a contact: the answer of a form, a greeting that goes out by itself, and one that was approved
/// before he was blocked.
#[tokio::test]
async fn whoever_is_not_to_be_mailed_gets_none_on_any_way() {
    let world = World::start().await;
    let reply = json!({"auto_reply_subject": "We got it", "auto_reply_body": "Thank you."});
    let form = world.published(enquiry(), reply).await;
    greeting(&world, json!({})).await;
    let approved = json!({"name": "Jubilees", "kinds": ["anniversary"], "approval": "each", "subject": "A jubilee"});
    greeting(&world, approved).await;
    let mut ids = vec![];
    for name in ["Free", "Blocked", "Silent"] {
        let id = person(&world, name, json!({})).await;
        birthday(&world, &id, 11, 21, None).await;
        let jubilee = json!({"contact": id, "kind": "anniversary", "date_kind": "yearly", "month": 11, "day": 22});
        world.owner.post("/v1/occasions", jubilee).await.expect(201);
        ids.push(id);
    }
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    let waiting =
        owner(&world).await.get("/v1/greeting-batches?filter=state:eq:waiting").await.expect(200)["items"].clone();
    assert_eq!(waiting.as_array().map(Vec::len), Some(1));
    let path = format!("/v1/greeting-batches/{}/approval", waiting[0]["id"].as_str().expect("an id"));
    owner(&world).await.post(&path, json!({})).await.expect(200);
    for (id, channel) in [(&ids[1], "email"), (&ids[2], "all")] {
        let path = format!("/v1/contacts/{id}/do-not-contact/{channel}");
        owner(&world).await.put(&path, json!({})).await.expect(204);
    }
    for (session, name) in [(1, "free"), (2, "blocked"), (3, "silent")] {
        let mut said = answers();
        said["email"] = json!(format!("{name}@people.example"));
        world.visitor(&form, session).submit(1, said).await.expect(201);
        world.app.settle().await;
    }
    for hours in [22, 24, 24] {
        world.app.advance(TimeDelta::hours(hours));
        world.app.settle().await;
    }
    let all = ["We got it", "Happy birthday, Free", "A jubilee"];
    assert_eq!(world.mails("free@people.example").await, all, "every way leads to somebody");
    for name in ["blocked", "silent"] {
        assert!(world.mails(&format!("{name}@people.example")).await.is_empty(), "{name}");
    }
    let queued = "select count(*) from ops.mails where recipient like '%@people.example'";
    assert_eq!(world.count(queued).await, all.len() as i64, "and none waits");
}
