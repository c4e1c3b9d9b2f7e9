//! Reports stay readable whatever words a website is sent.
use super::reports::report;
use crate::forms::World;
use serde_json::{Value, json};

fn table<'a>(report: &'a Value, key: &str) -> &'a Vec<Value> {
    let tables = report["tables"].as_array().expect("tables");
    let found = tables.iter().find(|table| table["key"] == key).unwrap_or_else(|| panic!("no {key}"));
    found["lines"].as_array().expect("lines")
}

fn first(line: &Value) -> i64 {
    line["numbers"][0]["value"].as_i64().unwrap_or(0)
}

#[tokio::test]
async fn sources_that_say_least_are_one_line_and_nothing_is_lost() {
    let world = World::start().await;
    for (n, source) in (0..60).map(|n| (n, format!("spam-{n}"))).chain((60..63).map(|n| (n, "news".to_owned()))) {
        let touch = json!({"utm": {"source": source}});
        let body = json!({"display_name": format!("Person {n}"), "source": source, "touch": touch});
        world.owner.post("/v1/contacts", body).await.expect(201);
        let body = json!({"title": format!("Deal {n}"), "amount": 100, "currency": "EUR", "source": source});
        world.owner.post("/v1/deals", body).await.expect(201);
    }
    let sources = report(&world.owner, "sources", "span=this_year").await;
    for key in ["contacts_by_source", "contacts_by_first_touch"] {
        let lines = table(&sources, key);
        assert_eq!(lines.iter().map(first).sum::<i64>(), 63, "{key}");
        assert_eq!((lines.len(), lines[0]["label"]["text"].as_str()), (51, Some("news")), "{key}");
        let last = lines.last().expect("a line");
        assert_eq!((&last["label"], first(last)), (&json!({"word": "others"}), 11), "{key}");
        assert_eq!(last["numbers"][0].get("rows"), None, "no list shows all others");
        assert!(lines[0]["numbers"][0]["rows"]["filter"].is_array());
    }
    let lines = table(&sources, "deals_by_source");
    assert_eq!((lines.len(), lines.iter().map(first).sum::<i64>()), (51, 63));
    assert_eq!(lines.last().expect("a line")["label"], json!({"word": "others"}));
    let file = world.owner.get("/v1/reports/export?kind=sources&span=this_year&format=csv").await;
    file.expect(200);
    assert!(file.text.contains("All others") && !file.text.contains('\u{1}'), "{}", file.text);
    world.app.settle().await;
}
