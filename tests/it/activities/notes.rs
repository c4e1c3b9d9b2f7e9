//! Notes.
use crate::{contacts::id_of, contacts::member_with, forms::World};
use serde_json::json;

#[tokio::test]
async fn a_note_is_written_changed_pinned_and_deleted() {
    let world = World::start().await;
    let contact = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let list = format!("/v1/contacts/{contact}/notes");
    let once = world.owner.with("idempotency-key", "n1");
    let made = once.post(&list, json!({"body": " Likes tea. "})).await;
    let note = made.expect(201);
    assert_eq!(
        (&note["body"], &note["author"], &note["private"]),
        (&json!("Likes tea."), &json!(world.owner_id), &json!(false))
    );
    assert_eq!(once.post(&list, json!({"body": " Likes tea. "})).await.expect(201), note);
    let path = format!("/v1/notes/{}", made.text_of("id"));
    let before = world.owner.get(&path).await;
    let changed = world.owner.with("if-match", before.etag()).patch(&path, json!({"body": "Likes coffee."})).await;
    assert_eq!(changed.expect(200)["version"], 2);
    world.owner.with("if-match", before.etag()).patch(&path, json!({"pinned": true})).await.problem(412, "stale");
    let (sam, _) = world.member("agency_staff", "Sam").await;
    assert_eq!(sam.patch(&path, json!({"pinned": true})).await.expect(200)["pinned"], true, "anybody may pin");
    sam.patch(&path, json!({"body": "Likes beer."})).await.problem(403, "note_of_another");
    world.owner.post(&list, json!({"body": "  "})).await.expect(422);
    world.owner.post(&list, json!({"body": "x".repeat(10_001)})).await.expect(422);
    world.owner.post(&list, json!({"body": "x", "colour": "red"})).await.expect(400);
    let stranger = world.stranger().await;
    stranger.get(&path).await.problem(404, "not_found");
    stranger.patch(&path, json!({"pinned": false})).await.problem(404, "not_found");
    stranger.delete(&path).await.problem(404, "not_found");
    stranger.post(&list, json!({"body": "x"})).await.problem(404, "not_found");
    let (desk, _) = member_with(&world, "Desk", json!({"contacts.*": "all"})).await;
    desk.get(&path).await.problem(403, "permission_missing");
    desk.post(&list, json!({"body": "x"})).await.problem(403, "permission_missing");
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    let events = world.events().await;
    for (kind, times) in [("note.created", 1), ("note.updated", 2), ("note.deleted", 1)] {
        assert_eq!(events.iter().filter(|k| *k == kind).count(), times, "{kind}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn a_private_note_is_its_authors_alone() {
    let world = World::start().await;
    let contact = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let (sam, _) = world.member("agency_staff", "Sam").await;
    let list = format!("/v1/contacts/{contact}/notes");
    let made = sam.post(&list, json!({"body": "Between us", "private": true})).await;
    made.expect(201);
    let path = format!("/v1/notes/{}", made.text_of("id"));
    world.owner.get(&path).await.problem(404, "not_found");
    world.owner.delete(&path).await.problem(404, "not_found");
    assert_eq!(world.owner.get(&list).await.expect(200)["items"], json!([]));
    assert_eq!(sam.get(&list).await.expect(200)["items"].as_array().map(Vec::len), Some(1));
    let seen = async |client: &tests::Client| -> Vec<String> {
        let page = client.get(&format!("/v1/contacts/{contact}/timeline?filter=subject:eq:notes")).await;
        let items = page.expect(200)["items"].as_array().expect("items").clone();
        items.iter().map(|e| e["kind"].as_str().expect("a kind").to_owned()).collect()
    };
    world.app.settle().await;
    assert_eq!(seen(&sam).await, ["note.created"]);
    assert_eq!(seen(&world.owner).await, [""; 0]);
    sam.patch(&path, json!({"private": false})).await.expect(200);
    assert_eq!(seen(&world.owner).await.len(), 2);
    sam.patch(&path, json!({"private": true})).await.expect(200);
    sam.delete(&path).await.expect(204);
    world.app.settle().await;
    assert_eq!(seen(&world.owner).await, ["note.updated"], "only of the time when it was open");
    assert_eq!(seen(&sam).await.len(), 4);
}
