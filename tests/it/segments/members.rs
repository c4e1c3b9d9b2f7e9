//! Segments that are put together by hand, and people who ask what is kept of them.
use super::{dynamic, field, members, people};
use crate::{contacts::member_with, forms::World};
use serde_json::json;

#[tokio::test]
async fn contacts_are_put_into_a_list_and_taken_out() {
    let world = World::start().await;
    let client = &world.owner;
    let ids = people(&world, &["Ada", "Bob", "Eve"]).await;
    let list = client.post("/v1/segments", json!({"name": "Guests", "kind": "static"})).await.text_of("id");
    let path = format!("/v1/segments/{list}/members");
    let once = client.with("idempotency-key", "m1");
    let body = json!({"add": [ids[0], ids[1], ids[1]]});
    let made = once.post(&path, body.clone()).await;
    assert_eq!(made.expect(200), &json!({"added": [ids[0], ids[1]], "removed": [], "missing": 0}));
    assert_eq!(once.post(&path, body).await.expect(200), &made.body);
    assert_eq!(members(client, &list).await, ["Ada", "Bob"], "at once");
    assert_eq!(client.get(&format!("/v1/segments/{list}")).await.expect(200)["members"], 2);
    let again = client.post(&path, json!({"add": [ids[0], ids[2]], "remove": [ids[1]]})).await;
    assert_eq!(again.expect(200), &json!({"added": [ids[2]], "removed": [ids[1]], "missing": 0}));
    let of = client.get(&format!("/v1/segments?contact={}", ids[2])).await;
    assert_eq!(of.expect(200)["items"][0]["name"], "Guests");
    assert_eq!(client.get(&format!("/v1/segments?contact={}", ids[1])).await.expect(200)["items"], json!([]));
    // Whoever is deleted is in no segment, and is back when he is restored.
    client.delete(&format!("/v1/contacts/{}", ids[0])).await.expect(204);
    world.app.settle().await;
    assert_eq!(client.get(&format!("/v1/segments/{list}")).await.expect(200)["members"], 1);
    client.post(&format!("/v1/contacts/{}/restoration", ids[0]), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(members(client, &list).await, ["Ada", "Eve"]);
    let told = world.tenant_query("select kind from events where subject = 'segments' order by occurred_at, id").await;
    let told: Vec<String> = told.iter().map(|row| row.get(0)).collect();
    let entered = |kind: &str| told.iter().filter(|k| *k == kind).count();
    assert_eq!((entered("segment.entered"), entered("segment.left")), (4, 2), "{told:?}");
    client.post(&path, json!({})).await.problem(422, "invalid");
    world.stranger().await.post(&path, json!({"add": [ids[0]]})).await.problem(404, "not_found");
    let (bob, _) = member_with(&world, "Bob", json!({"contacts.read": "own", "segments.*": "all"})).await;
    let nobody = bob.post(&path, json!({"add": [ids[1]]})).await;
    assert_eq!(nobody.expect(200), &json!({"added": [], "removed": [], "missing": 1}));
    bob.get(&format!("/v1/segments?contact={}", ids[1])).await.problem(404, "not_found");
    let other = dynamic(client, "Other", field("name", "not_empty", json!([]))).await;
    let refused = client.post(&format!("/v1/segments/{other}/members"), json!({"add": [ids[0]]})).await;
    refused.problem(409, "segment_not_static");
}

#[tokio::test]
async fn an_import_fills_segments_and_its_undo_empties_them() {
    let world = World::start().await;
    let segment = dynamic(&world.owner, "Fair", field("source", "any_of", json!(["import"]))).await;
    world.app.settle().await;
    let file = "First name,E-mail\nAda,ada@example.com\nBob,bob@example.com\n";
    let import = crate::contacts::contact_imports::import(&world, file, json!({})).await;
    assert_eq!(import["created"], 2);
    assert_eq!(members(&world.owner, &segment).await, ["Ada", "Bob"]);
    let kinds = world.events().await;
    assert!(
        kinds.contains(&"segment.shifted".to_owned()) && !kinds.contains(&"segment.entered".to_owned()),
        "{kinds:?}"
    );
    let path = crate::contacts::contact_imports::path_of(&import);
    world.owner.post(&format!("{path}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(world.owner.get(&path).await.expect(200)["undone"], 2, "being in a segment keeps nobody");
    assert_eq!(world.owner.get(&format!("/v1/segments/{segment}")).await.expect(200)["members"], 0);
    assert_eq!(world.count("select count(*) from segment_members").await, 0);
}
