//! Writing days down, and what comes up.
use super::{birthday, owner, person};
use crate::{contacts::member_with, forms::World};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

#[tokio::test]
async fn dates_are_kept_as_they_were_said() {
    let world = World::start().await;
    let ada = person(&world, "Ada", json!({})).await;
    let company = world.owner.post("/v1/companies", json!({"name": "Lantern"})).await.text_of("id");
    let add = async |body: Value| world.owner.post("/v1/occasions", body).await.expect(201).clone();
    // It is 20 November 2026.
    let full =
        add(json!({"contact": ada, "kind": "birthday", "date_kind": "yearly", "year": 1990, "month": 12, "day": 1}))
            .await;
    assert_eq!((&full["next_on"], &full["next_years"]), (&json!("2026-12-01"), &json!(36)));
    assert_eq!(full["contact_name"], "Ada");
    let no_year =
        add(json!({"contact": ada, "kind": "anniversary", "date_kind": "yearly", "month": 11, "day": 20})).await;
    assert_eq!((&no_year["next_on"], no_year.get("next_years")), (&json!("2026-11-20"), None), "today counts");
    let leap =
        add(json!({"contact": ada, "kind": "birthday", "date_kind": "yearly", "year": 1996, "month": 2, "day": 29}))
            .await;
    assert_eq!(leap["next_on"], "2027-02-28", "as the account reads it");
    let own = json!({"leap_policy": "mar1"});
    let path = format!("/v1/occasions/{}", leap["id"].as_str().expect("an id"));
    assert_eq!(world.owner.patch(&path, own).await.expect(200)["next_on"], "2027-03-01");
    let rule = json!({"company": company, "kind": "custom", "label": "Fair", "date_kind": "weekday", "month": 9, "nth": 3, "weekday": 1});
    let rule = add(rule).await;
    assert_eq!((&rule["next_on"], &rule["company_name"]), (&json!("2027-09-20"), &json!("Lantern")));
    let hijri =
        add(json!({"contact": ada, "kind": "birthday", "date_kind": "hijri", "year": 1410, "month": 9, "day": 1}))
            .await;
    assert_eq!((&hijri["next_on"], &hijri["next_years"]), (&json!("2027-02-08"), &json!(38)));
    let once =
        json!({"company": company, "kind": "renewal", "date_kind": "once", "year": 2026, "month": 11, "day": 19});
    assert_eq!(add(once).await.get("next_on"), None, "it was yesterday");
    let of = world.owner.get(&format!("/v1/occasions?filter=contact:eq:{ada}")).await;
    assert_eq!(of.expect(200)["items"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn what_is_no_date_is_refused() {
    let world = World::start().await;
    let ada = person(&world, "Ada", json!({})).await;
    for (body, field, code) in [
        (json!({"date_kind": "yearly", "month": 2, "day": 30}), "/day", "date_invalid"),
        (json!({"date_kind": "yearly", "month": 2, "day": 29, "year": 2025}), "/day", "date_invalid"),
        (json!({"date_kind": "yearly", "month": 13, "day": 1}), "/month", "date_invalid"),
        (json!({"date_kind": "yearly", "month": 3, "day": 1, "leap_policy": "mar1"}), "/leap_policy", "date_invalid"),
        (json!({"date_kind": "once", "month": 3, "day": 1}), "/year", "date_invalid"),
        (json!({"date_kind": "weekday", "month": 3, "nth": 6, "weekday": 1}), "/nth", "date_invalid"),
        (json!({"date_kind": "weekday", "month": 3, "nth": 1, "weekday": 8}), "/weekday", "date_invalid"),
        (json!({"date_kind": "hijri", "month": 3, "day": 31}), "/day", "date_invalid"),
        (json!({"date_kind": "yearly", "month": 3, "day": 1, "notices": [91]}), "/notices", "notice_range"),
        (json!({"date_kind": "yearly", "month": 3, "day": 1, "kind": "milestone"}), "/label", "required"),
    ] {
        let mut body = body;
        body["contact"] = json!(ada);
        if body.get("kind").is_none() {
            body["kind"] = json!("birthday");
        }
        let refused = world.owner.post("/v1/occasions", body.clone()).await;
        let error = &refused.expect(422)["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{body}");
    }
    let both = json!({"kind": "birthday", "date_kind": "yearly", "month": 3, "day": 1});
    world.owner.post("/v1/occasions", both).await.expect(422);
    let stranger = world.stranger().await;
    let theirs = json!({"contact": ada, "kind": "birthday", "date_kind": "yearly", "month": 3, "day": 1});
    assert_eq!(stranger.post("/v1/occasions", theirs).await.expect(422)["errors"][0]["code"], "contact_unknown");
}

#[tokio::test]
async fn a_stale_change_is_refused_and_a_deletion_is_taken_back() {
    let world = World::start().await;
    let ada = person(&world, "Ada", json!({})).await;
    let made = birthday(&world, &ada, 12, 1, Some(1990)).await;
    let path = format!("/v1/occasions/{}", made["id"].as_str().expect("an id"));
    let read = world.owner.get(&path).await;
    let stale = world.owner.with("If-Match", read.etag());
    stale.patch(&path, json!({"label": "Round"})).await.expect(200);
    stale.patch(&path, json!({"label": "Square"})).await.expect(412);
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.expect(404);
    assert_eq!(
        world.owner.get("/v1/occasions?deleted=true").await.expect(200)["items"].as_array().map(Vec::len),
        Some(1)
    );
    world.owner.post(&format!("{path}/restoration"), json!({})).await.expect(200);
    assert_eq!(world.owner.get(&path).await.expect(200)["label"], "Round");
    world.stranger().await.get(&path).await.expect(404);
    world.owner.delete(&path).await.expect(204);
    world.app.advance(TimeDelta::days(31));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from occasions").await, 0);
    assert!(world.events().await.iter().any(|kind| kind == "occasion.purged"));
}

#[tokio::test]
async fn what_comes_up_is_seen_by_day() {
    let world = World::start().await;
    for (name, month, day) in [("Ada", 11, 21), ("Bob", 11, 21), ("Cyd", 12, 25), ("Dan", 1, 3)] {
        let id = person(&world, name, json!({})).await;
        birthday(&world, &id, month, day, Some(1980)).await;
    }
    let later = person(&world, "Eve", json!({})).await;
    birthday(&world, &later, 11, 21, Some(2030)).await;
    world.owner.patch("/v1/occasion-settings", json!({"packs": ["US", "BD"]})).await.expect(200);
    let days =
        async |query: &str| world.owner.get(&format!("/v1/occasions/upcoming?{query}")).await.expect(200).clone();
    let month = days("to=2027-01-10&per_day=1").await;
    assert_eq!(month["today"], "2026-11-20");
    let seen: Vec<(&Value, &Value, Vec<&Value>)> = month["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|day| {
            (&day["day"], &day["count"], day["feasts"].as_array().expect("feasts").iter().map(|f| &f["key"]).collect())
        })
        .collect();
    let key = |text: &str| json!(text);
    let (thanks, victory, christmas, year) =
        (key("thanksgiving"), key("bd_victory"), key("christmas"), key("new_year"));
    assert_eq!(
        seen,
        [
            (&json!("2026-11-21"), &json!(2), vec![]),
            (&json!("2026-11-26"), &json!(0), vec![&thanks]),
            (&json!("2026-12-16"), &json!(0), vec![&victory]),
            (&json!("2026-12-25"), &json!(1), vec![&christmas]),
            (&json!("2027-01-01"), &json!(0), vec![&year]),
            (&json!("2027-01-03"), &json!(1), vec![]),
        ]
    );
    let first = &month["items"][0]["occasions"];
    assert_eq!(
        (first.as_array().map(Vec::len), &first[0]["name"], &first[0]["years"]),
        (Some(1), &json!("Ada"), &json!(46))
    );
    assert_eq!(month["items"][3]["feasts"][0]["countries"], json!(["BD", "US"]));
    assert_eq!(days("from=2026-11-21&to=2026-11-21").await["items"].as_array().map(Vec::len), Some(1));
    world.owner.get("/v1/occasions/upcoming?from=2026-11-21&to=2027-11-21").await.expect(422);
    // Whoever sees his own contacts sees their days.
    let (sam, sam_id) = member_with(&world, "Sam", json!({"occasions.read": "own", "contacts.read": "own"})).await;
    let none = sam.get("/v1/occasions/upcoming").await;
    assert!(none.expect(200)["items"].as_array().expect("items").iter().all(|day| day["count"] == 0));
    let ada =
        world.owner.get("/v1/contacts?q=Ada").await.expect(200)["items"][0]["id"].as_str().expect("an id").to_owned();
    world.owner.patch(&format!("/v1/contacts/{ada}"), json!({"owner": sam_id})).await.expect(200);
    assert_eq!(sam.get("/v1/occasions/upcoming").await.expect(200)["items"][0]["count"], 1);
    let file = world.owner.get("/v1/occasions/export?filter=kind:eq:birthday").await;
    file.expect(200);
    assert!(file.text.starts_with("id,contact,contact_name") && file.text.lines().count() == 6, "{}", file.text);
    assert_eq!(file.headers["upzento-rows"], "5");
    world.owner.get("/v1/occasions/export?format=xlsx").await.expect(200);
}

#[tokio::test]
async fn owners_are_told_before_and_once() {
    let world = World::start().await;
    let ada = person(&world, "Ada", json!({"owner": world.owner_id})).await;
    let bob = person(&world, "Bob", json!({"owner": world.owner_id})).await;
    birthday(&world, &ada, 12, 1, Some(1990)).await;
    let own = json!({"contact": bob, "kind": "milestone", "label": "Ten orders", "date_kind": "once", "year": 2026, "month": 12, "day": 20, "notices": [30]});
    owner(&world).await.post("/v1/occasions", own).await.expect(201);
    let told = async || {
        let rows = world
            .tenant_query("select title from notifications where kind = 'occasion.notice' order by created_at, id")
            .await;
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    assert_eq!(told().await, ["Ten orders: Bob, in 30 days, on 20 December 2026"]);
    for _ in 0..12 {
        world.app.advance(TimeDelta::days(1));
        tokio::join!(world.app.settle(), world.app.settle());
    }
    let all = told().await;
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(all[1..], ["Birthday: Ada, in 7 days, on 1 December 2026", "Birthday: Ada, today"]);
    // The same by e-mail, each once: those of one morning in one mail.
    let mut mails = world.mails("northlight@example.com").await;
    mails.retain(|subject| subject.contains("occasion") || subject.contains("Ada") || subject.contains("Bob"));
    assert_eq!(mails.len(), 3, "{mails:?}");
    for day in [4, 4, 4] {
        birthday(&world, &ada, 12, day, None).await;
    }
    for _ in 0..5 {
        world.app.advance(TimeDelta::hours(12));
        tokio::join!(world.app.settle(), world.app.settle());
    }
    let mut after = world.mails("northlight@example.com").await;
    after.retain(|subject| subject.contains("occasion"));
    assert_eq!(after, ["Coming up: 3 occasions"]);
}

#[tokio::test]
async fn nobody_has_more_occasions_than_may_be_however_many_come_at_once() {
    let world = World::start().await;
    let ada = person(&world, "Ada", json!({})).await;
    birthday(&world, &ada, 3, 1, None).await;
    let columns = "contact_id, kind, label, date_kind, year, month, day, nth, weekday, leap_policy, notices, anchor, created_at, updated_at";
    let fill = format!(
        "insert into occasions (id, {columns}) select gen_random_uuid(), {columns} from occasions, generate_series(1, 47)"
    );
    world.tenant_query(&fill).await;
    let add = |day: i32| {
        let body =
            json!({"contact": ada, "kind": "milestone", "label": "M", "date_kind": "yearly", "month": 5, "day": day});
        async { world.owner.post("/v1/occasions", body).await }
    };
    let answers = futures_util::future::join_all((1..=6).map(add)).await;
    let full = answers.iter().filter(|answer| answer.body["code"] == "too_many_occasions").count();
    assert_eq!((answers.iter().filter(|answer| answer.status == 201).count(), full), (2, 4));
}

/// Named occasions of an answer: (name, years).
fn named(rows: &Value) -> Vec<(String, i64)> {
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| (row["name"].as_str().expect("a name").to_owned(), row["years"].as_i64().unwrap_or(0))).collect()
}

/// All pages of a day's list: how many each has, and the names, by page.
async fn pages(client: &Client, day: &str, limit: usize) -> Vec<Vec<(String, i64)>> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = client.get(&format!("/v1/occasions/upcoming/day?day={day}&limit={limit}{cursor}")).await;
        all.push(named(&page.expect(200)["items"]));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn a_day_with_more_people_than_are_shown_is_counted_and_read_to_its_end() {
    let world = World::start().await;
    let (sam, sam_id) = member_with(&world, "Sam", json!({"occasions.read": "own"})).await;
    let zoe = person(&world, "Zoe", json!({})).await;
    birthday(&world, &zoe, 12, 1, Some(1990)).await;
    // 130 people on 1 December, the last one written down first; every tenth is Sam's, the 130th is deleted, the 77th will be born
    // next year. 2 December has exactly fifty.
    let sams = kernel::ids::decode(sam_id.trim_start_matches("usr_")).expect("an id");
    let id = |number: &str| format!("('00000000-0000-7000-8000-' || lpad(({number})::text, 12, '0'))::uuid");
    let people = format!(
        "insert into contacts (id, display_name, name_key, search, owner_id, deleted_at, created_at, updated_at)
         select {}, 'P' || lpad(n::text, 3, '0'), 'p' || lpad(n::text, 3, '0'), 'p', case when n % 10 = 0 then '{sams}'::uuid end,
           case when n = 130 then now() end, now(), now() from generate_series(1, 180) n",
        id("n")
    );
    let days = format!(
        "insert into occasions (id, contact_id, kind, date_kind, year, month, day, anchor, created_at, updated_at)
         select {}, {}, 'birthday', 'yearly', case when n = 77 then 2027 else 1991 end, 12, case when n > 130 then 2 else 1 end,
           case when n > 130 then 'y1202' else 'y1201' end, now(), now() from generate_series(1, 180) n",
        id("1000 - n"),
        id("n")
    );
    for fill in [people, days] {
        world.tenant_query(&fill).await;
    }
    let upcoming = async |client: &Client, query: &str| {
        client.get(&format!("/v1/occasions/upcoming?from=2026-11-25&to=2026-12-31&{query}")).await.expect(200)["items"]
            .clone()
    };
    let month = upcoming(&world.owner, "per_day=2").await;
    let days: Vec<_> = month.as_array().expect("days").iter().map(|day| (&day["day"], &day["count"])).collect();
    // 130 and Zoe, without the one who is deleted and the one who is not born.
    assert_eq!(days, [(&json!("2026-12-01"), &json!(129)), (&json!("2026-12-02"), &json!(50))]);
    // The fifty that were written down first are P129 down to P080.
    assert_eq!(named(&month[0]["occasions"]), [("P080".to_owned(), 35), ("P081".to_owned(), 35)]);
    // Up to fifty all are looked at.
    assert_eq!(named(&month[1]["occasions"]), [("P131".to_owned(), 35), ("P132".to_owned(), 35)]);
    assert_eq!(upcoming(&world.owner, "per_day=0").await[0]["count"], 129);
    let named_all = named(&upcoming(&world.owner, "per_day=200").await[0]["occasions"]);
    let expected: Vec<(String, i64)> = (1..130).filter(|n| *n != 77).map(|n| (format!("P{n:03}"), 35)).collect();
    assert_eq!(named_all, [expected, vec![("Zoe".to_owned(), 36)]].concat(), "all of them, by name");
    // The day's own list has everybody once, each page by name, and ends where a page ends.
    let read = pages(&world.owner, "2026-12-01", 50).await;
    assert_eq!(read.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 29]);
    assert!(read.iter().all(|page| page.is_sorted()), "{read:?}");
    assert_eq!(
        (&read[0][0].0[..], &read[2][28].0[..]),
        ("P080", "Zoe"),
        "in the order in which they were written down"
    );
    let mut all = read.concat();
    all.sort();
    assert_eq!(all, named_all);
    let exact = pages(&world.owner, "2026-12-02", 25).await;
    assert_eq!(exact.iter().map(Vec::len).collect::<Vec<_>>(), [25, 25], "no empty page at the end");
    assert_eq!(
        pages(&world.owner, "2027-12-01", 200).await[0].len(),
        130,
        "who is born then counts, in his first year"
    );
    assert!(pages(&world.owner, "2026-12-03", 50).await.concat().is_empty());
    // Whoever sees his own sees, counts and reads those.
    let own = upcoming(&sam, "per_day=3").await;
    let days: Vec<_> = own.as_array().expect("days").iter().map(|day| (&day["day"], &day["count"])).collect();
    assert_eq!(days, [(&json!("2026-12-01"), &json!(12)), (&json!("2026-12-02"), &json!(5))]);
    assert_eq!(named(&own[0]["occasions"]).iter().map(|one| &one.0[..]).collect::<Vec<_>>(), ["P010", "P020", "P030"]);
    assert_eq!(pages(&sam, "2026-12-01", 5).await.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5, 2]);
    for bad in [
        "",
        "day=2026-13-01",
        "day=1800-01-01",
        "day=2026-12-01&limit=0",
        "day=2026-12-01&limit=201",
        "day=2026-12-01&cursor=x",
    ] {
        let refused = world.owner.get(&format!("/v1/occasions/upcoming/day?{bad}")).await;
        assert!([400, 422].contains(&refused.status), "{bad}: {}", refused.text);
    }
    let stranger = world.stranger().await;
    assert!(pages(&stranger, "2026-12-01", 50).await.concat().is_empty());
}

#[tokio::test]
async fn days_are_counted_as_each_date_is_read() {
    let world = World::start().await;
    let (sam, sam_id) = member_with(&world, "Sam", json!({"occasions.read": "own"})).await;
    let company = world.owner.post("/v1/companies", json!({"name": "Lantern", "owner": sam_id})).await.text_of("id");
    let add = async |about: Value, leap: Option<&str>| {
        let mut body = json!({"kind": "anniversary", "date_kind": "yearly", "month": 2, "day": 29, "year": 2000});
        body.as_object_mut().expect("an object").extend(about.as_object().expect("an object").clone());
        if let Some(leap) = leap {
            body["leap_policy"] = json!(leap);
        }
        world.owner.post("/v1/occasions", body).await.expect(201)["id"].as_str().expect("an id").to_owned()
    };
    for (name, leap) in [("Ada", None), ("Bob", Some("feb28")), ("Cyd", Some("mar1")), ("Dan", Some("leap_years"))] {
        let contact = person(&world, name, json!({})).await;
        add(json!({"contact": contact}), leap).await;
    }
    let lantern = add(json!({"company": company}), None).await;
    // Years of the Hijri calendar are counted in it.
    let eve = person(&world, "Eve", json!({})).await;
    let hijri = json!({"contact": eve, "kind": "birthday", "date_kind": "hijri", "year": 1410, "month": 9, "day": 1});
    world.owner.post("/v1/occasions", hijri).await.expect(201);
    let seen = async |client: &Client, from: &str, to: &str| {
        let days =
            client.get(&format!("/v1/occasions/upcoming?from={from}&to={to}")).await.expect(200)["items"].clone();
        let mut seen = vec![];
        for day in days.as_array().expect("days") {
            let on = day["day"].as_str().expect("a day");
            let listed = pages(client, on, 50).await.concat();
            assert_eq!(listed, named(&day["occasions"]), "the list of {on} is what the calendar shows");
            assert_eq!(day["count"], listed.len());
            seen.push((
                on.to_owned(),
                listed.into_iter().map(|(name, years)| format!("{name} {years}")).collect::<Vec<_>>(),
            ));
        }
        seen
    };
    let on =
        |day: &str, names: &[&str]| (day.to_owned(), names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(
        seen(&world.owner, "2027-02-01", "2027-03-15").await,
        [
            on("2027-02-08", &["Eve 38"]),
            on("2027-02-28", &["Ada 27", "Bob 27", "Lantern 27"]),
            on("2027-03-01", &["Cyd 27"]),
        ]
    );
    assert_eq!(
        seen(&world.owner, "2028-02-20", "2028-03-15").await,
        [on("2028-02-29", &["Ada 28", "Bob 28", "Cyd 28", "Dan 28", "Lantern 28"])]
    );
    assert_eq!(seen(&sam, "2027-02-01", "2027-03-15").await, [on("2027-02-28", &["Lantern 27"])], "his company's");
    world.owner.patch("/v1/occasion-settings", json!({"leap_policy": "mar1"})).await.expect(200);
    assert_eq!(
        seen(&world.owner, "2027-02-20", "2027-03-15").await,
        [on("2027-02-28", &["Bob 27"]), on("2027-03-01", &["Ada 27", "Cyd 27", "Lantern 27"])]
    );
    world.owner.delete(&format!("/v1/occasions/{lantern}")).await.expect(204);
    world.owner.patch("/v1/occasion-settings", json!({"leap_policy": "leap_years"})).await.expect(200);
    assert_eq!(
        seen(&world.owner, "2027-02-20", "2027-03-15").await,
        [on("2027-02-28", &["Bob 27"]), on("2027-03-01", &["Cyd 27"])]
    );
    assert!(seen(&sam, "2027-02-01", "2027-03-15").await.is_empty());
}
