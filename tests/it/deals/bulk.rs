//! Many deals changed at once.
use super::{Line, close, history, id_of};
use crate::contacts::member_with;
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Client};

async fn change(client: &Client, body: Value) -> Answer {
    client.post("/v1/deals/bulk-changes", body).await
}

async fn some(world: &World, count: usize) -> Vec<String> {
    let mut deals = vec![];
    for i in 0..count {
        deals.push(id_of(&world.owner, json!({"title": format!("Deal {i}"), "amount": 100})).await);
    }
    deals
}

#[tokio::test]
async fn many_get_an_owner_a_day_and_a_stage_and_the_rest_is_counted() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let deals = some(&world, 4).await;
    close(&world.owner, &deals[3], "won").await.expect(200);
    let ghost = "dea_01arz3ndektsv4rrffq69g5fav";
    let all: Vec<&str> = deals.iter().map(String::as_str).chain([ghost]).collect();
    let body = json!({"deals": all, "owner": world.owner_id, "expected_close": "2026-12-24", "stage": line.stages[2]});
    let done = change(&world.owner, body.clone()).await.expect(200).clone();
    assert_eq!((&done["changed"], &done["refused"], &done["missing"]), (&json!(3), &json!(1), &json!(1)));
    assert_eq!(done["deals"].as_array().map(Vec::len), Some(3));
    let read = async |id: &str| world.owner.get(&format!("/v1/deals/{id}")).await.expect(200).clone();
    let first = read(&deals[0]).await;
    assert_eq!(
        (&first["owner"], &first["expected_close"], &first["stage"]),
        (&json!(world.owner_id), &json!("2026-12-24"), &json!(line.stages[2]))
    );
    assert_eq!(history(&world.owner, &deals[0]).await, ["created", "changed", "moved"]);
    assert_eq!(read(&deals[3]).await.get("owner"), None, "a closed deal goes nowhere, and stays as it is");
    let again = change(&world.owner, body).await;
    assert_eq!((&again.expect(200)["changed"], &again.body["deals"]), (&json!(0), &json!([])), "nothing is different");

    let refusal = json!([{"deal": deals[3], "code": "deal_closed", "fields": []}]);
    assert_eq!(done["refusals"], refusal);
    change(&world.owner, json!({"deals": []})).await.problem(422, "invalid");
    change(&world.owner, json!({"deals": deals, "stage": "stg_01arz3ndektsv4rrffq69g5fav"}))
        .await
        .problem(422, "invalid");
    world.app.settle().await;
}

#[tokio::test]
async fn a_stage_that_asks_for_something_may_be_given_it_in_the_same_change() {
    let world = World::start().await;
    let stages = json!([{"name": "Any"}, {"name": "Owned", "requires": ["owner"]}]);
    let line = world.owner.post("/v1/pipelines", json!({"name": "B", "stages": stages})).await.expect(201).clone();
    let deal = id_of(&world.owner, json!({"title": "A", "pipeline": line["id"]})).await;
    let to = json!({"deals": [deal], "stage": line["stages"][1]["id"]});
    let refused = change(&world.owner, to.clone()).await;
    assert_eq!(refused.expect(200)["refusals"], json!([{"deal": deal, "code": "stage_requires", "fields": ["owner"]}]));
    let mut owned = to;
    owned["owner"] = json!(world.owner_id);
    assert_eq!(change(&world.owner, owned).await.expect(200)["changed"], 1);
    world.app.settle().await;
}

#[tokio::test]
async fn many_end_with_a_reason_and_are_opened_again_also_at_once() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let deals = some(&world, 5).await;
    close(&world.owner, &deals[4], "won").await.expect(200);
    let lost = |deals: Value| json!({"deals": deals, "outcome": {"status": "lost", "reason": "Price"}});
    let reasonless = json!({"deals": deals, "outcome": {"status": "abandoned"}});
    let problem = change(&world.owner, reasonless).await.problem(422, "invalid").clone();
    assert_eq!(problem["errors"][0]["field"], "/outcome/reason");
    // Two who close the same ones, in other orders: each deal ends once.
    let back: Vec<&String> = deals.iter().rev().collect();
    let both = join_all([json!(deals), json!(back)].map(|deals| change(&world.owner, lost(deals)))).await;
    let changed: i64 = both.iter().map(|done| done.expect(200)["changed"].as_i64().expect("a count")).sum();
    assert_eq!(changed, 4);
    assert_eq!(history(&world.owner, &deals[0]).await, ["created", "lost"]);
    let outcomes = "select coalesce(sum(closed), 0)::bigint from stage_outcomes";
    assert_eq!(world.count(outcomes).await, 5);
    let open = change(&world.owner, json!({"deals": deals[..4], "reopened": true})).await;
    assert_eq!((&open.expect(200)["changed"], &open.body["refused"]), (&json!(4), &json!(0)));
    assert_eq!((world.count(outcomes).await, line.cards(&world.owner).await[0].len()), (1, 4));
    let again = change(&world.owner, json!({"deals": deals[..1], "reopened": true})).await;
    assert_eq!(again.expect(200)["refusals"][0]["code"], "deal_open");
    world.app.settle().await;
}

#[tokio::test]
async fn many_are_deleted_and_come_back() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let deals = some(&world, 3).await;
    let done = change(&world.owner, json!({"deals": deals, "deleted": true})).await;
    assert_eq!(done.expect(200)["changed"], 3);
    assert_eq!(line.cards(&world.owner).await[0].len(), 0);
    let back = change(&world.owner, json!({"deals": done.body["deals"], "deleted": false})).await;
    assert_eq!(back.expect(200)["changed"], 3);
    assert_eq!(line.cards(&world.owner).await[0].len(), 3);

    let (mover, _) = member_with(&world, "Mover", json!({"deals.read": "all", "deals.mass_update": "all"})).await;
    change(&mover, json!({"deals": deals, "deleted": true})).await.problem(403, "permission_missing");
    let (looks, _) = member_with(&world, "Looks", json!({"deals.read": "all", "deals.write": "all"})).await;
    change(&looks, json!({"deals": deals, "owner": null})).await.problem(403, "permission_missing");
    let (own, _) = member_with(&world, "Own", json!({"deals.*": "own"})).await;
    assert_eq!(change(&own, json!({"deals": deals, "expected_close": null})).await.expect(200)["missing"], 3);
    world.app.settle().await;
}

#[tokio::test]
async fn changes_of_the_same_deals_at_once_all_end_and_leave_one_place_each() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let deals = some(&world, 6).await;
    let back: Vec<&String> = deals.iter().rev().collect();
    let moves = (0..8).map(|i| {
        let deals = if i % 2 == 0 { json!(deals) } else { json!(back) };
        change(&world.owner, json!({"deals": deals, "stage": line.stages[i % 4]}))
    });
    for answer in join_all(moves).await {
        answer.expect(200);
    }
    let cards = line.cards(&world.owner).await;
    assert_eq!(cards.iter().map(Vec::len).sum::<usize>(), 6);
    assert_eq!(cards.iter().filter(|stage| !stage.is_empty()).count(), 1, "the last one took all: {cards:?}");
    let places =
        "select count(*) from deals d join deals o on o.stage_id = d.stage_id and o.rank = d.rank and o.id <> d.id";
    assert_eq!(world.count(places).await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn what_takes_a_change_back_leaves_alone_whatever_somebody_changed_since() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let deals = some(&world, 3).await;
    let moved = change(&world.owner, json!({"deals": deals, "stage": line.stages[2]})).await.expect(200).clone();
    let (ids, versions) = (moved["deals"].clone(), moved["versions"].clone());
    let read = async |id: &str| world.owner.get(&format!("/v1/deals/{id}")).await.expect(200).clone();
    let mut now = vec![];
    for id in ids.as_array().expect("ids") {
        now.push(read(id.as_str().expect("an id")).await["version"].clone());
    }
    assert_eq!(json!(now), versions);
    // Somebody changes one of them before the change is taken back.
    let touched = ids[1].as_str().expect("an id").to_owned();
    world.owner.patch(&format!("/v1/deals/{touched}"), json!({"title": "Mine"})).await.expect(200);
    let back = json!({"deals": ids, "versions": versions, "stage": line.stages[0]});
    let done = change(&world.owner, back.clone()).await.expect(200).clone();
    assert_eq!((&done["changed"], &done["refused"]), (&json!(2), &json!(1)));
    assert_eq!(done["refusals"], json!([{"deal": touched, "code": "stale", "fields": []}]));
    assert_eq!(read(&touched).await["stage"], line.stages[2]);
    // Once is enough: nothing is as it was when the versions were read.
    assert_eq!(change(&world.owner, back).await.expect(200)["refused"], 3);

    // The same for ends and deletions, whose versions count also while nobody can read them.
    for there in [json!({"deleted": true}), json!({"outcome": {"status": "lost", "reason": "Price"}})] {
        let mut body = there.clone();
        body["deals"] = json!(deals);
        let done = change(&world.owner, body).await.expect(200).clone();
        let mut back = match there.get("deleted") {
            Some(_) => json!({"deleted": false}),
            None => json!({"reopened": true}),
        };
        back["deals"] = done["deals"].clone();
        back["versions"] =
            done["versions"].as_array().expect("versions").iter().map(|v| json!(v.as_i64().unwrap_or(0) - 1)).collect();
        let stale = change(&world.owner, back.clone()).await.expect(200).clone();
        assert_eq!((&stale["changed"], &stale["refusals"][0]["code"]), (&json!(0), &json!("stale")));
        back["versions"] = done["versions"].clone();
        assert_eq!(change(&world.owner, back).await.expect(200)["changed"], 3);
    }
    let uneven = change(&world.owner, json!({"deals": deals, "versions": [1], "owner": null})).await;
    let problem = uneven.problem(422, "invalid");
    assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("/versions"), &json!("count")));
    world.app.settle().await;
}
