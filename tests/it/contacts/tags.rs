//! Tags.
use super::{
    contact_imports::{counts, import},
    id_of, member_with,
};
use crate::forms::{Published, World, answers, enquiry};
use serde_json::{Value, json};

#[tokio::test]
async fn contacts_follow_their_tags() {
    let world = World::start().await;
    let ann = id_of(&world.owner, json!({"first_name": "Ann", "tags": ["vip", "VIP", " news "]})).await;
    let path = format!("/v1/contacts/{ann}");
    assert_eq!(world.owner.get(&path).await.expect(200)["tags"], json!(["news", "vip"]), "case makes no second tag");
    let tags = world.owner.get("/v1/tags").await;
    let tag = tags.expect(200)["items"][1].clone();
    assert_eq!(tag["name"], "vip");
    let tag_path = format!("/v1/tags/{}", tag["id"].as_str().expect("an id"));
    let before = world.owner.get(&tag_path).await;
    assert_eq!(before.expect(200)["contacts"], 1);
    assert_eq!(tag.get("contacts"), None, "lists do not count");
    let change = json!({"name": "A-list", "colour": "#ff8800", "description": "the best"});
    let renamed = world.owner.with("if-match", before.etag()).patch(&tag_path, change.clone()).await;
    assert_eq!(renamed.expect(200)["colour"], "#ff8800");
    world.owner.with("if-match", before.etag()).patch(&tag_path, change).await.problem(412, "stale");
    assert_eq!(world.owner.get(&path).await.expect(200)["tags"], json!(["A-list", "news"]));
    let cleared = world.owner.patch(&tag_path, json!({"colour": null})).await;
    assert_eq!((&cleared.expect(200)["colour"], &cleared.body["description"]), (&json!(null), &json!("the best")));
    world.owner.patch(&tag_path, json!({"name": "NEWS"})).await.problem(409, "tag_name_taken");
    world.owner.delete(&tag_path).await.expect(204);
    world.owner.get(&tag_path).await.problem(404, "not_found");
    assert_eq!(world.owner.get(&path).await.expect(200)["tags"], json!(["news"]));
    let events = world.events().await;
    for kind in ["tag.updated", "tag.deleted"] {
        assert!(events.iter().any(|k| k == kind), "{kind} in {events:?}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn a_tag_is_made_once_and_has_a_sensible_name() {
    let world = World::start().await;
    let once = world.owner.with("idempotency-key", "t1");
    let made = once.post("/v1/tags", json!({"name": " Partner "})).await;
    assert_eq!(made.expect(201)["name"], "Partner");
    assert_eq!(once.post("/v1/tags", json!({"name": " Partner "})).await.expect(201), &made.body);
    world.owner.post("/v1/tags", json!({"name": "partner"})).await.problem(409, "tag_name_taken");
    for wrong in [json!({"name": " "}), json!({"name": "x".repeat(61)}), json!({"name": "a", "colour": "red"})] {
        world.owner.post("/v1/tags", wrong).await.expect(422);
    }
    let stranger = world.stranger().await;
    let path = format!("/v1/tags/{}", made.text_of("id"));
    stranger.get(&path).await.problem(404, "not_found");
    stranger.delete(&path).await.problem(404, "not_found");
    let (una, _) = member_with(&world, "Una", json!({"contacts.*": "own"})).await;
    una.get(&path).await.expect(200);
    una.delete(&path).await.problem(403, "level_all_needed");
    una.patch(&path, json!({"name": "x"})).await.problem(403, "level_all_needed");
    world.app.settle().await;
}

#[tokio::test]
async fn two_tags_become_one_on_every_contact_at_once() {
    let world = World::start().await;
    let both = id_of(&world.owner, json!({"first_name": "Ann", "tags": ["lead", "Prospect"]})).await;
    let one = id_of(&world.owner, json!({"first_name": "Bo", "tags": ["lead"]})).await;
    let tags = world.owner.get("/v1/tags?sort=name").await;
    let ids: Vec<String> = column(&tags, "id");
    let (kept, gone) = (&ids[0], &ids[1]);
    assert_eq!(column(&tags, "name"), ["Prospect", "lead"]);
    let path = format!("/v1/tags/{gone}");
    let before = world.owner.get(&path).await;
    assert_eq!(before.expect(200)["contacts"], 2, "how many it concerns");
    let merger = format!("{path}/merger");
    world.owner.post(&merger, json!({"into": gone})).await.problem(422, "invalid");
    world.owner.post(&merger, json!({"into": "tag_00000000000000000000000000"})).await.problem(404, "not_found");
    let stale = world.owner.with("if-match", "\"v99\"");
    stale.post(&merger, json!({"into": kept})).await.problem(412, "stale");
    let (una, _) = member_with(&world, "Una", json!({"contacts.*": "own"})).await;
    una.post(&merger, json!({"into": kept})).await.problem(403, "level_all_needed");
    world.stranger().await.post(&merger, json!({"into": kept})).await.problem(404, "not_found");
    let merged = world.owner.with("if-match", before.etag()).post(&merger, json!({"into": kept})).await;
    assert_eq!((&merged.expect(200)["name"], &merged.body["contacts"]), (&json!("Prospect"), &json!(2)));
    for id in [&both, &one] {
        let contact = world.owner.get(&format!("/v1/contacts/{id}")).await;
        assert_eq!(contact.expect(200)["tags"], json!(["Prospect"]), "each once");
    }
    world.owner.get(&path).await.problem(404, "not_found");
    assert!(world.events().await.iter().any(|kind| kind == "tag.merged"));
    world.app.settle().await;
}

#[tokio::test]
async fn of_two_mergers_of_the_same_two_tags_one_wins() {
    let world = World::start().await;
    id_of(&world.owner, json!({"first_name": "Ann", "tags": ["a", "b"]})).await;
    let ids = column(&world.owner.get("/v1/tags?sort=name").await, "id");
    let merge = async |from: &str, into: &str| {
        world.owner.post(&format!("/v1/tags/{from}/merger"), json!({"into": into})).await.status
    };
    let (one, other) = tokio::join!(merge(&ids[0], &ids[1]), merge(&ids[1], &ids[0]));
    let mut both = [one, other];
    both.sort_unstable();
    assert_eq!(both, [200, 404]);
    assert_eq!(column(&world.owner.get("/v1/tags").await, "id").len(), 1);
    world.app.settle().await;
}

/// The tags of whoever sends a form.
async fn sender(world: &World, form: &Published, nth: u8) -> Value {
    let mut said = answers();
    said["email"] = json!(format!("p{nth}@visitor.example"));
    world.visitor(form, nth).submit(1, said).await.expect(201);
    let found = world.owner.get(&format!("/v1/contacts?filter=email:eq:p{nth}@visitor.example")).await;
    found.expect(200)["items"][0]["tags"].clone()
}

/// Names of all tags, each with its aliases.
async fn vocabulary(world: &World) -> Value {
    let page = world.owner.get("/v1/tags?sort=name").await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    items.iter().map(|tag| json!([tag["name"], tag["aliases"]])).collect()
}

#[tokio::test]
async fn whoever_names_a_tag_as_it_was_called_gives_what_it_became() {
    let world = World::start().await;
    let owner = &world.owner;
    let form = world.published(enquiry(), json!({"contact_tags": ["old"]})).await;
    assert_eq!(sender(&world, &form, 1).await, json!(["old"]));
    let path = format!("/v1/tags/{}", column(&owner.get("/v1/tags").await, "id")[0]);
    for name in ["mid", "new"] {
        owner.patch(&path, json!({"name": name})).await.expect(200);
    }
    // A form that nobody touched, a file with options of before, and a change of many, by any of its names.
    assert_eq!(sender(&world, &form, 2).await, json!(["new"]));
    assert_eq!(vocabulary(&world).await, json!([["new", ["mid", "old"]]]));
    let file = |email: &str| format!("name,email,tags\nFay,{email},OLD\n");
    let options = json!({"tags": [" Mid "]});
    assert_eq!(counts(&import(&world, file("f1@x.example"), options.clone()).await), [1, 0, 0, 0, 0]);
    let kept = format!("/v1/tags/{}", owner.post("/v1/tags", json!({"name": "kept"})).await.text_of("id"));
    let into = kept.trim_start_matches("/v1/tags/");
    let merged = owner.post(&format!("{path}/merger"), json!({"into": into})).await;
    assert_eq!((&merged.expect(200)["contacts"], &merged.body["aliases"]), (&json!(3), &json!(["mid", "new", "old"])));
    assert_eq!(sender(&world, &form, 3).await, json!(["kept"]));
    import(&world, file("f2@x.example"), options).await;
    assert_eq!(vocabulary(&world).await, json!([["kept", ["mid", "new", "old"]]]), "nothing was made anew");
    let found = owner.get("/v1/contacts?filter=tag:has:mid").await;
    assert_eq!(found.expect(200)["items"].as_array().map(Vec::len), Some(5));
    let ann = id_of(owner, json!({"first_name": "Ann", "tags": ["New"]})).await;
    let bulk = json!({"contacts": [ann], "remove_tags": ["mid"]});
    assert_eq!(owner.post("/v1/contacts/bulk-changes", bulk).await.expect(200)["changed"], 1);
    // Who makes a tag, or renames one, takes the name for it.
    owner.post("/v1/tags", json!({"name": "OLD"})).await.expect(201);
    let di = owner.post("/v1/contacts", json!({"first_name": "Di", "tags": ["old"]})).await;
    assert_eq!(di.expect(201)["tags"], json!(["OLD"]));
    assert_eq!(sender(&world, &form, 4).await, json!(["kept"]), "the form has followed its tag");
    owner.patch(&kept, json!({"name": "mid"})).await.expect(200);
    assert_eq!(vocabulary(&world).await, json!([["OLD", []], ["mid", ["kept", "new"]]]));
    // A new spelling is no other name.
    owner.patch(&kept, json!({"name": "Mid"})).await.expect(200);
    assert_eq!(vocabulary(&world).await, json!([["Mid", ["kept", "new"]], ["OLD", []]]));
    // What was deleted became nothing: its names are free.
    owner.delete(&kept).await.expect(204);
    let made = owner.post("/v1/contacts", json!({"first_name": "Bo", "tags": ["new"]})).await;
    assert_eq!(made.expect(201)["tags"], json!(["new"]));
    assert_eq!(vocabulary(&world).await, json!([["OLD", []], ["new", []]]));
    world.app.settle().await;
}

#[tokio::test]
async fn what_is_taken_back_after_a_tag_was_renamed_has_its_new_name() {
    let world = World::start().await;
    let owner = &world.owner;
    let path = |id: &str| format!("/v1/contacts/{id}");
    let tags = async |id: &str| owner.get(&path(id)).await.expect(200)["tags"].clone();
    let ann = id_of(owner, json!({"first_name": "Ann", "tags": ["out", "stays"]})).await;
    let bo = id_of(owner, json!({"first_name": "Bo", "tags": ["side"]})).await;
    let change = json!({"add_tags": ["in"], "remove_tags": ["out"]});
    let run = owner.post("/v1/contact-bulk-runs", json!({"contacts": [ann], "change": change})).await;
    let run = format!("/v1/contact-bulk-runs/{}", run.text_of("id"));
    world.app.settle().await;
    assert_eq!(tags(&ann).await, json!(["in", "stays"]));
    let merge = owner.post("/v1/contact-merges", json!({"kept": ann, "merged": [bo]})).await;
    assert_eq!(tags(&ann).await, json!(["in", "side", "stays"]));
    let all = owner.get("/v1/tags").await;
    for (id, name) in column(&all, "id").iter().zip(column(&all, "name")) {
        owner.patch(&format!("/v1/tags/{id}"), json!({"name": format!("{name} 2")})).await.expect(200);
    }
    // Nobody has edited the contact: what was renamed is the same.
    owner.post(&format!("/v1/contact-merges/{}/undo", merge.text_of("id")), json!({})).await.expect(200);
    assert_eq!((tags(&ann).await, tags(&bo).await), (json!(["in 2", "stays 2"]), json!(["side 2"])));
    owner.post(&format!("{run}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(owner.get(&run).await.expect(200)["undone"], 1);
    assert_eq!(tags(&ann).await, json!(["out 2", "stays 2"]));
    assert_eq!(column(&owner.get("/v1/tags").await, "id").len(), 4, "nothing was made anew");
    world.app.settle().await;
}

fn column(answer: &tests::Answer, name: &str) -> Vec<String> {
    let items = answer.expect(200)["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn tags_are_a_file_with_how_many_in_reach_carry_each() {
    let world = World::start().await;
    let (una, una_id) = member_with(&world, "Una", json!({"contacts.*": "own"})).await;
    id_of(&world.owner, json!({"first_name": "Ann", "tags": ["vip", "news"]})).await;
    id_of(&world.owner, json!({"first_name": "Cid", "tags": ["vip"], "owner": una_id})).await;
    let gone = id_of(&world.owner, json!({"first_name": "Dan", "tags": ["vip"]})).await;
    world.owner.delete(&format!("/v1/contacts/{gone}")).await.expect(204);
    let news = world.owner.get("/v1/tags?filter=name:eq:news").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/v1/tags/{}", news.as_str().expect("an id"));
    world.owner.patch(&path, json!({"name": "letter"})).await.expect(200);
    let formula = json!({"name": "=1+1", "description": "@nobody", "colour": "#ff8800"});
    world.owner.post("/v1/tags", formula).await.expect(201);
    for (reader, vips, letters) in [(&world.owner, 2, 1), (&una, 1, 0)] {
        let file = reader.get("/v1/tags/export").await;
        file.expect(200);
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"tags.csv\"");
        assert_eq!(file.headers["upzento-rows"], "3");
        let head = "id,name,colour,description,aliases,contacts,created_at,updated_at\r\n";
        assert!(file.text.starts_with(head), "{}", file.text);
        let lines = [
            format!(",vip,,,,{vips},"),
            format!(",letter,,,news,{letters},"),
            ",'=1+1,#ff8800,'@nobody,,0,".to_owned(),
        ];
        for line in lines {
            assert!(file.text.contains(&line), "{line} in {}", file.text);
        }
        assert_eq!(file.text.matches("\r\n").count(), 4);
    }
    let some = world.owner.get("/v1/tags/export?filter=name:eq:vip&language=ar&format=csv").await;
    assert_eq!(some.headers["upzento-rows"], "1");
    assert!(some.text.starts_with("المعرّف,الاسم,اللون,"), "{}", some.text);
    let book = world.owner.open("/v1/tags/export?format=xlsx").await;
    assert_eq!(book.headers()["upzento-rows"], "3");
    assert!(book.bytes().await.expect("a whole file").starts_with(b"PK"));
    world.owner.get("/v1/tags/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert_eq!(world.stranger().await.get("/v1/tags/export").await.headers["upzento-rows"], "0");
    let (sam, _) = world.member("agency_staff", "Sam").await;
    sam.get("/v1/tags/export").await.problem(403, "permission_missing");
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "tag.exported").count(), 4);
    world.app.settle().await;
}
