//! Deals as a list and as a file.
use super::{Line, add, close, id_of};
use crate::forms::World;
use serde_json::{Value, json};

async fn found(world: &World, query: &str) -> Vec<String> {
    let page = world.owner.get(&format!("/v1/deals?{query}")).await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    items.iter().map(|deal| deal["title"].as_str().expect("a title").to_owned()).collect()
}

#[tokio::test]
async fn deals_are_filtered_sorted_and_searched() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada", "company_name": "Engines"})).await;
    for (title, amount, stage, close_on, source) in [
        ("Roof", 300, 0, json!("2026-12-01"), "fair"),
        ("Élan wall", 100, 1, json!(null), "form"),
        ("Door 50%", 200, 1, json!("2026-11-30"), "fair"),
    ] {
        let contacts = if title == "Roof" { json!([{"contact": ada}]) } else { json!([]) };
        let mut deal = json!({"title": title, "amount": amount, "stage": line.stages[stage], "source": source, "contacts": contacts});
        if !close_on.is_null() {
            deal["expected_close"] = close_on;
        }
        add(&world.owner, deal).await;
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    let lost = id_of(&world.owner, json!({"title": "Lost", "owner": world.owner_id})).await;
    close(&world.owner, &lost, "lost").await.expect(200);
    for (query, expected) in [
        ("", vec!["Lost", "Door 50%", "Élan wall", "Roof"]),
        ("sort=title", vec!["Door 50%", "Élan wall", "Lost", "Roof"]),
        ("sort=-amount&limit=2", vec!["Roof", "Door 50%"]),
        ("sort=expected_close&filter=status:eq:open", vec!["Door 50%", "Roof", "Élan wall"]),
        ("sort=stage_since&filter=amount:gt:0", vec!["Roof", "Élan wall", "Door 50%"]),
        (&format!("filter=stage:eq:{}&sort=title", line.stages[1]), vec!["Door 50%", "Élan wall"]),
        (&format!("filter=pipeline:eq:{}&filter=source:eq:fair&sort=title", line.id), vec!["Door 50%", "Roof"]),
        ("filter=amount:gte:200&sort=amount", vec!["Door 50%", "Roof"]),
        ("filter=expected_close:empty:true&filter=status:eq:open", vec!["Élan wall"]),
        ("filter=expected_close:lte:2026-11-30", vec!["Door 50%"]),
        ("filter=status:in:won,lost", vec!["Lost"]),
        ("filter=reason:eq:Price", vec!["Lost"]),
        ("filter=title:prefix:elan", vec!["Élan wall"]),
        ("filter=closed_at:empty:false", vec!["Lost"]),
        ("filter=owner:empty:false", vec!["Lost"]),
        (&format!("contact={ada}"), vec!["Roof"]),
        ("q=elan", vec!["Élan wall"]),
        ("q=engines", vec!["Roof"]),
        ("q=ro%20ada", vec!["Roof"]),
        ("q=oo", vec![]),
        ("q=oof", vec!["Roof"]),
        ("q=50%25", vec!["Door 50%"]),
        ("q=%25", vec![]),
        ("q=nothing", vec![]),
    ] {
        assert_eq!(found(&world, query).await, expected, "{query}");
    }
    for (query, status, code) in [
        ("filter=shoe_size:eq:44", 422, "invalid"),
        ("filter=amount:eq:much", 422, "invalid"),
        ("filter=stage:eq:New", 422, "invalid"),
        ("filter=expected_close:lt:soon", 422, "invalid"),
        ("sort=status", 422, "invalid"),
        ("limit=201", 422, "invalid"),
        ("cursor=nonsense", 400, "cursor_invalid"),
        ("contact=x", 400, "request_invalid"),
    ] {
        let answer = world.owner.get(&format!("/v1/deals?{query}")).await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str().unwrap_or("")),
            (status, code),
            "{query}: {}",
            answer.text
        );
    }
    world.app.settle().await;
}

/// Reads a list page by page.
async fn paged(world: &World, query: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = world.owner.get(&format!("/v1/deals?{query}&limit={limit}{cursor}")).await;
        let items = page.expect(200)["items"].as_array().expect("items").clone();
        all.extend(items.into_iter().map(|c| c["id"].clone()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn pages_of_any_size_make_the_whole_list() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    for i in 0..17 {
        let mut deal = json!({"title": format!("Name {}", i % 4), "amount": i % 5, "stage": line.stages[i % 2]});
        if i % 3 > 0 {
            deal["expected_close"] = json!(format!("2026-12-{:02}", i % 3));
        }
        add(&world.owner, deal).await;
    }
    let place = format!("sort=place&filter=stage:eq:{}", line.stages[0]);
    for query in [
        "sort=title",
        "sort=-amount",
        "sort=expected_close",
        "sort=-expected_close",
        "sort=-stage_since",
        "q=name&sort=title",
        &place,
    ] {
        let whole = paged(&world, query, 200).await;
        assert_eq!(whole.len(), if query.contains("place") { 9 } else { 17 }, "{query}");
        for limit in [1, 4, 8, 16, 17] {
            assert_eq!(paged(&world, query, limit).await, whole, "{query} by {limit}");
        }
    }
    world.app.settle().await;
}

#[tokio::test]
async fn the_file_has_every_deal_and_no_formula() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    for i in 0..203 {
        add(&world.owner, json!({"title": format!("Deal {i:03}"), "amount": i, "stage": line.stages[i % 2]})).await;
        world.app.advance(chrono::TimeDelta::microseconds(1));
    }
    let harbour = world.owner.post("/v1/companies", json!({"name": "+Harbour"})).await.expect(201)["id"].clone();
    let nasty = json!({"title": "=HYPERLINK(\"http://evil.example\")", "amount": 12_345, "currency": "EUR", "expected_close": "2026-12-01",
        "contacts": [{"contact": ada}], "company": harbour});
    add(&world.owner, nasty).await;
    let file = world.owner.get("/v1/deals/export").await;
    file.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"deals.csv\"");
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert!(lines[0].starts_with("id,title,pipeline,stage,"), "{}", lines[0]);
    assert_eq!(lines.iter().filter(|l| l.starts_with("dea_")).count(), 204);
    assert!(lines[1].contains(",Deal 000,Sales,New,open,,0,USD,"), "the oldest comes first: {}", lines[1]);
    let cells =
        "\"'=HYPERLINK(\"\"http://evil.example\"\")\",Sales,New,open,,12345,EUR,,USD,2026-12-01,,,,'+Harbour,Ada,";
    assert!(lines[204].contains(cells), "{}", lines[204]);
    let some = world.owner.get("/v1/deals/export?filter=amount:lt:10&q=deal").await;
    assert_eq!(some.text.matches("\r\n").count(), 11);
    world.owner.get("/v1/deals/export?filter=nonsense:eq:1").await.expect(422);
    assert_eq!(world.events().await.iter().filter(|k| *k == "deal.exported").count(), 2);
    world.app.settle().await;
}
