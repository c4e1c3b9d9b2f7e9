//! Conditions with "and" and "or" in each other as a filter of deals: of their list, its counts, files, views and changes of many, of boards
//! and forecasts, now and then.
use super::deal_bulk_runs::run;
use super::{Line, add, close, drag, id_of};
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn field(field: &str, op: &str, values: Value) -> Value {
    json!({"kind": "field", "field": field, "op": op, "values": values})
}

fn group(kind: &str, rules: Value) -> Value {
    json!({"kind": kind, "rules": rules})
}

fn titles(items: &Value) -> Vec<&str> {
    items.as_array().expect("items").iter().map(|deal| deal["title"].as_str().expect("a title")).collect()
}

/// Large and from the fair, or in the second stage.
fn rules(line: &Line) -> String {
    let large =
        group("all", json!([field("amount", "at_least", json!(["500"])), field("source", "any_of", json!(["fair"]))]));
    let second = field("stage", "any_of", json!([line.stages[1]]));
    format!("rules:eq:{}", group("any", json!([large, second])))
}

#[tokio::test]
async fn lists_counts_files_views_boards_and_changes_of_many_mean_the_same() {
    let world = World::start().await;
    let client = &world.owner;
    let line = Line::first(&world).await;
    for (title, amount, stage, source) in
        [("Ant", 900, 0, "fair"), ("Bee", 900, 0, "form"), ("Cow", 10, 1, "form"), ("Dog", 10, 0, "fair")]
    {
        add(client, json!({"title": title, "amount": amount, "stage": line.stages[stage], "source": source})).await;
    }
    let said = rules(&line);
    let shown = async |query: String| {
        let page = client.get(&format!("/v1/deals?{query}")).await.expect(200)["items"].clone();
        titles(&page).iter().map(|title| (*title).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown(format!("sort=title&filter={said}")).await, ["Ant", "Cow"]);
    assert_eq!(shown(format!("sort=title&filter={said}&filter=source:eq:form")).await, ["Cow"]);
    let first = client.get(&format!("/v1/deals?limit=1&sort=-amount&filter={said}")).await;
    assert_eq!(titles(&first.expect(200)["items"]), ["Ant"]);
    assert_eq!(
        shown(format!("limit=1&sort=-amount&filter={said}&cursor={}", first.text_of("next_cursor"))).await,
        ["Cow"]
    );
    let named = field("title", "starts_with", json!(["cow"]));
    assert_eq!(shown(format!("filter=rules:eq:{named}")).await, ["Cow"]);
    assert_eq!(client.get(&format!("/v1/deals/count?filter={said}")).await.expect(200)["count"], 2);
    let file = client.get(&format!("/v1/deals/export?filter={said}")).await;
    assert_eq!((file.status, file.text.lines().count()), (200, 3), "{}", file.text);
    let board = line.board(client, &format!("filter={said}")).await;
    assert_eq!(board["count"], 2);
    assert_eq!(
        (titles(&board["stages"][0]["cards"]), titles(&board["stages"][1]["cards"])),
        (vec!["Ant"], vec!["Cow"])
    );
    let sums = client.get(&format!("/v1/deals/totals?filter={said}")).await;
    assert_eq!(sums.expect(200)["totals"][0]["amount"], 910, "{}", sums.body);

    let view = json!({"list": "deals", "kind": "board", "name": "Worth it", "filter": [said]});
    assert_eq!(client.post("/v1/saved-views", view).await.expect(201)["filter"], json!([said]));
    let change = json!({"matching": {"filter": [said]}, "change": {"owner": world.owner_id}});
    run(&world, client, "/v1/deal-bulk-runs", change).await;
    assert_eq!(shown("sort=title&filter=owner:empty:false".into()).await, ["Ant", "Cow"]);
    for wrong in [field("role", "any_of", json!(["other"])), json!({"kind": "has", "record": "task"})] {
        for path in [format!("/v1/pipelines/{}/board", line.id), "/v1/deals".into(), "/v1/deals/forecast".into()] {
            client.get(&format!("{path}?filter=rules:eq:{wrong}")).await.expect(422);
        }
    }
    world.app.settle().await;
}

#[tokio::test]
async fn what_history_keeps_is_asked_as_it_was_then() {
    let world = World::start().await;
    let client = &world.owner;
    let line = Line::first(&world).await;
    let cow = id_of(client, json!({"title": "Cow", "amount": 10, "stage": line.stages[1], "source": "form"})).await;
    let ant = id_of(client, json!({"title": "Ant", "amount": 900, "source": "fair"})).await;
    add(client, json!({"title": "Bee", "amount": 10, "source": "fair"})).await;
    let then = world.app.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let day = world.app.clock.now().date_naive();
    world.app.advance(TimeDelta::days(2));
    let client = &sign_in(&world.app, "northlight@example.com").await.0;
    drag(client, &cow, json!({"stage": line.stages[0]})).await.expect(200);
    client.patch(&format!("/v1/deals/{ant}"), json!({"amount": 1})).await.expect(200);
    close(client, &ant, "lost").await.expect(200);
    let said = rules(&line);
    assert_eq!(line.board(client, &format!("filter={said}")).await["count"], 0, "nothing fits now");
    let replay = client.get(&format!("/v1/pipelines/{}/replay?at={then}&filter={said}", line.id)).await;
    let stages = replay.expect(200)["stages"].clone();
    assert_eq!((titles(&stages[0]["cards"]), titles(&stages[1]["cards"])), (vec!["Ant"], vec!["Cow"]));
    let believed = client.get(&format!("/v1/deals/forecast/deals?as_of={day}&filter={said}")).await;
    assert_eq!(titles(&believed.expect(200)["items"]), ["Ant", "Cow"]);
    let became = client.get(&format!("/v1/deals/forecast?as_of={day}&filter={said}")).await;
    assert_eq!(became.expect(200)["totals"][0]["count"], 2, "{}", became.body);
    world.app.settle().await;
}
