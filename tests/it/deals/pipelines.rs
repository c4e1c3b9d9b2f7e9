//! Pipelines and their stages.
use super::{Line, close, drag, history, id_of};
use crate::fields::{define, path_of};
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

fn names(pipeline: &Value) -> Vec<&str> {
    pipeline["stages"].as_array().expect("stages").iter().filter_map(|s| s["name"].as_str()).collect()
}

#[tokio::test]
async fn a_tenant_begins_with_one_and_makes_others() {
    let world = World::start().await;
    let owner = &world.owner;
    let page = owner.get("/v1/pipelines").await;
    let sales = &page.expect(200)["items"][0];
    assert_eq!((&sales["name"], names(sales)), (&json!("Sales"), vec!["New", "Qualified", "Proposal", "Negotiation"]));
    let body = json!({"name": " Renewals ", "quiet_days": 30, "reasons": ["Moved away"],
        "stages": [{"name": "Due", "probability": 60}, {"name": "Talk", "probability": 80, "requires": ["owner", "amount"]}]});
    let made = owner.post("/v1/pipelines", body).await;
    assert_eq!((&made.expect(201)["name"], &made.body["position"]), (&json!("Renewals"), &json!(1)));
    assert_eq!(made.body["stages"][1]["requires"], json!(["amount", "owner"]));
    let path = format!("/v1/pipelines/{}", made.text_of("id"));
    let read = owner.get(&path).await;
    let stages = read.expect(200)["stages"].as_array().expect("stages").clone();
    // Turned round, one renamed, one more.
    let change = json!({"stages": [{"id": stages[1]["id"], "name": "Talk", "probability": 70},
        {"id": stages[0]["id"], "name": "Overdue", "probability": 60}, {"name": "Signed", "probability": 95}], "quiet_days": 3});
    let changed = owner.with("if-match", read.etag()).patch(&path, change.clone()).await;
    assert_eq!((names(changed.expect(200)), &changed.body["version"]), (vec!["Talk", "Overdue", "Signed"], &json!(2)));
    assert_eq!(changed.body["stages"][0]["id"], stages[1]["id"]);
    owner.with("if-match", read.etag()).patch(&path, change).await.problem(412, "stale");
    owner
        .post("/v1/pipelines", json!({"name": "SALES", "stages": [{"name": "A"}]}))
        .await
        .problem(409, "pipeline_name_taken");
    owner.patch(&path, json!({"name": "sales"})).await.problem(409, "pipeline_name_taken");
    owner.with("if-match", read.etag()).delete(&path).await.problem(412, "stale");
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.problem(404, "not_found");
    let events = world.events().await;
    for kind in ["pipeline.created", "pipeline.updated", "pipeline.deleted"] {
        assert!(events.iter().any(|k| k == kind), "{kind} in {events:?}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn what_cannot_be_a_pipeline_is_refused_by_field() {
    let world = World::start().await;
    let (line, other) = (Line::first(&world).await, Line::made(&world, "Other", 2).await);
    let path = format!("/v1/pipelines/{}", line.id);
    for (body, field) in [
        (json!({"stages": []}), "/stages"),
        (json!({"stages": [{"name": ""}]}), "/stages/0/name"),
        (json!({"stages": [{"name": "A"}, {"name": "a "}]}), "/stages/1/name"),
        (json!({"stages": [{"name": "A", "probability": 101}]}), "/stages/0/probability"),
        (json!({"stages": [{"name": "A"}, {"id": other.stages[0], "name": "B"}]}), "/stages/1/id"),
        (json!({"quiet_days": 0}), "/quiet_days"),
        (json!({"reasons": [""]}), "/reasons"),
        (json!({"position": -1}), "/position"),
    ] {
        let answer = world.owner.patch(&path, body.clone()).await;
        assert_eq!(answer.expect(422)["errors"][0]["field"], field, "{body}");
    }
    world.owner.patch(&path, json!({"stages": [{"name": "A", "requires": ["luck"]}]})).await.expect(400);
    let named = json!({"name": "New", "stages": [{"id": line.stages[0], "name": "A"}]});
    assert_eq!(world.owner.post("/v1/pipelines", named).await.expect(422)["errors"][0]["field"], "/stages/0/id");
    assert_eq!(names(world.owner.get(&path).await.expect(200)).len(), 4, "nothing changed");
    world.app.settle().await;
}

/// The stages of a line but one, as a change names them.
fn without(line: &Line, gone: usize) -> Value {
    let kept = line.stages.iter().enumerate().filter(|(i, _)| *i != gone);
    json!({"stages": kept.map(|(i, id)| json!({"id": id, "name": format!("Stage {i}")})).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_stage_goes_when_no_open_deal_is_in_it_and_closed_ones_come_back_to_the_first() {
    let world = World::start().await;
    let line = Line::made(&world, "Own", 3).await;
    let path = format!("/v1/pipelines/{}", line.id);
    let id = id_of(&world.owner, json!({"title": "A", "stage": line.stages[2], "amount": 9})).await;
    world.owner.patch(&path, without(&line, 2)).await.problem(409, "stage_in_use");
    close(&world.owner, &id, "lost").await.expect(200);
    world.app.advance(TimeDelta::seconds(1));
    world.owner.patch(&path, without(&line, 2)).await.expect(200);
    drag(&world.owner, &id, json!({"stage": line.stages[2]})).await.problem(409, "deal_closed");
    let back = world.owner.post(&format!("/v1/deals/{id}/reopening"), json!({})).await;
    assert_eq!(back.expect(200)["stage"], json!(line.stages[0]), "its own is gone");
    assert_eq!(
        drag(&world.owner, &id, json!({"stage": line.stages[2]})).await.expect(422)["errors"][0]["field"],
        "/stage"
    );
    assert_eq!(history(&world.owner, &id).await, ["created", "lost", "reopened"]);
    let before = world.owner.get(&format!("{path}/replay?at=2026-11-20T12:00:00Z")).await;
    assert_eq!(before.expect(200)["stages"].as_array().map(Vec::len), Some(3), "the past has it still");
    world.app.settle().await;
}

#[tokio::test]
async fn the_last_pipeline_and_one_with_deals_stay() {
    let world = World::start().await;
    let (first, line) = (Line::first(&world).await, Line::made(&world, "Own", 1).await);
    let id = id_of(&world.owner, json!({"title": "A", "pipeline": line.id})).await;
    let path = format!("/v1/pipelines/{}", line.id);
    world.owner.delete(&path).await.problem(409, "pipeline_in_use");
    world.owner.delete(&format!("/v1/deals/{id}")).await.expect(204);
    world.owner.delete(&path).await.problem(409, "pipeline_in_use");
    // Two people take away the last two at once.
    let third = Line::made(&world, "Third", 1).await;
    world.owner.post(&format!("/v1/deals/{id}/restoration"), json!({})).await.expect(200);
    drag(&world.owner, &id, json!({"stage": third.stages[0]})).await.expect(200);
    world.owner.delete(&path).await.expect(204);
    close(&world.owner, &id, "won").await.expect(200);
    world.owner.delete(&format!("/v1/pipelines/{}", first.id)).await.expect(204);
    world.owner.delete(&format!("/v1/pipelines/{}", third.id)).await.problem(409, "pipeline_last");
    world.app.settle().await;
}

#[tokio::test]
async fn nobody_comes_into_a_stage_that_is_taken_away() {
    let world = World::start().await;
    let line = Line::made(&world, "Own", 3).await;
    for round in 0..6 {
        let id = id_of(&world.owner, json!({"title": "A", "stage": line.stages[0]})).await;
        let made = world.owner.get(&format!("/v1/pipelines/{}", line.id)).await;
        let mut stages = made.expect(200)["stages"].as_array().expect("stages").clone();
        let target = stages[2]["id"].clone();
        stages[2] = json!({"name": format!("Next {round}"), "probability": 0});
        let (path, change) = (format!("/v1/pipelines/{}", line.id), json!({ "stages": stages }));
        let take = async { world.owner.patch(&path, change).await };
        let moves = async { drag(&world.owner, &id, json!({"stage": target})).await };
        let answers =
            join_all([Box::pin(take) as std::pin::Pin<Box<dyn Future<Output = tests::Answer>>>, Box::pin(moves)]).await;
        let statuses = (answers[0].status, answers[1].status);
        assert!(matches!(statuses, (200, 422) | (409, 200)), "{statuses:?}: one of them, never both");
        let lost = "select count(*) from deals d join pipeline_stages s on s.id = d.stage_id where s.removed_at is not null and d.status = 'open'";
        assert_eq!(world.count(lost).await, 0);
    }
    world.app.settle().await;
}

#[tokio::test]
async fn a_stage_asks_for_own_fields_until_they_are_put_away_or_deleted() {
    let world = World::start().await;
    let owner = &world.owner;
    let field = define(owner, json!({"record": "deal", "label": "Seats", "type": "number"})).await;
    let (key, at) = (field["key"].as_str().expect("a key").to_owned(), path_of(&field));
    let stages = json!([{"name": "Any"}, {"name": "Ready", "requires": ["source"], "requires_custom": [key]}]);
    let made = owner.post("/v1/pipelines", json!({"name": "B", "stages": stages})).await.expect(201).clone();
    let line = Line::of(&made);
    assert_eq!(made["stages"][1]["requires_custom"], json!([key]));
    assert_eq!(line.board(owner, "").await["stages"][1]["requires_custom"], json!([key]));
    let id = id_of(owner, json!({"title": "A", "pipeline": line.id, "source": "web"})).await;
    let to = json!({"stage": line.stages[1]});
    let refused = drag(owner, &id, to.clone()).await.expect(422)["errors"].clone();
    assert_eq!(
        (&refused[0]["field"], &refused[0]["code"], refused.as_array().map(Vec::len)),
        (&json!(format!("/custom/{key}")), &json!("stage_requires"), Some(1))
    );
    // A deal that is made there is asked too, and what it says counts.
    let there = |custom: Value| json!({"title": "B", "stage": line.stages[1], "source": "web", "custom": custom});
    let bare = owner.post("/v1/deals", there(json!({}))).await;
    assert_eq!(bare.expect(422)["errors"][0]["field"], format!("/custom/{key}"));
    owner.post("/v1/deals", there(json!({ (key.clone()): 2 }))).await.expect(201);
    // While it is put away nobody could fill it in; it is asked for again when it comes back.
    owner.patch(&at, json!({"archived": true})).await.expect(200);
    drag(owner, &id, to.clone()).await.expect(200);
    drag(owner, &id, json!({"stage": line.stages[0]})).await.expect(200);
    owner.patch(&at, json!({"archived": false})).await.expect(200);
    drag(owner, &id, to.clone()).await.expect(422);
    owner.patch(&format!("/v1/deals/{id}"), json!({"custom": { (key.clone()): 1 }})).await.expect(200);
    drag(owner, &id, to.clone()).await.expect(200);
    // A field that is deleted is asked for no longer, nor is another one of its name.
    owner.patch(&at, json!({"archived": true})).await.expect(200);
    owner.delete(&format!("{at}?values=2")).await.expect(204);
    world.app.settle().await;
    let path = format!("/v1/pipelines/{}", line.id);
    define(owner, json!({"record": "deal", "label": "Seats", "key": key, "type": "number"})).await;
    let read = owner.get(&path).await.expect(200).clone();
    assert_eq!(
        (&read["stages"][1]["requires_custom"], &read["stages"][1]["requires"]),
        (&json!([]), &json!(["source"]))
    );
    owner.post("/v1/deals", there(json!({}))).await.expect(201);
    let unknown = json!({"stages": [{"name": "A", "requires_custom": [key, "luck"]}]});
    let unknown = owner.post("/v1/pipelines", json!({"name": "C", "stages": unknown["stages"]})).await;
    assert_eq!(unknown.expect(422)["errors"][0]["field"], "/stages/0/requires_custom/1");
    world.app.settle().await;
}

#[tokio::test]
async fn nobody_comes_into_a_pipeline_that_is_taken_away() {
    let world = World::start().await;
    for round in 0..6 {
        let line = Line::made(&world, &format!("Line {round}"), 2).await;
        let path = format!("/v1/pipelines/{}", line.id);
        let makes = (0..4).map(|i| world.owner.post("/v1/deals", json!({"title": "A", "stage": line.stages[i % 2]})));
        let (made, taken) = tokio::join!(join_all(makes), world.owner.delete(&path));
        let made: Vec<u16> = made.iter().map(|answer| answer.status).collect();
        match taken.status {
            204 => assert!(made.iter().all(|status| *status == 422), "{made:?}: the stage is gone"),
            other => assert!(other == 409 && made.iter().all(|status| matches!(status, 201 | 422)), "{other} {made:?}"),
        }
        let lost = "select count(*) from deals d where not exists (select from pipelines p where p.id = d.pipeline_id)";
        assert_eq!(world.count(lost).await, 0);
    }
    world.app.settle().await;
}
