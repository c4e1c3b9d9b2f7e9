//! What rules may say, what they give, and where the number is seen.
use super::{behaviour, fit, score, set};
use crate::{
    contacts::{id_of, member_with, names},
    followups::{log, owner},
    forms::{World, answers, enquiry},
    segments::{dynamic, field, has, members, tag},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn reasons(score: &Value) -> Vec<(String, i64, i64)> {
    let all = score["reasons"].as_array().expect("reasons").iter();
    let number = |reason: &Value, of: &str| reason[of].as_i64().expect("a number");
    all.map(|r| (r["rule"].as_str().expect("a rule").to_owned(), number(r, "points"), number(r, "count"))).collect()
}

#[tokio::test]
async fn an_account_begins_with_rules_and_what_happens_gives_points_that_fade() {
    let world = World::start().await;
    let client = &world.owner;
    let form = world.published(enquiry(), json!({})).await;
    world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    world.app.settle().await;
    let page = client.get("/v1/contacts").await.expect(200).clone();
    let ada = page["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/contacts/{ada}/score");
    let found = client.get(&path).await.expect(200).clone();
    let first = reasons(&found);
    assert!(first.contains(&("form".into(), 15, 1)) && first.contains(&("email".into(), 5, 1)), "{found}");
    let form_reason = found["reasons"].as_array().unwrap().iter().find(|reason| reason["rule"] == "form").unwrap();
    assert_eq!(form_reason["name"], "Answered a form");
    assert!(form_reason["newest"].as_str().unwrap().starts_with("2026-11-20"), "{form_reason}");
    let begun = score(&world, client, &ada).await.0;
    assert_eq!(begun, first.iter().map(|reason| reason.1).sum::<i64>());
    assert_eq!(page["items"][0]["score"], begun, "and the list says it without being asked for more");
    log(client, &ada, json!({"kind": "call", "direction": "outbound"})).await;
    let deal =
        json!({"title": "Loom", "amount": 50_000, "currency": "EUR", "contacts": [{"contact": ada, "role": "user"}]});
    let deal = client.post("/v1/deals", deal).await.text_of("id");
    let (now, band) = score(&world, client, &ada).await;
    assert_eq!((now, band.as_str()), (begun + 30, "warm"), "a call and an open deal");
    // After a half-life of both, what happened is worth half; what is known is not.
    world.app.advance(TimeDelta::days(30));
    let client = owner(&world).await;
    let counted = score(&world, &client, &ada).await.0;
    let half = reasons(client.get(&path).await.expect(200));
    assert!(half.contains(&("form".into(), 8, 1)) && half.contains(&("talked".into(), 5, 1)), "{half:?}");
    assert_eq!(counted, now - 7 - 5);
    let lost = json!({"status": "lost", "reason": "Price"});
    client.post(&format!("/v1/deals/{deal}/outcome"), lost).await.expect(200);
    client.put(&format!("/v1/contacts/{ada}/do-not-contact/all"), json!({})).await.expect(204);
    let (end, band) = score(&world, &client, &ada).await;
    let why = client.get(&path).await.expect(200).clone();
    assert!(reasons(&why).contains(&("lost".into(), -10, 1)), "{why}");
    assert_eq!(reasons(&why)[0], ("blocked".into(), -30, 1), "what matters most comes first");
    assert_eq!((end, band.as_str()), (why["sum"].as_i64().unwrap().max(0), "cold"), "never below 0");
    let moved: Vec<_> = world.events().await.into_iter().filter(|kind| kind.starts_with("score.")).collect();
    assert_eq!(moved.len(), 2, "warm and cold again: {moved:?}");
    let told = world
        .tenant_query("select payload::text from events where kind = 'score.band_changed' order by occurred_at")
        .await;
    let told: Value = serde_json::from_str(told[0].get(0)).unwrap();
    assert_eq!(told, json!({"from": "cold", "to": "warm", "score": now}));
}

#[tokio::test]
async fn rules_are_the_accounts_and_lists_segments_and_files_know_the_number() {
    let world = World::start().await;
    let client = &world.owner;
    let vip = tag(client, "vip").await;
    let mut ids = vec![];
    for (name, tags, tier) in [
        ("Ada", json!(["vip"]), json!("gold")),
        ("Bob", json!([]), Value::Null),
        ("Cid", json!(["vip"]), json!("bronze")),
    ] {
        ids.push(id_of(client, json!({"first_name": name, "tags": tags, "tier": tier, "owner": world.owner_id})).await);
    }
    log(client, &ids[0], json!({"kind": "email", "direction": "inbound"})).await;
    let hot = dynamic(client, "Hot", field("score", "at_least", json!(["60"]))).await;
    let read = client.get("/v1/scoring").await;
    assert_eq!((&read.expect(200)["version"], &read.body["counting"]), (&json!(1), &json!(false)));
    let mine = json!([
        fit("vip", 40, field("tags", "any_of", json!([vip]))),
        fit("gold", 10, field("tier", "any_of", json!(["gold"]))),
        behaviour(
            "mail",
            15,
            2,
            has("activity", json!([field("kind", "any_of", json!(["email"]))])),
            json!({"within_days": 7})
        ),
    ]);
    let body = json!({"rules": mine, "warm_from": 20, "hot_from": 60});
    // Trying keeps nothing.
    let tried = client.post("/v1/scoring/preview", body.clone()).await;
    let tried = tried.expect(200);
    assert_eq!((&tried["contacts"], &tried["sampled"]), (&json!(3), &json!(false)));
    assert_eq!(tried["then"], json!({"cold": 1, "warm": 1, "hot": 1}), "{tried}");
    assert_eq!(client.get("/v1/scoring").await.body["version"], json!(1));
    client.with("if-match", read.etag()).put("/v1/scoring", body.clone()).await.expect(200);
    client.with("if-match", read.etag()).put("/v1/scoring", body.clone()).await.problem(412, "stale");
    world.app.settle().await;
    let done = client.get("/v1/scoring").await.body;
    assert_eq!((&done["counting"], &done["done"], &done["total"]), (&json!(false), &json!(3), &json!(3)));
    assert_eq!(score(&world, client, &ids[0]).await, (65, "hot".into()));
    assert_eq!(score(&world, client, &ids[1]).await, (0, "cold".into()));
    assert_eq!(score(&world, client, &ids[2]).await, (40, "warm".into()));
    assert_eq!(members(client, &hot).await, ["Ada"], "segments follow scores");
    for (query, who) in [
        ("sort=-score", "Ada Cid Bob"),
        ("sort=score", "Bob Cid Ada"),
        ("sort=-score&filter=score:gte:40", "Ada Cid"),
        ("filter=score:lt:40", "Bob"),
        ("filter=band:eq:warm", "Cid"),
        ("filter=tier:eq:gold", "Ada"),
        ("filter=tier:empty:true", "Bob"),
    ] {
        assert_eq!(names(client.get(&format!("/v1/contacts?{query}")).await.expect(200)).join(" "), who, "{query}");
    }
    let first = client.get("/v1/contacts?sort=-score&limit=2").await.expect(200).clone();
    let next = format!("/v1/contacts?sort=-score&limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(names(client.get(&next).await.expect(200)), ["Bob"]);
    let file = client.get("/v1/contacts/export?filter=band:eq:hot").await;
    file.expect(200);
    assert!(file.text.lines().next().unwrap().contains(",stage,tier,score,band,owner,"), "{}", file.text);
    assert!(file.text.contains(",new,gold,65,hot,"), "{}", file.text);
    client.patch(&format!("/v1/contacts/{}", ids[0]), json!({"tier": null})).await.expect(200);
    assert_eq!(score(&world, client, &ids[0]).await, (55, "warm".into()));
    assert_eq!(members(client, &hot).await, Vec::<String>::new());
    // A tag that becomes another one is followed; one that goes breaks its rule, which then gives nobody points.
    let star = tag(client, "star").await;
    client.post(&format!("/v1/tags/{vip}/merger"), json!({"into": star})).await.expect(200);
    assert_eq!(score(&world, client, &ids[2]).await.0, 40);
    client.delete(&format!("/v1/tags/{star}")).await.expect(204);
    assert_eq!(score(&world, client, &ids[2]).await.0, 0);
    assert_eq!(client.get("/v1/scoring").await.body["broken"], json!([{"id": "vip", "missing": "tag"}]));
    // Who may what.
    let stranger = world.stranger().await;
    stranger.get(&format!("/v1/contacts/{}/score", ids[0])).await.problem(404, "not_found");
    let (reader, _) = member_with(&world, "Rea", json!({"contacts.read": "own", "scores.read": "all"})).await;
    reader.get(&format!("/v1/contacts/{}/score", ids[0])).await.problem(404, "not_found");
    reader.put("/v1/scoring", body.clone()).await.problem(403, "permission_missing");
    assert_eq!(reader.post("/v1/scoring/preview", body).await.expect(200)["contacts"], 0, "nobody is in reach");
    let part = json!({"contacts.read": "own", "scores.read": "own", "scores.write": "own"});
    let (part, _) = member_with(&world, "Pat", part).await;
    part.put("/v1/scoring", json!({"rules": [], "warm_from": 1, "hot_from": 2}))
        .await
        .problem(403, "permission_missing");
}

#[tokio::test]
async fn rules_that_cannot_be_are_refused_by_field() {
    let world = World::start().await;
    let name = || field("name", "not_empty", json!([]));
    let calls = || has("activity", json!([]));
    let mut twice = fit("a", 1, name());
    twice["most"] = json!(2);
    let mut faded = fit("a", 1, name());
    faded["half_life_days"] = json!(3);
    for (rule, at, code) in [
        (fit("A", 1, name()), "/rules/0/id", "id_invalid"),
        (fit("a", 0, name()), "/rules/0/points", "points_range"),
        (fit("a", 101, name()), "/rules/0/points", "points_range"),
        (twice, "/rules/0/most", "most_range"),
        (faded, "/rules/0/half_life_days", "days_range"),
        (fit("a", 1, field("shoe", "is", json!(["9"]))), "/rules/0/definition/field", "field_unknown"),
        (fit("a", 1, field("score", "at_least", json!(["9"]))), "/rules/0/definition", "score_of_score"),
        (fit("a", 1, has("task", json!([field("overdue", "yes", json!([]))]))), "/rules/0/definition", "time_invalid"),
        (behaviour("a", 1, 1, name(), json!({})), "/rules/0/moment", "moment_invalid"),
        (behaviour("a", 1, 1, has("company", json!([])), json!({})), "/rules/0/moment", "moment_invalid"),
        (behaviour("a", 1, 1, calls(), json!({"moment": "closed_at"})), "/rules/0/moment", "moment_invalid"),
        (behaviour("a", 1, 101, calls(), json!({})), "/rules/0/most", "most_range"),
        (
            behaviour("a", 1, 1, has("activity", json!([field("occurred_at", "today", json!([]))])), json!({})),
            "/rules/0/definition",
            "time_invalid",
        ),
    ] {
        let body = json!({"rules": [rule], "warm_from": 30, "hot_from": 70});
        let refused = world.owner.put("/v1/scoring", body).await;
        let error = refused.problem(422, "invalid")["errors"][0].clone();
        assert_eq!((&error["field"], &error["code"]), (&json!(at), &json!(code)), "{error}");
    }
    for (warm, hot) in [(0, 50), (50, 50), (50, 101)] {
        let body = json!({"rules": [], "warm_from": warm, "hot_from": hot});
        world.owner.put("/v1/scoring", body).await.problem(422, "invalid");
    }
    let two = json!([fit("a", 1, name()), fit("a", 2, name())]);
    world.owner.put("/v1/scoring", json!({"rules": two, "warm_from": 1, "hot_from": 2})).await.problem(422, "invalid");
    set(&world.owner, json!([]), 1, 2).await;
}
