//! What a segment is, what conditions mean, and what becomes of those that name something that is gone.
use super::{all, dynamic, field, fitting, has, members, owner, people, tag};
use crate::{contacts::member_with, forms::World};
use chrono::TimeDelta;
use serde_json::{Value, json};

#[tokio::test]
async fn a_segment_is_made_changed_deleted_and_brought_back() {
    let world = World::start().await;
    let client = &world.owner;
    people(&world, &["Ada", "Bob"]).await;
    let new = json!({"name": " Ada ", "kind": "dynamic", "definition": field("name", "starts_with", json!(["AD"]))});
    let once = client.with("idempotency-key", "s1");
    let made = once.post("/v1/segments", new.clone()).await;
    assert_eq!((&made.expect(201)["name"], &made.body["building"]), (&json!("Ada"), &json!(true)));
    assert_eq!(once.post("/v1/segments", new.clone()).await.expect(201), &made.body);
    client.post("/v1/segments", new).await.problem(409, "segment_name_taken");
    world.app.settle().await;
    let path = format!("/v1/segments/{}", made.text_of("id"));
    let read = client.get(&path).await;
    assert_eq!((&read.expect(200)["members"], &read.body["building"]), (&json!(1), &json!(false)));
    let change = json!({"definition": field("name", "starts_with", json!(["b"]))});
    let changed = client.with("if-match", read.etag()).patch(&path, change.clone()).await;
    changed.expect(200);
    client.with("if-match", read.etag()).patch(&path, change).await.problem(412, "stale");
    world.app.settle().await;
    assert_eq!(members(client, &made.text_of("id")).await, ["Bob"]);
    let stranger = world.stranger().await;
    for answer in [stranger.get(&path).await, stranger.delete(&path).await, stranger.patch(&path, json!({})).await] {
        answer.problem(404, "not_found");
    }
    assert_eq!(stranger.get("/v1/segments").await.expect(200)["items"], json!([]));
    client.delete(&path).await.expect(204);
    client.get(&path).await.problem(404, "not_found");
    people(&world, &["Beth"]).await;
    world.app.settle().await;
    client.post(&format!("{path}/restoration"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(client.get(&path).await.expect(200)["members"], json!(2), "found anew");
    client.delete(&path).await.expect(204);
    world.app.advance(TimeDelta::days(31));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from segments").await, 0);
    assert_eq!(world.count("select count(*) from segment_members").await, 0);
    for wrong in [
        json!({"name": "", "kind": "dynamic", "definition": field("name", "empty", json!([]))}),
        json!({"name": "x", "kind": "dynamic"}),
        json!({"name": "x", "kind": "static", "definition": field("name", "empty", json!([]))}),
        json!({"name": "x", "kind": "dynamic", "definition": field("shoe", "is", json!(["9"]))}),
        // The database knows no such days: it would refuse every segment that is looked at together with this one.
        json!({"name": "x", "kind": "dynamic", "definition": field("created_at", "before", json!(["-9999-01-01"]))}),
        json!({"name": "x", "kind": "dynamic", "definition": field("created_at", "after", json!(["+12345-01-01"]))}),
    ] {
        owner(&world).await.post("/v1/segments", wrong).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn conditions_mean_what_they_say() {
    let world = World::start().await;
    let client = &world.owner;
    let vip = tag(client, "vip").await;
    let news = tag(client, "news").await;
    let mut fields = vec![];
    for (key, kind, more) in [
        ("plan", "select", json!({"options": [{"key": "gold", "label": "Gold"}, {"key": "tin", "label": "Tin"}]})),
        (
            "sports",
            "multi_select",
            json!({"options": [{"key": "run", "label": "Run"}, {"key": "row", "label": "Row"}]}),
        ),
        ("size", "number", json!({"decimals": 2})),
        ("since", "date", json!({})),
        ("member", "checkbox", json!({})),
        ("motto", "text", json!({})),
    ] {
        let mut new = json!({"record": "contact", "key": key, "label": key, "type": kind});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields.push(client.post("/v1/custom-fields", new).await.expect(201)["id"].clone());
    }
    let add = async |contact: Value| crate::contacts::id_of(client, contact).await;
    // It is noon of 20 November 2026 in UTC.
    let ada = add(json!({"first_name": "Ada", "company_name": "Éngines", "tags": ["vip", "news"], "stage": "won", "source": "fair",
        "owner": world.owner_id, "emails": [{"address": "ada@example.com"}], "phones": [{"number": "+49 30 901820"}],
        "address": {"city": "Berlin", "country": "DE"}, "touch": {"utm": {"campaign": "Spring"}},
        "custom": {"plan": "gold", "sports": ["run", "row"], "size": 9.5, "since": "2026-11-18", "member": true, "motto": "Où"}}))
    .await;
    let bob = add(
        json!({"first_name": "Bob", "tags": ["vip"], "custom": {"sports": ["run"], "size": -1, "since": "2026-12-24"}}),
    )
    .await;
    let cid = add(json!({"first_name": "Cid", "emails": [{"address": "c@example.org"}]})).await;
    client.put(&format!("/v1/contacts/{bob}/do-not-contact/email"), json!({})).await.expect(204);
    client.put(&format!("/v1/contacts/{cid}/do-not-contact/all"), json!({})).await.expect(204);
    crate::occasions::birthday(&world, &ada, 11, 27, Some(1990)).await;
    crate::occasions::birthday(&world, &bob, 2, 29, None).await;
    let deal =
        json!({"title": "Loom", "amount": 50_000, "currency": "EUR", "contacts": [{"contact": ada, "role": "user"}]});
    client.post("/v1/deals", deal).await.expect(201);
    let company = client.post("/v1/companies", json!({"name": "Looms", "tier": "gold"})).await.text_of("id");
    client.put(&format!("/v1/companies/{company}/contacts/{bob}"), json!({"roles": ["billing"]})).await.expect(200);
    let task = json!({"title": "Ring", "contact": cid, "due_on": "2026-11-19", "zone": "UTC"});
    client.post("/v1/tasks", task).await.expect(201);
    crate::followups::log(client, &bob, json!({"kind": "call", "direction": "inbound"})).await;
    let custom = |n: usize| format!("custom.{}", fields[n].as_str().unwrap());
    let none = |rule: Value| json!({"kind": "none", "rules": [rule]});
    let has_not = |record: &str, rules: Value| json!({"kind": "has_not", "record": record, "rules": rules});
    for (definition, who) in [
        (field("name", "is", json!(["ADA", "x"])), "Ada"),
        (field("name", "is_not", json!(["ada"])), "Bob Cid"),
        (field("name", "contains", json!(["d"])), "Ada Cid"),
        (field("name", "ends_with", json!(["%"])), ""),
        (field("company_name", "is", json!(["engines"])), "Ada"),
        (field("company_name", "not_contains", json!(["gin"])), "Bob Cid"),
        (field("company_name", "empty", json!([])), "Bob Cid"),
        (field("email", "is", json!(["ADA@Example.com"])), "Ada"),
        (field("email", "ends_with", json!(["example.ORG"])), "Cid"),
        (field("email", "not_contains", json!(["ada"])), "Bob Cid"),
        (field("email", "empty", json!([])), "Bob"),
        (field("phone", "is", json!(["+4930901820"])), "Ada"),
        (field("phone", "contains", json!(["901 820"])), "Ada"),
        (field("city", "is", json!(["berlin"])), "Ada"),
        (none(field("city", "is", json!(["berlin"]))), "Bob Cid"),
        (field("country", "none_of", json!(["DE"])), "Bob Cid"),
        (field("stage", "any_of", json!(["won", "lost"])), "Ada"),
        (field("stage", "none_of", json!(["won"])), "Bob Cid"),
        (field("owner", "empty", json!([])), "Bob Cid"),
        (field("owner", "any_of", json!([world.owner_id])), "Ada"),
        (field("source", "any_of", json!(["fair"])), "Ada"),
        (field("first_touch.campaign", "is", json!(["spring"])), "Ada"),
        (field("tags", "any_of", json!([news, vip])), "Ada Bob"),
        (field("tags", "all_of", json!([news, vip])), "Ada"),
        (field("tags", "none_of", json!([news])), "Bob Cid"),
        (field("tags", "empty", json!([])), "Cid"),
        (field("do_not_contact", "any_of", json!(["email"])), "Bob Cid"),
        (field("do_not_contact", "none_of", json!(["sms"])), "Ada Bob"),
        (field("do_not_contact", "empty", json!([])), "Ada"),
        (field("birthday", "in_next_days", json!(["7"])), "Ada"),
        (field("birthday", "in_next_days", json!(["6"])), ""),
        (field("birthday", "this_month", json!([])), "Ada"),
        (field("birthday", "empty", json!([])), "Cid"),
        (field("created_at", "today", json!([])), "Ada Bob Cid"),
        (field("created_at", "more_than_days_ago", json!(["1"])), ""),
        (field("created_at", "on", json!(["2026-11-20"])), "Ada Bob Cid"),
        (field("last_contact_at", "in_last_days", json!(["3"])), "Bob"),
        (none(field("last_contact_at", "in_last_days", json!(["3"]))), "Ada Cid"),
        (field(&custom(0), "any_of", json!(["gold"])), "Ada"),
        (field(&custom(0), "none_of", json!(["gold"])), "Bob Cid"),
        (field("custom.plan", "empty", json!([])), "Bob Cid"),
        (field(&custom(1), "any_of", json!(["run", "row"])), "Ada Bob"),
        (field(&custom(1), "all_of", json!(["run", "row"])), "Ada"),
        (field(&custom(2), "above", json!(["-1"])), "Ada"),
        (field(&custom(2), "between", json!(["-1", "9.5"])), "Ada Bob"),
        (field(&custom(2), "is_not", json!(["9.5"])), "Bob Cid"),
        (field(&custom(3), "in_last_days", json!(["2"])), "Ada"),
        (field(&custom(3), "more_than_days_ahead", json!(["30"])), "Bob"),
        (field(&custom(4), "no", json!([])), "Bob Cid"),
        (field(&custom(5), "is", json!(["OU"])), "Ada"),
        (has("deal", json!([])), "Ada"),
        (
            has(
                "deal",
                json!([field("status", "any_of", json!(["open"])), field("amount", "at_least", json!(["50000"]))]),
            ),
            "Ada",
        ),
        (has("deal", json!([field("amount", "above", json!(["50000"]))])), ""),
        (has_not("deal", json!([field("status", "any_of", json!(["won"]))])), "Ada Bob Cid"),
        (
            has(
                "company",
                json!([field("tier", "any_of", json!(["gold"])), field("role", "any_of", json!(["billing"]))]),
            ),
            "Bob",
        ),
        (has("task", json!([field("overdue", "yes", json!([]))])), "Cid"),
        (has("task", json!([field("overdue", "no", json!([]))])), ""),
        (
            has(
                "activity",
                json!([field("kind", "any_of", json!(["call"])), field("occurred_at", "in_last_days", json!(["0"]))]),
            ),
            "Bob",
        ),
        (has_not("submission", json!([])), "Ada Bob Cid"),
        (
            json!({"kind": "any", "rules": [field("stage", "any_of", json!(["won"])), all(json!([
            field("tags", "empty", json!([])), field("email", "not_empty", json!([]))]))]}),
            "Ada Cid",
        ),
    ] {
        let found = fitting(client, &definition).await;
        assert_eq!(found.join(" "), who, "{definition}");
    }
}

#[tokio::test]
async fn what_names_something_that_is_gone_is_kept_shown_and_fits_nobody() {
    let world = World::start().await;
    let client = &world.owner;
    people(&world, &["Ada", "Bob"]).await;
    let (old, vip) = (tag(client, "old").await, tag(client, "vip").await);
    let made = client
        .post("/v1/custom-fields", json!({"record": "contact", "key": "plan", "label": "Plan", "type": "text"}))
        .await
        .text_of("id");
    let without = dynamic(client, "Without", field("tags", "none_of", json!([old]))).await;
    let either =
        json!({"kind": "any", "rules": [field("tags", "none_of", json!([old])), field("name", "is", json!(["ada"]))]});
    let either = dynamic(client, "Either", either).await;
    let plan =
        dynamic(client, "Plan", json!({"kind": "none", "rules": [field("custom.plan", "not_empty", json!([]))]})).await;
    let merged = dynamic(client, "Merged", field("tags", "none_of", json!([vip]))).await;
    world.app.settle().await;
    assert_eq!(members(client, &without).await, ["Ada", "Bob"]);
    assert_eq!(members(client, &plan).await, ["Ada", "Bob"]);
    client.post(&format!("/v1/tags/{vip}/merger"), json!({"into": old})).await.expect(200);
    world.app.settle().await;
    let followed = client.get(&format!("/v1/segments/{merged}")).await;
    assert_eq!(followed.expect(200)["definition"]["values"], json!([old]), "a merged tag is followed");
    client.delete(&format!("/v1/tags/{old}")).await.expect(204);
    client.patch(&format!("/v1/custom-fields/{made}"), json!({"archived": true})).await.expect(200);
    client.delete(&format!("/v1/custom-fields/{made}?values=0")).await.expect(204);
    world.app.settle().await;
    for (id, who, rule, missing) in [
        (&without, &[][..], "", "tag"),
        (&either, &["Ada"][..], "/rules/0", "tag"),
        (&plan, &[][..], "/rules/0", "field"),
        (&merged, &[][..], "", "tag"),
    ] {
        assert_eq!(members(client, id).await, who);
        let shown = client.get(&format!("/v1/segments/{id}")).await;
        assert_eq!(shown.expect(200)["broken"], json!([{"rule": rule, "missing": missing}]));
        assert_eq!(fitting(client, &shown.body["definition"]).await, who);
    }
    client.patch(&format!("/v1/segments/{plan}"), json!({"name": "Old plan"})).await.expect(200);
}

#[tokio::test]
async fn whoever_sees_some_contacts_counts_those() {
    let world = World::start().await;
    let grants =
        json!({"contacts.read": "own", "contacts.write": "own", "contacts.export": "own", "segments.*": "own"});
    let (bob, bob_id) = member_with(&world, "Bob", grants).await;
    people(&world, &["Ada", "Eve"]).await;
    crate::contacts::id_of(&bob, json!({"first_name": "Mine"})).await;
    let everybody = field("name", "not_empty", json!([]));
    let segment = dynamic(&world.owner, "Everybody", everybody.clone()).await;
    world.app.settle().await;
    let path = format!("/v1/segments/{segment}");
    assert_eq!(world.owner.get(&path).await.expect(200)["members"], 3);
    assert_eq!(bob.get(&path).await.expect(200)["members"], 1);
    assert_eq!(bob.get("/v1/segments").await.expect(200)["items"][0]["members"], 1);
    for (reader, members) in [(&bob, 1), (&world.owner, 3)] {
        let list = reader.get("/v1/segments/export?filter=kind:eq:dynamic").await;
        list.expect(200);
        assert!(list.text.starts_with("id,name,description,kind,members,building,owner,"), "{}", list.text);
        assert!(list.text.contains(&format!("\r\n{segment},Everybody,,dynamic,{members},false,")), "{}", list.text);
    }
    assert_eq!(bob.get("/v1/segments/export?filter=kind:eq:static").await.text.lines().count(), 1);
    bob.get("/v1/segments/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "segment.exported").count(), 3);
    assert_eq!(fitting(&bob, &everybody).await, ["Mine"]);
    assert_eq!(members(&bob, &segment).await, ["Mine"]);
    let file = bob.get(&format!("/v1/contacts/export?filter=segment:eq:{segment}")).await;
    assert_eq!((file.status, file.text.lines().count()), (200, 2), "{}", file.text);
    assert_eq!(members(&world.owner, &segment).await.len(), 3);
    let out = world.owner.get(&format!("/v1/contacts?filter=segment:ne:{segment}")).await;
    assert_eq!(out.expect(200)["items"], json!([]));
    world.owner.get("/v1/contacts?filter=segment:eq:here").await.problem(422, "invalid");
    let rich = all(json!([has("deal", json!([field("amount", "above", json!(["50000"]))]))]));
    let asked = json!({"name": "Rich", "kind": "dynamic", "definition": rich});
    bob.post("/v1/segments", asked.clone()).await.problem(403, "permission_missing");
    bob.post("/v1/segments/preview", json!({"definition": asked["definition"]}))
        .await
        .problem(403, "permission_missing");
    // Whoever sees some deals asks for those; what is kept is found among all, and seen by others.
    let grants = json!({"contacts.read": "all", "deals.read": "team", "segments.*": "own"});
    let (cem, _) = member_with(&world, "Cem", grants).await;
    cem.post("/v1/segments/preview", json!({"definition": asked["definition"]})).await.expect(200);
    cem.post("/v1/segments", asked.clone()).await.problem(403, "permission_missing");
    let plain = dynamic(&cem, "Of Cem", field("source", "any_of", json!(["fair"]))).await;
    let patch = json!({"definition": asked["definition"]});
    cem.patch(&format!("/v1/segments/{plain}"), patch).await.problem(403, "permission_missing");
    bob.patch(&path, json!({"name": "Mine"})).await.problem(403, "segment_of_another");
    bob.delete(&path).await.problem(403, "segment_of_another");
    let own = dynamic(&bob, "Of Bob", everybody).await;
    bob.patch(&format!("/v1/segments/{own}"), json!({"name": "Bob's"})).await.expect(200);
    assert_eq!(bob.get(&format!("/v1/segments/{own}")).await.expect(200)["owner"], json!(bob_id));
}

#[tokio::test]
async fn own_fields_of_deals_and_companies_are_asked_for_and_followed() {
    let world = World::start().await;
    let ids = people(&world, &["Ada", "Bob", "Cid"]).await;
    let client = owner(&world).await;
    // The same keys for all three: which one is meant is said by where the rule stands.
    for (record, key, kind) in [
        ("contact", "rank", "number"),
        ("deal", "rank", "number"),
        ("deal", "visit", "date"),
        ("company", "rank", "text"),
        ("company", "flags", "checkbox"),
    ] {
        let new = json!({"record": record, "key": key, "label": key, "type": kind});
        client.post("/v1/custom-fields", new).await.expect(201);
    }
    let twice = json!({"record": "deal", "key": "twice", "label": "Twice", "type": "formula", "result": "number",
        "expression": "custom.rank * 2"});
    let twice = client.post("/v1/custom-fields", twice).await.expect(201)["id"].as_str().unwrap().to_owned();
    world.app.settle().await;
    let deal = json!({"title": "Roof", "amount": 100, "currency": "EUR", "contacts": [{"contact": ids[0], "role": "user"}],
        "custom": {"rank": 7, "visit": "2026-11-24"}});
    let deal = client.post("/v1/deals", deal).await.text_of("id");
    let looms =
        client.post("/v1/companies", json!({"name": "Looms", "custom": {"rank": "First", "flags": true}})).await;
    let looms = looms.text_of("id");
    client.put(&format!("/v1/companies/{looms}/contacts/{}", ids[1]), json!({"roles": []})).await.expect(200);
    client.patch(&format!("/v1/contacts/{}", ids[2]), json!({"custom": {"rank": 7}})).await.expect(200);
    let of_deal = |field_name: &str, op: &str, values: Value| has("deal", json!([field(field_name, op, values)]));
    for (definition, who) in [
        (of_deal("custom.rank", "is", json!(["7"])), "Ada"),
        (of_deal("custom.rank", "above", json!(["7"])), ""),
        (of_deal("custom.rank", "empty", json!([])), ""),
        (of_deal("custom.visit", "in_next_days", json!(["4"])), "Ada"),
        (of_deal("custom.twice", "at_least", json!(["14"])), "Ada"),
        (has("deal", json!([{"kind": "none", "rules": [field("custom.rank", "is", json!(["8"]))]}])), "Ada"),
        (has("company", json!([field("custom.rank", "starts_with", json!(["fi"]))])), "Bob"),
        (has("company", json!([field("custom.flags", "yes", json!([]))])), "Bob"),
        (has("company", json!([field("custom.flags", "no", json!([]))])), ""),
        (field("custom.rank", "is", json!(["7"])), "Cid"),
    ] {
        assert_eq!(fitting(&client, &definition).await.join(" "), who, "{definition}");
    }
    for (record, key) in [("task", "custom.rank"), ("company", "custom.visit"), ("deal", "custom.flags")] {
        let wrong = json!({"definition": has(record, json!([field(key, "not_empty", json!([]))]))});
        client.post("/v1/segments/preview", wrong).await.problem(422, "invalid");
    }
    // Members follow a value, a formula, the day, and a field that goes.
    let high = dynamic(&client, "High", of_deal("custom.twice", "at_least", json!(["14"]))).await;
    let soon = dynamic(&client, "Soon", of_deal("custom.visit", "in_next_days", json!(["2"]))).await;
    let first = dynamic(&client, "First", has("company", json!([field("custom.rank", "is", json!(["First"]))]))).await;
    world.app.settle().await;
    assert_eq!(members(&client, &high).await, ["Ada"]);
    assert!(members(&client, &soon).await.is_empty());
    assert_eq!(members(&client, &first).await, ["Bob"]);
    client.patch(&format!("/v1/deals/{deal}"), json!({"custom": {"rank": 6}})).await.expect(200);
    client.patch(&format!("/v1/companies/{looms}"), json!({"custom": {"rank": "Second"}})).await.expect(200);
    world.app.settle().await;
    assert!(members(&client, &high).await.is_empty());
    assert!(members(&client, &first).await.is_empty());
    client.patch(&format!("/v1/custom-fields/{twice}"), json!({"expression": "custom.rank * 3"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(members(&client, &high).await, ["Ada"], "18 by the new formula");
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    let client = owner(&world).await;
    assert_eq!(members(&client, &soon).await, ["Ada"], "a day came, and nobody touched the deal");
    client.patch(&format!("/v1/custom-fields/{twice}"), json!({"archived": true})).await.expect(200);
    client.delete(&format!("/v1/custom-fields/{twice}?values=1")).await.expect(204);
    world.app.settle().await;
    assert!(members(&client, &high).await.is_empty());
    let broken = client.get(&format!("/v1/segments/{high}")).await.expect(200)["broken"].clone();
    assert_eq!(broken[0]["missing"], "field", "{broken}");
}
