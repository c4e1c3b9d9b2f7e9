//! The timeline.
use crate::{contacts::id_of, forms::World};
use serde_json::{Value, json};

#[tokio::test]
async fn the_timeline_tells_everything_newest_first_page_by_page() {
    let world = World::start().await;
    let ann = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let ben = id_of(&world.owner, json!({"first_name": "Ben"})).await;
    let path = format!("/v1/contacts/{ann}");
    let later = || world.app.advance(chrono::TimeDelta::seconds(1));
    later();
    world.owner.patch(&path, json!({"stage": "won"})).await.expect(200);
    later();
    let note = world.owner.post(&format!("{path}/notes"), json!({"body": "Likes tea.", "pinned": true})).await;
    note.expect(201);
    later();
    let call = json!({"kind": "call", "direction": "inbound", "title": "Wants a roof"});
    world.owner.post(&format!("{path}/activities"), call).await.expect(201);
    later();
    world.owner.post(&format!("{path}/consents"), json!({"purpose": "news", "state": "granted"})).await.expect(201);
    world.owner.post(&format!("/v1/contacts/{ben}/notes"), json!({"body": "About Ben"})).await.expect(201);
    world.app.settle().await;

    let whole = world.owner.get(&format!("{path}/timeline")).await;
    let items = whole.expect(200)["items"].as_array().expect("items").clone();
    let kinds: Vec<&str> = items.iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(
        kinds,
        ["contact.consent_granted", "activity.logged", "note.created", "contact.stage_changed", "contact.created"]
    );
    assert_eq!(items[2]["note"], json!({"body": "Likes tea.", "private": false, "pinned": true}));
    assert_eq!(items[2]["subject_id"], note.body["id"]);
    assert_eq!(items[1]["activity"]["title"], "Wants a roof");
    assert_eq!(items[3]["payload"], json!({"from": "new", "to": "won"}));
    assert_eq!((&items[4]["actor_kind"], &items[4]["actor"]), (&json!("user"), &json!(world.owner_id)));

    let (mut paged, mut cursor): (Vec<Value>, _) = (vec![], String::new());
    loop {
        let page = world.owner.get(&format!("{path}/timeline?limit=2{cursor}")).await;
        paged.extend(page.expect(200)["items"].as_array().expect("items").iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, items);
    let only = world.owner.get(&format!("{path}/timeline?filter=kind:in:note.created,activity.logged")).await;
    assert_eq!(only.expect(200)["items"].as_array().map(Vec::len), Some(2));
    world.owner.delete(&format!("/v1/notes/{}", note.text_of("id"))).await.expect(204);
    let after = world.owner.get(&format!("{path}/timeline?filter=kind:eq:note.created")).await;
    assert_eq!(after.expect(200)["items"][0].get("note"), None, "the words went with the note");
    world.app.settle().await;
}
