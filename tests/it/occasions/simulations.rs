//! What would go out is what goes out.
use super::{birthday, greeting, owner, person, sends};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};

#[tokio::test]
async fn the_simulation_says_what_will_happen() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let christmas =
        json!({"name": "Christmas", "kinds": [], "feasts": ["christmas"], "subject": "Merry", "body": "Yours."});
    greeting(&world, christmas).await;
    let off = greeting(&world, json!({"name": "Off", "kinds": ["anniversary"], "enabled": false})).await;
    for (name, month, day) in [("Ada", 12, 25), ("Bob", 2, 29), ("Cyd", 11, 21), ("Dan", 11, 21)] {
        let id = person(&world, name, json!({})).await;
        birthday(&world, &id, month, day, None).await;
        if name == "Dan" {
            world.owner.put(&format!("/v1/contacts/{id}/do-not-contact/email"), json!({})).await.expect(204);
        }
        if name == "Bob" {
            let jubilee = json!({"contact": id, "kind": "anniversary", "date_kind": "yearly", "month": 5, "day": 1, "year": 2020});
            world.owner.post("/v1/occasions", jubilee).await.expect(201);
        }
    }
    let year = world.owner.get("/v1/greetings/simulation").await.expect(200).clone();
    let skipped = |reason: &str| json!([{"reason": reason, "count": 1}]);
    let blocked = skipped("do_not_contact");
    let at_christmas = json!([{"reason": "do_not_contact", "count": 1}, {"reason": "another_greeting", "count": 1}]);
    let seen: Vec<(&Value, &Value, &Value)> =
        year["items"].as_array().expect("items").iter().map(|d| (&d["day"], &d["sent"], &d["skipped"])).collect();
    assert_eq!(
        seen,
        [
            (&json!("2026-11-21"), &json!(1), &blocked),
            (&json!("2026-12-25"), &json!(3), &at_christmas),
            (&json!("2027-02-28"), &json!(1), &json!([])),
        ]
    );
    assert_eq!(year["contacts"], 4);
    let all = world.owner.get("/v1/greetings/simulation?drafts=true&from=2027-05-01&to=2027-05-01").await;
    assert_eq!(all.expect(200)["items"][0]["sent"], 1, "as if it were switched on");
    let day = world.owner.get(&format!("/v1/greetings/simulation/sends?day=2027-05-01&greeting={off}")).await;
    let row = &day.expect(200)["items"][0];
    assert_eq!(
        (&row["name"], &row["years"], &row["at"]),
        (&json!("Bob"), &json!(7), &json!("2027-05-01T09:00:00+00:00"))
    );
    // Contact by contact, as it happens then.
    let mut expected: Vec<(String, String, String)> = vec![];
    for on in ["2026-11-21", "2026-12-25", "2027-02-28"] {
        let day = world.owner.get(&format!("/v1/greetings/simulation/sends?day={on}")).await;
        for row in day.expect(200)["items"].as_array().expect("items") {
            let (name, reason) = (row["name"].as_str().expect("a name"), row["reason"].as_str().unwrap_or_default());
            let state = if reason.is_empty() { "sent" } else { "skipped" };
            expected.push((name.to_owned(), state.to_owned(), reason.to_owned()));
        }
    }
    expected.sort();
    for _ in 0..101 {
        world.app.advance(TimeDelta::days(1));
        world.app.settle().await;
    }
    assert_eq!(sends(&world).await, expected);
    world.app.settle().await;
}

#[tokio::test]
async fn a_simulation_looks_at_people_in_pages() {
    let world = World::start().await;
    greeting(&world, json!({"kinds": [], "feasts": ["new_year"]})).await;
    let fill = "insert into contacts (id, display_name, name_key, search, email, created_at, updated_at)
        select gen_random_uuid(), 'P' || n, 'p' || n, 'p' || n, 'p' || n || '@people.example', now(), now() from generate_series(1, 4500) n";
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let client = world.app.db.superuser().await;
    client
        .batch_execute(&format!("set search_path = {}, shared; {fill}", tenant.role.as_str()))
        .await
        .expect("contacts");
    let (mut cursor, mut sent, mut pages) = (String::new(), 0, 0);
    let owner = owner(&world).await;
    loop {
        let page = owner.get(&format!("/v1/greetings/simulation?{cursor}")).await.expect(200).clone();
        sent += page["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|day| day["sent"].as_i64().expect("a count"))
            .sum::<i64>();
        pages += 1;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("cursor={next}"),
            None => break,
        }
    }
    assert_eq!((sent, pages), (4500, 3));
}

#[tokio::test]
async fn days_at_the_end_of_the_calendar_are_refused() {
    let world = World::start().await;
    for path in ["/v1/greetings/simulation", "/v1/occasions/upcoming"] {
        for far in ["from=%2B262142-12-31", "from=%2B262142-12-31&to=2026-11-21", "to=-262143-01-01"] {
            world.owner.get(&format!("{path}?{far}")).await.problem(422, "invalid");
        }
    }
}
