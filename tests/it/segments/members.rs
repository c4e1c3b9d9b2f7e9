//! Segments that are put together by hand, and people who ask what is kept of them.
use super::{dynamic, field, members, people};
use crate::{
    contacts::{
        contact_imports::{counts, import, path_of, prepare},
        id_of, member_with,
    },
    forms::World,
};
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
    let import = import(&world, file, json!({})).await;
    assert_eq!(import["created"], 2);
    assert_eq!(members(&world.owner, &segment).await, ["Ada", "Bob"]);
    let kinds = world.events().await;
    assert!(
        kinds.contains(&"segment.shifted".to_owned()) && !kinds.contains(&"segment.entered".to_owned()),
        "{kinds:?}"
    );
    let path = path_of(&import);
    world.owner.post(&format!("{path}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(world.owner.get(&path).await.expect(200)["undone"], 2, "being in a segment keeps nobody");
    assert_eq!(world.owner.get(&format!("/v1/segments/{segment}")).await.expect(200)["members"], 0);
    assert_eq!(world.count("select count(*) from segment_members").await, 0);
}

#[tokio::test]
async fn an_import_puts_its_people_into_a_list_and_its_undo_takes_them_out() {
    let world = World::start().await;
    let client = &world.owner;
    let known = |name: &str| {
        let address = format!("{}@x.example", name.to_lowercase());
        json!({"display_name": name, "emails": [{"address": address}]})
    };
    let ada = id_of(client, known("Ada")).await;
    id_of(client, known("Bob")).await;
    let list = client.post("/v1/segments", json!({"name": "Fair", "kind": "static"})).await.text_of("id");
    client.post(&format!("/v1/segments/{list}/members"), json!({"add": [ada]})).await.expect(200);
    world.app.settle().await;
    let dump = async || -> Vec<String> {
        let all = "with s as (select id from segments where kind = 'static')
            select p::text from segment_picks p where segment_id in (select id from s)
            union all select m::text from segment_members m where segment_id in (select id from s) order by 1";
        world.tenant_query(all).await.iter().map(|row| row.get(0)).collect()
    };
    let (before, told) =
        (dump().await, world.count("select count(*) from events where kind = 'segment.entered'").await);
    let file = "Name,E-mail,Job\nAda,ada@x.example,Boss\nBob,bob@x.example,\nCid,cid@x.example,\nDan,nonsense,\n";
    let made = prepare(client, "fair.csv", file).await;
    let path = path_of(&made);
    let into = |segment: &str| json!({"options": {"segment": segment}});
    // Only a list that is there, is kept by hand and may be changed.
    let unknown = |answer: &tests::Answer| {
        let error = &answer.expect(422)["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("/options/segment"), &json!("segment_unknown")));
    };
    let stranger = world.stranger().await;
    let foreign = stranger.post("/v1/segments", json!({"name": "Fair", "kind": "static"})).await.text_of("id");
    unknown(&client.patch(&path, into(&foreign)).await);
    let fits = dynamic(client, "Fits", field("name", "not_empty", json!([]))).await;
    client.patch(&path, into(&fits)).await.problem(409, "segment_not_static");
    let grants = json!({"contacts.*": "all", "contacts.import": "all", "files.write": "all"});
    let (sam, _) = member_with(&world, "Sam", grants).await;
    sam.patch(&path, into(&list)).await.problem(403, "permission_missing");
    client.patch(&path, into(&list)).await.expect(200);
    sam.post(&format!("{path}/start"), json!({})).await.problem(403, "permission_missing");

    let figures =
        |of: &serde_json::Value| [of["brought"]["segment_members"].clone(), of["brought"]["segment_missed"].clone()];
    client.post(&format!("{path}/check"), json!({})).await.expect(200);
    world.app.settle().await;
    let tried = client.get(&path).await.expect(200)["check"].clone();
    assert_eq!(figures(&tried), [json!(2), json!(0)], "Ada is in it already");
    assert_eq!(dump().await, before, "a try writes nothing");
    client.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = client.get(&path).await.expect(200).clone();
    assert_eq!((counts(&done), figures(&done)), ([1, 1, 1, 0, 1], [json!(2), json!(0)]), "{done}");
    assert_eq!(members(client, &list).await, ["Ada", "Bob", "Cid"]);
    assert_eq!(client.get(&format!("/v1/segments/{list}")).await.expect(200)["members"], 3);
    let quiet = "select count(*) from events where kind = 'segment.shifted' and (payload ->> 'entered')::int = 2";
    assert!(world.count(quiet).await > 0, "an import is told with figures");
    let one_by_one = world.count("select count(*) from events where kind = 'segment.entered'").await;
    // The dynamic one found Ada and Bob when it was made.
    assert_eq!(one_by_one, told + 2);
    sam.post(&format!("{path}/undo"), json!({})).await.problem(403, "permission_missing");
    client.post(&format!("{path}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    let undone = client.get(&path).await.expect(200).clone();
    assert_eq!((&undone["undone"], &undone["kept"], &undone["brought"]["kept"]), (&json!(2), &json!(0), &json!([])));
    assert_eq!(dump().await, before);

    // A list that is deleted meanwhile stands in nobody's way.
    let made = prepare(client, "later.csv", "Name,E-mail\nEve,eve@x.example\n").await;
    let path = path_of(&made);
    client.patch(&path, into(&list)).await.expect(200);
    client.delete(&format!("/v1/segments/{list}")).await.expect(204);
    client.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = client.get(&path).await.expect(200).clone();
    assert_eq!((&done["state"], figures(&done)), (&json!("done"), [json!(0), json!(1)]), "{done}");
    client.post(&format!("{path}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(client.get(&path).await.expect(200)["undone"], 1);
}
