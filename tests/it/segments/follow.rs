//! Members follow whatever happens.
use super::{all, dynamic, field, filtered, fitting, has, members, owner, people, tag};
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// What reading every contact says, for every segment; and each change was told once.
async fn compare(world: &World, client: &tests::Client, segments: &[String], step: &str) {
    compare_members(world, client, segments, step).await;
    let told = "select count(*) from (select sum(case kind when 'segment.entered' then 1 else -1 end) as is_in, subject_id, contact_id from events
        where kind in ('segment.entered', 'segment.left') group by subject_id, contact_id) t
        full join segment_members m on m.segment_id = t.subject_id and m.contact_id = t.contact_id
        where coalesce(t.is_in, 0) <> case when m.contact_id is null then 0 else 1 end
          -- What a formula gives anew is told as a number.
          and coalesce(t.subject_id, m.segment_id) not in (select id from segments where name = 'Formula')";
    assert_eq!(world.count(told).await, 0, "every change is told once, after {step}");
}

async fn compare_members(world: &World, client: &tests::Client, segments: &[String], step: &str) {
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from segment_dirty").await, 0);
    let page = client.get("/v1/segments?limit=200").await.expect(200).clone();
    for id in segments {
        let all = page["items"].as_array().expect("items");
        let segment = all.iter().find(|segment| segment["id"] == json!(id)).expect("the segment");
        let found = members(client, id).await;
        assert_eq!(found, fitting(client, &segment["definition"]).await, "after {step}: {segment}");
        assert_eq!(found, filtered(client, &segment["definition"]).await, "after {step}: {segment}");
        assert_eq!(segment["members"], json!(found.len()), "after {step}: {segment}");
    }
    // One by one or as numbers: what was told adds up to who is there.
    let told =
        "select count(*) from segments s where (select count(*) from segment_members m where m.segment_id = s.id)
        <> (select coalesce(sum(case kind when 'segment.entered' then 1 when 'segment.left' then -1
          else (payload ->> 'entered')::int - (payload ->> 'left')::int end), 0) from events e
          where e.subject_id = s.id and e.kind in ('segment.entered', 'segment.left', 'segment.shifted'))";
    assert_eq!(world.count(told).await, 0, "all of it is told, after {step}");
}

#[tokio::test]
async fn after_any_edits_members_are_what_reading_every_contact_would_say() {
    let world = World::start().await;
    let contacts = people(&world, &["A", "B", "C", "D", "E", "F"]).await;
    let client = owner(&world).await;
    let (vip, old) = (tag(&client, "vip").await, tag(&client, "old").await);
    let new = json!({"record": "contact", "key": "due", "label": "Due", "type": "date"});
    client.post("/v1/custom-fields", new).await.expect(201);
    let new = json!({"record": "contact", "key": "later", "label": "Later", "type": "formula", "result": "checkbox",
        "expression": "stage == 'lost'"});
    let formula = client.post("/v1/custom-fields", new).await.expect(201)["id"].as_str().unwrap().to_owned();
    let company = client.post("/v1/companies", json!({"name": "Looms", "tier": "gold"})).await.text_of("id");
    let has_not = |record: &str, rules: Value| json!({"kind": "has_not", "record": record, "rules": rules});
    let segments = join_all(
        [
            ("Tagged", all(json!([field("tags", "any_of", json!([vip])), field("stage", "none_of", json!(["lost"]))]))),
            ("Untagged", field("tags", "empty", json!([]))),
            ("Due", json!({"kind": "any", "rules": [field("custom.due", "in_last_days", json!(["3"])), field("birthday", "in_next_days", json!(["5"]))]})),
            ("Formula", field("custom.later", "yes", json!([]))),
            ("No deal", has_not("deal", json!([field("status", "any_of", json!(["open", "won"]))]))),
            ("Late", has("task", json!([field("overdue", "yes", json!([]))]))),
            ("Quiet", json!({"kind": "none", "rules": [field("last_contact_at", "in_last_days", json!(["4"]))]})),
            ("Called", has("activity", json!([field("occurred_at", "more_than_days_ago", json!(["2"]))]))),
            ("Gold", has("company", json!([field("tier", "any_of", json!(["gold"])), field("renews_on", "in_next_days", json!(["10"]))]))),
            ("Closing", has("deal", json!([field("expected_close", "this_month", json!([]))]))),
            ("Silent", field("do_not_contact", "none_of", json!(["email"]))),
        ]
        .into_iter()
        .map(|(name, definition)| dynamic(&client, name, definition)),
    )
    .await;
    compare(&world, &client, &segments, "the beginning").await;
    let mut client = client;
    let (mut deals, mut tasks): (Vec<String>, Vec<String>) = (vec![], vec![]);
    let mut gone = std::collections::BTreeSet::new();
    let mut seed = 20_261_129_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for step in 0..70 {
        let who = contacts[next(contacts.len())].clone();
        let path = format!("/v1/contacts/{who}");
        let today = world.app.clock.now().date_naive();
        let day = today + TimeDelta::days(next(14) as i64 - 5);
        let what = next(17);
        if gone.contains(&who) && !(10..=12).contains(&what) {
            client.post(&format!("{path}/restoration"), json!({})).await.expect(200);
            gone.remove(&who);
        }
        match what {
            0 => drop(client.patch(&path, json!({"tags": ([["vip"], ["old"]][next(2)])})).await.expect(200)),
            1 => drop(client.patch(&path, json!({"tags": [], "stage": (["lost", "new"][next(2)])})).await.expect(200)),
            2 => drop(
                client
                    .patch(&path, json!({"custom": {"due": if next(4) == 0 { Value::Null } else { json!(day) }}}))
                    .await
                    .expect(200),
            ),
            3 => {
                let deal = json!({"title": "Deal", "amount": 1, "currency": "EUR", "expected_close": day, "contacts": [{"contact": who, "role": "user"}]});
                deals.push(client.post("/v1/deals", deal).await.expect(201)["id"].as_str().unwrap().to_owned());
            }
            4 if !deals.is_empty() => {
                let deal = &deals[next(deals.len())];
                let change = json!({"contacts": [{"contact": who, "role": "other"}], "expected_close": day});
                client.patch(&format!("/v1/deals/{deal}"), change).await.expect(200);
            }
            5 if !deals.is_empty() => {
                let deal = deals.swap_remove(next(deals.len()));
                let outcome = json!({"status": (["won", "lost"][next(2)]), "reason": "Price"});
                client.post(&format!("/v1/deals/{deal}/outcome"), outcome).await.expect(200);
            }
            6 => {
                let task =
                    json!({"title": "Task", "contact": who, "due_on": day, "due_time": "15:30", "zone": "Asia/Dhaka"});
                tasks.push(client.post("/v1/tasks", task).await.expect(201)["id"].as_str().unwrap().to_owned());
            }
            7 if !tasks.is_empty() => {
                let task = &tasks[next(tasks.len())];
                client.patch(&format!("/v1/tasks/{task}"), json!({"contact": who, "due_on": day})).await.expect(200);
            }
            8 if !tasks.is_empty() => {
                let task = tasks.swap_remove(next(tasks.len()));
                client.post(&format!("/v1/tasks/{task}/completion"), json!({})).await.expect(200);
            }
            9 => {
                let at = world.app.clock.now() - TimeDelta::hours(next(100) as i64);
                crate::followups::log(
                    &client,
                    &who,
                    json!({"kind": "call", "direction": "outbound", "occurred_at": at}),
                )
                .await;
            }
            10 if gone.insert(who.clone()) => drop(client.delete(&path).await.expect(204)),
            11 | 12 => {
                world.app.advance(TimeDelta::hours([1, 7, 26, 75, 200][next(5)]));
                client = owner(&world).await;
            }
            13 => {
                let roles = json!({"roles": ["billing"]});
                client.put(&format!("/v1/companies/{company}/contacts/{who}"), roles).await.expect(200);
                client
                    .patch(&format!("/v1/companies/{company}"), json!({"renews_on": day, "cancel_by": null}))
                    .await
                    .expect(200);
            }
            14 => {
                client.put(&format!("{path}/do-not-contact/email"), json!({})).await.expect(204);
                crate::occasions::birthday(
                    &world,
                    &who,
                    chrono::Datelike::month(&day) as i32,
                    chrono::Datelike::day(&day) as i32,
                    None,
                )
                .await;
            }
            15 => {
                let expression = ["stage == 'new'", "stage != 'new'", "1 == 1"][next(3)];
                client
                    .patch(&format!("/v1/custom-fields/{formula}"), json!({"expression": expression}))
                    .await
                    .expect(200);
            }
            _ => {
                let change = json!({"contacts": contacts, "remove_tags": ["old"], "unblock": "email"});
                client.post("/v1/contacts/bulk-changes", change).await.expect(200);
            }
        }
        if step % 5 == 0 || (10..=12).contains(&what) || what == 15 {
            compare(&world, &client, &segments, &format!("step {step} ({what})")).await;
        }
    }
    client.post(&format!("/v1/tags/{old}/merger"), json!({"into": vip})).await.expect(200);
    compare(&world, &client, &segments, "a merger of tags").await;
    client.delete(&format!("/v1/tags/{vip}")).await.expect(204);
    // Whom a tag leaves is told one by one when the segment's definition is looked at first, and as a number when its people are.
    compare_members(&world, &client, &segments, "a tag that went").await;
}

#[tokio::test]
async fn members_come_and_go_with_the_day_of_the_account() {
    let world = World::start().await;
    // It is noon of the 20th in UTC; in Auckland it is past midnight, so the 21st.
    world.owner.patch("/v1/tenants/current", json!({"zone": "Pacific/Auckland"})).await.expect(200);
    let ids = people(&world, &["Ada"]).await;
    let task = json!({"title": "Ring", "contact": ids[0], "due_on": "2026-11-20", "due_time": "13:00", "zone": "UTC"});
    world.owner.post("/v1/tasks", task).await.expect(201);
    let today = dynamic(&world.owner, "Today", field("created_at", "today", json!([]))).await;
    let late = dynamic(&world.owner, "Late", has("task", json!([field("overdue", "yes", json!([]))]))).await;
    let at = async |minutes: i64| {
        world.app.advance(TimeDelta::minutes(minutes));
        world.app.settle().await;
        let client = owner(&world).await;
        (members(&client, &today).await.len(), members(&client, &late).await.len())
    };
    assert_eq!(at(0).await, (1, 0));
    assert_eq!(at(59).await, (1, 0), "12:59");
    assert_eq!(at(1).await, (1, 1), "13:00");
    assert_eq!(at(22 * 60 - 1).await, (1, 1), "10:59 of the 21st is a minute before midnight there");
    assert_eq!(at(1).await, (0, 1), "11:00");
    // Where the day is not over he is back.
    owner(&world).await.patch("/v1/tenants/current", json!({"zone": "Etc/GMT+12"})).await.expect(200);
    assert_eq!(at(0).await, (1, 1), "there it is 23:00 of the 20th");
}

#[tokio::test]
async fn edits_of_a_contact_and_of_the_segment_at_once_end_right_and_are_told_once() {
    let world = World::start().await;
    let ids = people(&world, &["A", "B", "C"]).await;
    let segment = dynamic(&world.owner, "Stages", field("stage", "any_of", json!(["won"]))).await;
    world.app.settle().await;
    let path = format!("/v1/segments/{segment}");
    for round in 0..6 {
        let stage = ["won", "lost", "new"][round % 3];
        let rule = field("stage", ["any_of", "none_of"][round % 2], json!(["won"]));
        let edits = ids.iter().map(|id| {
            let path = format!("/v1/contacts/{id}");
            let (client, body) = (&world.owner, json!({"stage": stage}));
            async move {
                client.patch(&path, body).await.expect(200);
            }
        });
        // Followers run while edits are made, each as often as it likes.
        let follow = async {
            for _ in 0..4 {
                kernel::events::dispatch_due(&world.app.app).await.expect("events");
                kernel::jobs::run_due(&world.app.app).await.expect("jobs");
            }
        };
        let define = async {
            world.owner.patch(&path, json!({"definition": rule})).await.expect(200);
        };
        tokio::join!(join_all(edits), follow, define);
        compare(&world, &world.owner, std::slice::from_ref(&segment), &format!("round {round}")).await;
    }
}

#[tokio::test]
async fn a_link_to_a_merged_company_means_the_one_it_became_until_they_are_apart() {
    let world = World::start().await;
    let client = owner(&world).await;
    for record in ["contact", "company"] {
        let field = json!({"record": record, "key": "agency", "label": "Agency", "type": "link", "target": "company"});
        client.post("/v1/custom-fields", field).await.expect(201);
    }
    let company = async |name: &str, custom: Value| {
        client.post("/v1/companies", json!({"name": name, "custom": custom})).await.text_of("id")
    };
    let (old, kept) = (company("Old", json!({})).await, company("Kept", json!({})).await);
    for (name, agency) in [("Ann", &old), ("Bob", &kept)] {
        let contact = json!({"first_name": name, "custom": {"agency": agency}});
        client.post("/v1/contacts", contact).await.expect(201);
    }
    // Somebody of a company that is linked.
    let below = company("Below", json!({"agency": old})).await;
    let cleo = client.post("/v1/contacts", json!({"first_name": "Cleo"})).await.text_of("id");
    client.put(&format!("/v1/companies/{below}/contacts/{cleo}"), json!({"roles": []})).await.expect(200);
    let linked = |company: &str| field("custom.agency", "any_of", json!([company]));
    let definitions = [
        linked(&old),
        linked(&kept),
        field("custom.agency", "none_of", json!([old])),
        has("company", json!([linked(&old)])),
    ];
    let mut segments = vec![];
    for (n, definition) in definitions.into_iter().enumerate() {
        segments.push(dynamic(&client, &format!("Linked {n}"), definition).await);
    }
    let who = async |step: &str| {
        compare(&world, &client, &segments, step).await;
        let mut all = vec![];
        for segment in &segments {
            all.push(members(&client, segment).await.join(" "));
        }
        all
    };
    let apart = ["Ann", "Bob", "Bob Cleo", "Cleo"];
    assert_eq!(who("the beginning").await, apart);
    let definition = client.get(&format!("/v1/segments/{}", segments[0])).await.expect(200)["definition"].clone();
    let merge = client.post("/v1/company-merges", json!({"kept": kept, "merged": [old]})).await.expect(201).clone();
    assert_eq!(who("a merge").await, ["Ann Bob", "Ann Bob", "Cleo", "Cleo"]);
    let now = client.get(&format!("/v1/segments/{}", segments[0])).await.expect(200)["definition"].clone();
    assert_eq!(now, definition, "what was said stays, so there is nothing to take back");
    // Whatever comes meanwhile counts for both.
    let dora = json!({"first_name": "Dora", "custom": {"agency": kept}});
    let dora = client.post("/v1/contacts", dora).await.text_of("id");
    assert_eq!(who("a new contact").await, ["Ann Bob Dora", "Ann Bob Dora", "Cleo", "Cleo"]);
    client.delete(&format!("/v1/contacts/{dora}")).await.expect(204);
    let undo = format!("/v1/company-merges/{}/undo", merge["id"].as_str().expect("an id"));
    client.post(&undo, json!({})).await.expect(200);
    assert_eq!(who("an undo").await, apart);
}
