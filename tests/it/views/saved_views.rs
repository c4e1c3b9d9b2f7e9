//! Saved views.
use crate::{contacts::member_with, forms::World};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn named(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().filter_map(|view| view["name"].as_str()).collect()
}

#[tokio::test]
async fn a_view_keeps_filters_order_and_columns() {
    let world = World::start().await;
    let owner = &world.owner;
    let body = json!({"name": " Hot ", "q": "ann", "filter": ["stage:eq:won", "owner:empty:true"], "sort": "-name",
        "columns": ["email", "stage"]});
    let once = owner.with("idempotency-key", "v1");
    let made = once.post("/v1/saved-views", body.clone()).await;
    assert_eq!((&made.expect(201)["name"], &made.body["position"]), (&json!("Hot"), &json!(0)));
    assert_eq!(once.post("/v1/saved-views", body).await.expect(201), &made.body);
    let path = format!("/v1/saved-views/{}", made.text_of("id"));
    let read = owner.get(&path).await;
    assert_eq!(read.expect(200)["filter"], json!(["stage:eq:won", "owner:empty:true"]));
    let change = json!({"name": "Cold", "q": null, "filter": [], "sort": null, "position": 7});
    let changed = owner.with("if-match", read.etag()).patch(&path, change.clone()).await;
    assert_eq!((changed.expect(200).get("q"), changed.body.get("sort")), (None, None));
    assert_eq!((&changed.body["columns"], &changed.body["position"]), (&json!(["email", "stage"]), &json!(7)));
    owner.with("if-match", read.etag()).patch(&path, change).await.problem(412, "stale");
    owner.with("if-match", read.etag()).delete(&path).await.problem(412, "stale");
    let second = owner.post("/v1/saved-views", json!({"name": "Next"})).await;
    assert_eq!(second.expect(201)["position"], 8, "at the end");
    assert_eq!(named(owner.get("/v1/saved-views").await.expect(200)), ["Cold", "Next"]);
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.problem(404, "not_found");
    let events = world.events().await;
    for kind in ["saved_view.created", "saved_view.updated", "saved_view.deleted"] {
        assert!(events.iter().any(|k| k == kind), "{kind} in {events:?}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn what_does_not_work_is_not_kept() {
    let world = World::start().await;
    for (wrong, code) in [
        (json!({"name": " "}), "length"),
        (json!({"name": "x", "filter": ["evil:eq:1"]}), "filter_field"),
        (json!({"name": "x", "filter": ["created_at:gte:soon"]}), "filter_value"),
        (json!({"name": "x", "sort": "phone"}), "sort_field"),
        (json!({"name": "x", "columns": ["drop table"]}), "column_invalid"),
        (json!({"name": "x", "position": -1}), "position_range"),
    ] {
        let answer = world.owner.post("/v1/saved-views", wrong.clone()).await;
        answer.expect(422);
        assert_eq!(answer.body["errors"][0]["code"], code, "{wrong}: {}", answer.text);
    }
    world
        .owner
        .post("/v1/saved-views", json!({"name": "Gone", "deleted": true, "sort": "-deleted_at"}))
        .await
        .expect(201);
    world.app.settle().await;
}

#[tokio::test]
async fn own_views_are_ones_own_and_shared_ones_everybodys() {
    let world = World::start().await;
    let (una, _) = member_with(&world, "Una", json!({"contacts.*": "own"})).await;
    let (rod, _) = member_with(&world, "Rod", json!({"contacts.read": "all"})).await;
    let own = una.post("/v1/saved-views", json!({"name": "Mine", "default": true})).await;
    let path = format!("/v1/saved-views/{}", own.expect(201)["id"].as_str().expect("an id"));
    world.owner.get(&path).await.problem(404, "not_found");
    world.owner.patch(&path, json!({"name": "x"})).await.problem(404, "not_found");
    world.owner.delete(&path).await.problem(404, "not_found");
    // The same name twice is no matter between people.
    world.owner.post("/v1/saved-views", json!({"name": "Mine"})).await.expect(201);
    una.post("/v1/saved-views", json!({"name": "MINE"})).await.problem(409, "view_name_taken");
    let shared = world.owner.post("/v1/saved-views", json!({"name": "Ours", "shared": true, "default": true})).await;
    let ours = format!("/v1/saved-views/{}", shared.expect(201)["id"].as_str().expect("an id"));
    assert_eq!(una.get(&ours).await.expect(200)["shared"], true);
    una.patch(&ours, json!({"name": "x"})).await.problem(403, "view_of_another");
    una.delete(&ours).await.problem(403, "view_of_another");
    assert_eq!(named(rod.get("/v1/saved-views").await.expect(200)), ["Ours"]);
    rod.post("/v1/saved-views", json!({"name": "x"})).await.problem(403, "permission_missing");
    // Una shares hers; whoever looks after everything may change it, and only she can keep it to herself again.
    una.patch(&path, json!({"shared": true})).await.expect(200);
    assert_eq!(world.owner.get(&ours).await.expect(200)["default"], false, "one is opened first");
    world.owner.patch(&path, json!({"name": "Team"})).await.expect(200);
    world.owner.patch(&path, json!({"shared": false})).await.expect(422);
    una.patch(&path, json!({"shared": false})).await.expect(200);
    world.owner.get(&path).await.problem(404, "not_found");
    world.app.settle().await;
}

#[tokio::test]
async fn a_name_is_given_once_however_many_want_it() {
    let world = World::start().await;
    let tries = (0..6).map(|_| world.owner.post("/v1/saved-views", json!({"name": "Race", "shared": true})));
    let answers = join_all(tries).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 5, "{statuses:?}");
    world.app.settle().await;
}

#[tokio::test]
async fn one_view_is_opened_first_however_many_are_chosen() {
    let world = World::start().await;
    let mut paths = vec![];
    for n in 0..4 {
        let made = world.owner.post("/v1/saved-views", json!({"name": format!("V{n}")})).await;
        paths.push(format!("/v1/saved-views/{}", made.expect(201)["id"].as_str().expect("an id")));
    }
    let tries = paths.iter().map(|path| world.owner.patch(path, json!({"default": true})));
    for answer in join_all(tries).await {
        assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
    }
    let page = world.owner.get("/v1/saved-views").await;
    let first = page.expect(200)["items"].as_array().expect("items").iter().filter(|v| v["default"] == true).count();
    assert_eq!(first, 1);
    world.app.settle().await;
}

#[tokio::test]
async fn a_view_follows_its_tag_to_another_name_and_into_another_tag() {
    let world = World::start().await;
    let owner = &world.owner;
    let old = owner.post("/v1/tags", json!({"name": "Old"})).await.text_of("id");
    let new = owner.post("/v1/tags", json!({"name": "New"})).await.text_of("id");
    let view = json!({"name": "Tagged", "filter": ["stage:eq:won", "tag:has:Old", "tag:has:Other"]});
    let path = format!("/v1/saved-views/{}", owner.post("/v1/saved-views", view).await.text_of("id"));
    owner.patch(&format!("/v1/tags/{old}"), json!({"name": "Older"})).await.expect(200);
    let filter = async || owner.get(&path).await.expect(200)["filter"].clone();
    assert_eq!(filter().await, json!(["stage:eq:won", "tag:has:Older", "tag:has:Other"]));
    owner.post(&format!("/v1/tags/{old}/merger"), json!({"into": new})).await.expect(200);
    assert_eq!(filter().await, json!(["stage:eq:won", "tag:has:New", "tag:has:Other"]));
    world.app.settle().await;
}

#[tokio::test]
async fn every_list_has_views_of_its_own() {
    let world = World::start().await;
    let owner = &world.owner;
    let post = async |body: Value| owner.post("/v1/saved-views", body).await;
    let deals = json!({"list": "deals", "name": "Late", "kind": "forecast", "q": "roof", "filter": ["status:eq:open", "amount:gte:1000"],
        "sort": "-amount", "options": {"closes": "late", "line": "all"}, "columns": ["title", "amount"], "default": true});
    let made = post(deals).await;
    assert_eq!((&made.expect(201)["kind"], &made.body["options"]["closes"]), (&json!("forecast"), &json!("late")));
    let path = format!("/v1/saved-views/{}", made.text_of("id"));
    // The same name and another first view, once for each list; each list has its own usual way.
    for (list, kind) in [("contacts", "table"), ("companies", "table"), ("tasks", "board")] {
        let other = post(json!({"list": list, "name": "Late", "default": true})).await;
        assert_eq!((&other.expect(201)["kind"], &other.body["position"]), (&json!(kind), &json!(0)), "{list}");
    }
    for list in ["contacts", "companies", "deals", "tasks"] {
        let page = owner.get(&format!("/v1/saved-views?list={list}")).await.expect(200).clone();
        assert_eq!(page["items"].as_array().expect("items").len(), 1);
        assert_eq!((&page["items"][0]["list"], &page["items"][0]["default"]), (&json!(list), &json!(true)));
    }
    let read = owner.get(&path).await;
    let change = json!({"kind": "table", "options": {}, "sort": "title"});
    owner.with("if-match", read.etag()).patch(&path, change.clone()).await.expect(200);
    owner.with("if-match", read.etag()).patch(&path, change).await.problem(412, "stale");
    assert_eq!(owner.get(&path).await.expect(200)["options"], json!({}));
    for (wrong, code) in [
        (json!({"list": "shoes", "name": "x"}), "list_unknown"),
        (json!({"list": "tasks", "name": "x", "kind": "orbit"}), "kind_unknown"),
        (json!({"list": "tasks", "name": "x", "filter": ["stage:eq:won"]}), "filter_field"),
        (json!({"list": "deals", "name": "x", "sort": "name"}), "sort_field"),
        (json!({"list": "companies", "name": "x", "filter": ["custom.none:eq:1"]}), "filter_field"),
        (json!({"list": "deals", "name": "x", "options": {"a b": "c"}}), "option_invalid"),
    ] {
        let answer = post(wrong.clone()).await;
        answer.expect(422);
        assert_eq!(answer.body["errors"][0]["code"], code, "{wrong}: {}", answer.text);
    }
    // Views follow the permissions of their list, not those of another one.
    let (dora, _) = member_with(&world, "Dora", json!({"deals.read": "all", "deals.write": "own"})).await;
    dora.get("/v1/saved-views?list=deals").await.expect(200);
    dora.post("/v1/saved-views", json!({"list": "deals", "name": "Hers"})).await.expect(201);
    dora.get("/v1/saved-views").await.problem(403, "permission_missing");
    dora.post("/v1/saved-views", json!({"list": "tasks", "name": "x"})).await.problem(403, "permission_missing");
    let tasks = post(json!({"list": "tasks", "name": "All", "shared": true})).await.text_of("id");
    dora.get(&format!("/v1/saved-views/{tasks}")).await.problem(403, "permission_missing");
    dora.delete(&format!("/v1/saved-views/{tasks}")).await.problem(403, "permission_missing");
    world.app.settle().await;
}

#[tokio::test]
async fn a_team_has_the_views_of_its_members() {
    let world = World::start().await;
    let grants = json!({"deals.read": "team", "deals.write": "team"});
    let (una, una_id) = member_with(&world, "Una", grants.clone()).await;
    let (tom, tom_id) = member_with(&world, "Tom", grants.clone()).await;
    let (rod, _) = member_with(&world, "Rod", grants).await;
    world.owner.post("/v1/teams", json!({"name": "North", "members": [una_id, tom_id]})).await.expect(201);
    let made = una.post("/v1/saved-views", json!({"list": "deals", "name": "North", "audience": "team"})).await;
    assert_eq!((&made.expect(201)["audience"], &made.body["shared"]), (&json!("team"), &json!(false)));
    let path = format!("/v1/saved-views/{}", made.text_of("id"));
    assert_eq!(named(tom.get("/v1/saved-views?list=deals").await.expect(200)), ["North"]);
    tom.patch(&path, json!({"name": "x"})).await.problem(403, "view_of_another");
    rod.get(&path).await.problem(404, "not_found");
    assert!(named(rod.get("/v1/saved-views?list=deals").await.expect(200)).is_empty());
    // Back to herself, and to everybody.
    una.patch(&path, json!({"audience": "private"})).await.expect(200);
    tom.get(&path).await.problem(404, "not_found");
    una.patch(&path, json!({"shared": true})).await.expect(200);
    assert_eq!(rod.get(&path).await.expect(200)["audience"], "everyone");
    world.app.settle().await;
}

#[tokio::test]
async fn a_view_keeps_rules_that_follow_tags_and_stages() {
    let world = World::start().await;
    let owner = &world.owner;
    let old = owner.post("/v1/tags", json!({"name": "Old"})).await.text_of("id");
    let new = owner.post("/v1/tags", json!({"name": "New"})).await.text_of("id");
    let stage = owner.post("/v1/contact-stages", json!({"label": "On hold"})).await.expect(201).clone();
    let rules = |tag: &str, stages: Value| {
        let field =
            |name: &str, values: Value| json!({"kind": "field", "field": name, "op": "any_of", "values": values});
        let all = json!({"kind": "all", "rules": [field("tags", json!([tag])), field("tier", json!(["gold"]))]});
        json!({"kind": "any", "rules": [all, field("stage", stages)]})
    };
    let key = stage["key"].as_str().expect("a key");
    let view = json!({"name": "Mixed", "filter": ["owner:empty:true", format!("rules:eq:{}", rules(&old, json!([key, "won"])))]});
    let path = format!("/v1/saved-views/{}", owner.post("/v1/saved-views", view).await.text_of("id"));
    let kept = async || -> (Value, Value) {
        let filter = owner.get(&path).await.expect(200)["filter"].clone();
        let said = filter[1].as_str().and_then(|said| said.strip_prefix("rules:eq:")).expect("rules");
        (filter[0].clone(), serde_json::from_str(said).expect("a definition"))
    };
    assert_eq!(kept().await, (json!("owner:empty:true"), rules(&old, json!([key, "won"]))));
    owner.post(&format!("/v1/tags/{old}/merger"), json!({"into": new})).await.expect(200);
    let stages = owner.get("/v1/contact-stages").await.expect(200)["items"].clone();
    let won = stages.as_array().expect("items").iter().find(|one| one["key"] == "won").expect("won").clone();
    let gone = format!("/v1/contact-stages/{}?move_to={}", stage["id"].as_str().unwrap(), won["id"].as_str().unwrap());
    owner.delete(&gone).await.expect(204);
    world.app.settle().await;
    assert_eq!(kept().await, (json!("owner:empty:true"), rules(&new, json!(["won"]))));
    for (said, code) in [("rules:eq:{}", "filter_value"), ("rules:in:x", "filter_value")] {
        let answer = owner.post("/v1/saved-views", json!({"name": "x", "filter": [said]})).await;
        assert_eq!(answer.expect(422)["errors"][0]["code"], code);
    }
    let long = format!("name:contains:{}", "x".repeat(8_000));
    owner.post("/v1/saved-views", json!({"name": "x", "filter": [long]})).await.problem(422, "invalid");
}
