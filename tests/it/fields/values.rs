//! Values of records: what is taken, found, ordered, told apart, handed out and erased.
use super::{define, path_of, refused};
use crate::{
    contacts::{id_of, names},
    forms::World,
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// One field of each type that people fill in.
async fn one_of_each(world: &World) {
    for field in [
        json!({"label": "Word", "type": "text"}),
        json!({"label": "Story", "type": "long_text"}),
        json!({"label": "Size", "type": "number", "decimals": 2}),
        json!({"label": "Budget", "type": "money", "currency": "EUR"}),
        json!({"label": "Day", "type": "date"}),
        json!({"label": "Plan", "type": "select", "options": [{"label": "Free"}, {"label": "Paid"}]}),
        json!({"label": "Likes", "type": "multi_select", "options": [{"label": "Tea"}, {"label": "Rain"}, {"label": "Dogs"}]}),
        json!({"label": "Ok", "type": "checkbox"}),
        json!({"label": "Friend", "type": "link", "target": "contact"}),
        json!({"label": "Paper", "type": "file"}),
    ] {
        define(&world.owner, field).await;
    }
}

#[tokio::test]
async fn each_type_takes_its_values_and_nothing_else() {
    let world = World::start().await;
    one_of_each(&world).await;
    let friend = id_of(&world.owner, json!({"first_name": "Friend"})).await;
    let good = json!({
        "word": " Höhe\u{7} ", "story": "one\ntwo", "size": -1.25, "budget": 1999, "day": "2024-02-29", "plan": "paid",
        "likes": ["dogs", "tea", "dogs"], "ok": false, "friend": friend
    });
    let id = id_of(&world.owner, json!({"first_name": "Ada", "custom": good})).await;
    let path = format!("/v1/contacts/{id}");
    let kept = world.owner.get(&path).await.expect(200)["custom"].clone();
    let expected = json!({
        "word": "Höhe", "story": "one\ntwo", "size": -1.25, "budget": 1999, "day": "2024-02-29", "plan": "paid",
        "likes": ["tea", "dogs"], "ok": false, "friend": friend
    });
    assert_eq!(kept, expected);
    for (key, value, code) in [
        ("word", json!(1), "text_invalid"),
        ("word", json!("x".repeat(256)), "too_long"),
        ("story", json!("x".repeat(10_001)), "too_long"),
        ("size", json!("1"), "number_invalid"),
        ("size", json!(1.234), "too_precise"),
        ("size", json!(1e13), "range"),
        ("budget", json!(1.5), "amount_invalid"),
        ("budget", json!(100_000_000_000_001i64), "range"),
        ("day", json!("2025-02-29"), "date_invalid"),
        ("day", json!("0001-01-01"), "range"),
        ("plan", json!("gold"), "option_unknown"),
        ("plan", json!(["paid"]), "option_unknown"),
        ("likes", json!("tea"), "option_unknown"),
        ("likes", json!(["tea", "cats"]), "option_unknown"),
        ("ok", json!("yes"), "boolean_invalid"),
        ("friend", json!("com_00000000000000000000000000"), "id_invalid"),
        ("friend", json!("con_00000000000000000000000000"), "record_unknown"),
        ("paper", json!("fil_00000000000000000000000000"), "file_unknown"),
        ("nobody", json!(1), "field_unknown"),
    ] {
        let answer = world.owner.patch(&path, json!({"custom": {key: value}})).await;
        assert_eq!(refused(&answer), [(format!("/custom/{key}"), code.to_owned())], "{key} {value}");
    }
    let nothing = json!({"word": "", "story": null, "likes": [], "plan": "", "ok": null});
    let left = world.owner.patch(&path, json!({"custom": nothing})).await.expect(200)["custom"].clone();
    assert_eq!(left, json!({"size": -1.25, "budget": 1999, "day": "2024-02-29", "friend": friend}));
    world.app.settle().await;
    let told = world.tenant_query("select payload::text from events where kind = 'contact.updated'").await;
    let told: String = told.iter().map(|row| row.get::<_, String>(0)).collect();
    assert!(told.contains("custom.word") && !told.contains("Höhe"), "{told}");
}

#[tokio::test]
async fn defaults_and_what_is_required_are_asked_of_new_records_only() {
    let world = World::start().await;
    let old = id_of(&world.owner, json!({"first_name": "Old"})).await;
    define(&world.owner, json!({"label": "Plan", "type": "text", "default": "free"})).await;
    define(&world.owner, json!({"label": "Code", "type": "text", "required": true})).await;
    let lacking = world.owner.post("/v1/contacts", json!({"first_name": "New"})).await;
    assert_eq!(refused(&lacking), [("/custom/code".into(), "required".into())]);
    let made = world.owner.post("/v1/contacts", json!({"first_name": "New", "custom": {"code": "x"}})).await;
    assert_eq!(made.expect(201)["custom"], json!({"code": "x", "plan": "free"}));
    let path = format!("/v1/contacts/{old}");
    world.owner.patch(&path, json!({"last_name": "L"})).await.expect(200);
    let emptied = world.owner.patch(&path, json!({"custom": {"code": ""}})).await;
    assert_eq!(refused(&emptied), [("/custom/code".into(), "required".into())]);
    assert_eq!(world.owner.get(&path).await.expect(200)["custom"], json!({}));
}

#[tokio::test]
async fn one_of_many_gets_a_unique_value() {
    let world = World::start().await;
    let field = define(&world.owner, json!({"label": "Number", "type": "text", "unique": true})).await;
    let tries = (0..8).map(|n| {
        let owner = &world.owner;
        // Equal but for case and accents is equal.
        let value = if n % 2 == 0 { "É-1" } else { "e-1" };
        async move { owner.post("/v1/contacts", json!({"first_name": "A", "custom": {"number": value}})).await }
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 1);
    for answer in answers.iter().filter(|a| a.status != 201) {
        assert_eq!(refused(answer), [("/custom/number".into(), "not_unique".into())]);
    }
    assert_eq!(world.count("select count(*) from contacts").await, 1, "nothing is kept of the others");
    let other = id_of(&world.owner, json!({"first_name": "B", "custom": {"number": "2"}})).await;
    let path = format!("/v1/contacts/{other}");
    let taken = world.owner.patch(&path, json!({"custom": {"number": "E-1"}})).await;
    assert_eq!(refused(&taken), [("/custom/number".into(), "not_unique".into())]);
    world.owner.patch(&path_of(&field), json!({"unique": false})).await.expect(200);
    world.owner.patch(&path, json!({"custom": {"number": "E-1"}})).await.expect(200);
    let again = world.owner.patch(&path_of(&field), json!({"unique": true})).await;
    assert_eq!(refused(&again), [("/unique".into(), "not_unique".into())]);
}

#[tokio::test]
async fn a_field_becomes_unique_while_records_are_written() {
    let world = World::start().await;
    let field = define(&world.owner, json!({"label": "Number", "type": "number"})).await;
    let (owner, path) = (&world.owner, path_of(&field));
    let define = async { owner.patch(&path, json!({"unique": true})).await.status };
    let write = join_all((0..6).map(|_| async {
        owner.post("/v1/contacts", json!({"first_name": "A", "custom": {"number": 7}})).await.status
    }));
    let (defined, written) = futures_util::future::join(define, write).await;
    let equal = world.count("select count(*) from custom_field_values where number_key = 7000000").await;
    assert_eq!(written.iter().filter(|status| **status == 201).count() as i64, equal);
    assert!(defined == 200 && equal == 1 || defined == 422 && equal > 1, "{defined} {written:?} {equal}");
}

/// Names of contacts that a list gives, all pages.
async fn listed(world: &World, query: &str, limit: usize) -> Vec<String> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let answer = world.owner.get(&format!("/v1/contacts?{query}&limit={limit}{cursor}")).await;
        all.extend(names(answer.expect(200)));
        match answer.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn filters_and_orders_agree_with_a_slow_look_at_every_record() {
    let world = World::start().await;
    one_of_each(&world).await;
    let mut seed = 7u64;
    let mut draw = move |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    let mut random = move || {
        let mut custom = serde_json::Map::new();
        let words = ["Alpha", "beta", "Ünder", "alphabet", "50%_x"];
        for (key, value) in [
            ("word", json!(words[draw(5) as usize])),
            ("size", json!(draw(9) as f64 / 4.0 - 1.0)),
            ("budget", json!(draw(5) * 100)),
            ("day", json!(format!("2026-0{}-11", 1 + draw(4)))),
            ("plan", json!(["free", "paid"][draw(2) as usize])),
            ("likes", json!([["tea"], ["rain"], ["dogs"]][draw(3) as usize])),
            ("ok", json!(draw(2) == 1)),
        ] {
            match draw(4) {
                0 => custom.insert(key.to_owned(), Value::Null),
                1 => None,
                _ => custom.insert(key.to_owned(), value),
            };
        }
        Value::Object(custom)
    };
    let mut ids = vec![];
    for n in 0..30 {
        world.app.advance(TimeDelta::seconds(1));
        ids.push(id_of(&world.owner, json!({"display_name": format!("c{n:02}"), "custom": random()})).await);
    }
    for id in ids.iter().chain(&ids[..15]) {
        world.owner.patch(&format!("/v1/contacts/{id}"), json!({"custom": random()})).await.expect(200);
    }
    let page = world.owner.get("/v1/contacts?limit=200&sort=name").await.expect(200).clone();
    let all: Vec<(String, Value)> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["display_name"].as_str().unwrap().to_owned(), c["custom"].clone()))
        .collect();
    let is = |value: &Value, text: &str| value.as_str().is_some_and(|v| v.to_lowercase().replace('ü', "u") == text);
    type Fits = Box<dyn Fn(&Value) -> bool>;
    let checks: Vec<(&str, Fits)> = vec![
        ("custom.word:eq:ALPHA", Box::new(move |c| is(&c["word"], "alpha"))),
        ("custom.word:ne:alpha", Box::new(move |c| !is(&c["word"], "alpha"))),
        (
            "custom.word:prefix:alpha",
            Box::new(|c| c["word"].as_str().is_some_and(|w| w.to_lowercase().starts_with("alpha"))),
        ),
        ("custom.word:contains:under", Box::new(move |c| is(&c["word"], "under"))),
        ("custom.word:contains:%25_", Box::new(|c| c["word"] == "50%_x")),
        ("custom.word:empty:true", Box::new(|c| c.get("word").is_none())),
        ("custom.size:gte:0.25", Box::new(|c| c["size"].as_f64().is_some_and(|n| n >= 0.25))),
        ("custom.size:eq:-0.5", Box::new(|c| c["size"].as_f64() == Some(-0.5))),
        ("custom.size:in:0,1", Box::new(|c| matches!(c["size"].as_f64(), Some(n) if n == 0.0 || n == 1.0))),
        ("custom.budget:lt:200", Box::new(|c| c["budget"].as_i64().is_some_and(|n| n < 200))),
        ("custom.day:gt:2026-02-11", Box::new(|c| c["day"].as_str().is_some_and(|d| d > "2026-02-11"))),
        ("custom.plan:in:paid,free", Box::new(|c| c["plan"].is_string())),
        ("custom.plan:ne:paid", Box::new(|c| c["plan"] != "paid")),
        ("custom.likes:has:rain", Box::new(|c| c["likes"].as_array().is_some_and(|l| l.contains(&json!("rain"))))),
        ("custom.likes:empty:false", Box::new(|c| c["likes"].is_array())),
        ("custom.ok:eq:true", Box::new(|c| c["ok"] == true)),
        ("custom.ok:eq:false", Box::new(|c| c["ok"] != true)),
    ];
    for (filter, fits) in &checks {
        let slow: Vec<String> = all.iter().filter(|(_, c)| fits(c)).map(|(name, _)| name.clone()).collect();
        assert_eq!(listed(&world, &format!("filter={filter}&sort=name"), 4).await, slow, "{filter}");
    }
    for (key, number) in [("size", true), ("budget", true), ("day", false), ("plan", false), ("word", false)] {
        for descending in [false, true] {
            let mut with: Vec<&(String, Value)> = all.iter().filter(|(_, c)| c.get(key).is_some()).collect();
            let text = |c: &Value| c[key].as_str().unwrap_or("").to_lowercase().replace('ü', "u");
            // Equal values stand in the order of their ids, which is the order of their names here.
            with.sort_by(|a, b| match number {
                true => a.1[key].as_f64().partial_cmp(&b.1[key].as_f64()).unwrap().then(a.0.cmp(&b.0)),
                false => text(&a.1).cmp(&text(&b.1)).then(a.0.cmp(&b.0)),
            });
            if descending {
                with.reverse();
            }
            let without = all.iter().filter(|(_, c)| c.get(key).is_none());
            let slow: Vec<String> = with.into_iter().chain(without).map(|(name, _)| name.clone()).collect();
            let sort = format!("sort={}custom.{key}", if descending { "-" } else { "" });
            assert_eq!(listed(&world, &sort, 7).await, slow, "{sort}");
            let narrowed =
                listed(&world, &format!("{sort}&filter=custom.{key}:empty:false&filter=custom.ok:eq:true"), 3).await;
            let fitting: Vec<String> = slow
                .iter()
                .filter(|name| all.iter().any(|(n, c)| n == *name && c.get(key).is_some() && c["ok"] == true))
                .cloned()
                .collect();
            assert_eq!(narrowed, fitting, "{sort} narrowed");
        }
    }
    let range = listed(&world, "sort=custom.size&filter=custom.size:gte:0&filter=custom.size:lt:1", 2).await;
    let slow = all.iter().filter(|(_, c)| c["size"].as_f64().is_some_and(|n| (0.0..1.0).contains(&n))).count();
    assert_eq!(range.len(), slow);
    for (filter, code) in [
        ("custom.nobody:eq:1", "filter_field"),
        ("custom.size:contains:1", "filter_operator"),
        ("custom.size:eq:x", "filter_value"),
        ("custom.day:gt:soon", "filter_value"),
        ("custom.ok:eq:maybe", "filter_value"),
    ] {
        let answer = world.owner.get(&format!("/v1/contacts?filter={filter}")).await;
        assert_eq!(refused(&answer), [("/filter".into(), code.into())], "{filter}");
    }
    let unsorted = world.owner.get("/v1/contacts?sort=custom.likes").await;
    assert_eq!(refused(&unsorted), [("/sort".into(), "sort_field".into())]);
}

#[tokio::test]
async fn companies_and_deals_have_fields_too() {
    let world = World::start().await;
    for (record, path, named) in
        [("company", "/v1/companies", json!({"name": "Engines"})), ("deal", "/v1/deals", json!({"title": "Engines"}))]
    {
        let owner = &world.owner;
        let body = json!({"record": record, "label": "Rating", "type": "number", "required": true});
        owner.post("/v1/custom-fields", body).await.expect(201);
        let body = json!({"record": record, "label": "Twice", "type": "formula", "result": "number", "expression": "custom.rating * 2"});
        owner.post("/v1/custom-fields", body).await.expect(201);
        assert_eq!(refused(&owner.post(path, named.clone()).await), [("/custom/rating".into(), "required".into())]);
        let with = |rating: i64| {
            let mut body = named.clone();
            body["custom"] = json!({"rating": rating});
            body
        };
        let made = owner.post(path, with(3)).await;
        assert_eq!(made.expect(201)["custom"], json!({"rating": 3, "twice": 6}), "{record}");
        owner.post(path, with(5)).await.expect(201);
        let one = format!("{path}/{}", made.text_of("id"));
        assert_eq!(owner.patch(&one, json!({"custom": {"rating": 4}})).await.expect(200)["custom"]["twice"], 8);
        let found = owner.get(&format!("{path}?filter=custom.twice:eq:8&sort=-custom.rating")).await;
        assert_eq!(found.expect(200)["items"].as_array().map(Vec::len), Some(1), "{record}");
        let order = owner.get(&format!("{path}?sort=-custom.rating")).await;
        assert_eq!(order.expect(200)["items"][0]["custom"]["rating"], 5);
        let file = owner.get(&format!("{path}/export")).await;
        let first = file.text.lines().next().unwrap();
        assert!(first.ends_with("custom.rating,custom.twice"), "{first}");
        assert!(file.text.lines().any(|line| line.ends_with(",4,8")), "{}", file.text);
        owner.delete(&one).await.expect(204);
    }
    world.app.advance(TimeDelta::days(31));
    world.app.settle().await;
    let orphans =
        "select count(*) from custom_field_values v where not exists (select from companies c where c.id = v.record_id)
        and not exists (select from deals d where d.id = v.record_id)";
    assert_eq!(world.count(orphans).await, 0);
}

#[tokio::test]
async fn values_are_handed_out_exported_and_erased() {
    let world = World::start().await;
    one_of_each(&world).await;
    let custom = json!({"word": "=secret-word", "budget": 123_456, "plan": "paid", "likes": ["tea", "dogs"]});
    let ada = id_of(&world.owner, json!({"first_name": "Ada", "custom": custom})).await;
    let file = world.owner.get("/v1/contacts/export").await;
    assert!(file.text.contains("custom.word,custom.story,custom.size,custom.budget"), "{}", file.text);
    assert!(file.text.contains(",'=secret-word,,,1234.56,,Paid,Tea; Dogs,,,"), "{}", file.text);
    let asked = json!({"contact": ada, "kind": "export", "reason": "Asked by letter"});
    world.owner.post("/v1/data-requests", asked).await.expect(201);
    world.app.settle().await;
    let kept = world.tenant_query("select document::text from data_exports").await;
    assert!(kept.iter().any(|row| row.get::<_, String>(0).contains("secret-word")));
    let asked = json!({"contact": ada, "kind": "erasure", "reason": "Asked by letter"});
    let asked = world.owner.post("/v1/data-requests", asked).await;
    asked.expect(201);
    world.app.settle().await;
    let done = world.owner.get(&format!("/v1/data-requests/{}", asked.text_of("id"))).await;
    assert_eq!(done.expect(200)["proof"]["tables"]["custom_field_values"], 5, "{}", done.body);
    assert_eq!(world.count("select count(*) from custom_field_values").await, 0);
}
