//! Lists: filters, orders, pages, search.
use super::{add, id_of, member_with, names};
use crate::forms::{World, sign_in};
use serde_json::{Value, json};

async fn people(world: &World) {
    for (first, last, stage, tags, email, phone) in [
        ("Émile", "Zola", "won", json!(["writer"]), "emile@zola.example", "+49 30 901820"),
        ("Emilia", "Plater", "new", json!(["rider"]), "emilia@army.example", "+49 30 901821"),
        ("Marie", "Curie", "won", json!(["nobel"]), "marie@curie.example", "+33 1 42 68 53 00"),
        ("Irène", "Curie", "new", json!(["nobel"]), "irene@curie.example", "030 not a number 77"),
        ("Niels", "Bohr", "lost", json!(["nobel", "football"]), "niels@bohr.example", "+45 35 32 52 00"),
    ] {
        let contact = json!({"first_name": first, "last_name": last, "stage": stage, "tags": tags, "company_name": format!("{last} & Co"),
            "emails": [{"address": email}, {"address": format!("second.{email}")}], "phones": [{"number": phone}]});
        add(&world.owner, contact).await;
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    world.app.settle().await;
}

async fn found(world: &World, query: &str) -> Vec<String> {
    names(world.owner.get(&format!("/v1/contacts?{query}")).await.expect(200))
}

#[tokio::test]
async fn contacts_are_filtered_sorted_and_searched() {
    let world = World::start().await;
    people(&world).await;
    for (query, expected) in [
        ("", vec!["Niels Bohr", "Irène Curie", "Marie Curie", "Emilia Plater", "Émile Zola"]),
        ("sort=name", vec!["Émile Zola", "Emilia Plater", "Irène Curie", "Marie Curie", "Niels Bohr"]),
        ("sort=-updated_at&limit=1", vec!["Niels Bohr"]),
        ("filter=stage:eq:won&sort=name", vec!["Émile Zola", "Marie Curie"]),
        ("filter=stage:in:won,lost&filter=tag:has:nobel&sort=name", vec!["Marie Curie", "Niels Bohr"]),
        ("filter=email:eq:%20SECOND.marie@CURIE.example", vec!["Marie Curie"]),
        ("filter=email:contains:curie&sort=name", vec!["Irène Curie", "Marie Curie"]),
        ("filter=email:prefix:emil&sort=name", vec!["Émile Zola", "Emilia Plater"]),
        ("filter=phone:eq:0033%201%2042685300", vec!["Marie Curie"]),
        ("filter=phone:prefix:%2B49%2030&sort=name", vec!["Émile Zola", "Emilia Plater"]),
        ("filter=phone:eq:030-77", vec!["Irène Curie"]),
        ("filter=name:prefix:EMIL&sort=name", vec!["Émile Zola", "Emilia Plater"]),
        ("filter=name:contains:%C3%A8ne", vec!["Irène Curie"]),
        ("filter=company_name:prefix:curie%20%26&sort=name", vec!["Irène Curie", "Marie Curie"]),
        ("filter=company_name:eq:Curie%20%26%20Co&sort=name", vec!["Irène Curie", "Marie Curie"]),
        ("filter=company_name:eq:CURIE%20%26%20Co", vec![]),
        ("filter=company_name:eq:C_rie%20%25", vec![]),
        ("filter=company_name:prefix:%25", vec![]),
        ("filter=company_name:contains:CURIE%20%26&sort=name", vec!["Irène Curie", "Marie Curie"]),
        ("filter=created_at:gte:2026-11-20T12:00:03Z&sort=name", vec!["Irène Curie", "Niels Bohr"]),
        ("filter=owner:empty:true&filter=tag:has:rider", vec!["Emilia Plater"]),
        ("filter=name:contains:%25", vec![]),
        ("q=emil", vec!["Émile Zola", "Emilia Plater"]),
        ("q=curie&sort=name", vec!["Irène Curie", "Marie Curie"]),
        ("q=cu%20ma&sort=name", vec!["Marie Curie"]),
        ("q=second.niels", vec!["Niels Bohr"]),
        ("q=0045%2035%2032", vec![]),
        ("q=%2B45353252", vec!["Niels Bohr"]),
        ("q=zolla", vec!["Émile Zola"]),
        ("q=cury&filter=tag:has:nobel", vec![]),
        ("q=%25", vec![]),
    ] {
        assert_eq!(found(&world, query).await, expected, "{query}");
    }
    for (query, status, code) in [
        ("filter=shoe_size:eq:44", 422, "invalid"),
        ("filter=stage:contains", 200, ""),
        ("filter=created_at:gt:yesterday", 422, "invalid"),
        ("filter=created_at:gt:-9999-01-01T00:00:00Z", 422, "invalid"),
        ("filter=tag:eq:nobel", 422, "invalid"),
        ("sort=stage", 422, "invalid"),
        ("limit=0", 422, "invalid"),
        ("limit=201", 422, "invalid"),
        ("cursor=nonsense", 400, "cursor_invalid"),
        ("owner=x", 200, ""),
        ("limit=many", 400, "request_invalid"),
    ] {
        let answer = world.owner.get(&format!("/v1/contacts?{query}")).await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str().unwrap_or("")),
            (status, code),
            "{query}: {}",
            answer.text
        );
    }
}

/// Reads a list page by page.
async fn paged(world: &World, query: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = world.owner.get(&format!("/v1/contacts?{query}&limit={limit}{cursor}")).await;
        let items = page.expect(200)["items"].as_array().expect("items").clone();
        assert!(items.len() <= limit);
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
    // Equal names and equal moments: only the id breaks the tie.
    for i in 0..23 {
        id_of(
            &world.owner,
            json!({"display_name": format!("Name {}", i % 4), "stage": if i % 3 == 0 { "won" } else { "new" }}),
        )
        .await;
        if i % 5 == 0 {
            world.app.advance(chrono::TimeDelta::microseconds(1));
        }
    }
    world.app.settle().await;
    for query in [
        "sort=name",
        "sort=-name",
        "sort=created_at",
        "sort=-created_at",
        "sort=-updated_at",
        "sort=name&filter=stage:eq:new",
        "q=name&sort=name",
    ] {
        let whole = paged(&world, query, 200).await;
        let expected = if query.contains("stage") { 15 } else { 23 };
        assert_eq!(whole.len(), expected, "{query}");
        for limit in [1, 2, 3, 5, 7, 22, 23, 24] {
            assert_eq!(paged(&world, query, limit).await, whole, "{query} by {limit}");
        }
    }
    // A cursor belongs to its order.
    let page = world.owner.get("/v1/contacts?sort=name&limit=1").await;
    let cursor = page.text_of("next_cursor");
    world.owner.get(&format!("/v1/contacts?sort=-name&cursor={cursor}")).await.problem(400, "cursor_invalid");
}

/// What fits stands behind more rows than are looked at along the order, so it is looked for further, or collected and sorted.
#[tokio::test]
async fn what_stands_far_behind_is_found_in_order() {
    let world = World::start().await;
    for i in 0..70 {
        // By pages of one row 40 are looked at first, and one of them fits.
        let far = i % 3 == 0 && i >= 39;
        let contact = json!({"display_name": format!("Name {i:02}"), "company_name": if far { "Äolus" } else { "Boreas" },
            "tags": if far { json!(["far"]) } else { json!([]) }, "stage": if far { "won" } else { "new" }, "source": if far { "fair" } else { "form" },
            "emails": if far { json!([]) } else { json!([{"address": format!("n{i}@x.example")}]) }});
        id_of(&world.owner, contact).await;
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    world.app.settle().await;
    let by_name: Vec<String> = (39..70).step_by(3).map(|i| format!("Name {i}")).collect();
    let last = "2026-11-20T12:00:39Z";
    for filter in [
        "q=name%20aolus",
        "filter=tag:has:far",
        "filter=company_name:contains:%C3%A4ol",
        "filter=company_name:eq:%C3%84olus",
        "filter=stage:in:won,lost",
        "filter=email:empty:true",
        "filter=stage:eq:won",
        "filter=stage:eq:won&filter=tag:has:far",
        "filter=stage:eq:won&filter=source:eq:fair",
        "filter=stage:eq:won&filter=source:in:fair,phone&filter=tag:has:far",
        &format!("filter=created_at:gte:{last}&filter=stage:eq:won"),
    ] {
        assert_eq!(found(&world, &format!("{filter}&sort=name")).await, by_name, "{filter}");
        let backwards: Vec<String> = by_name.iter().rev().cloned().collect();
        assert_eq!(found(&world, &format!("{filter}&sort=-updated_at")).await, backwards, "{filter}");
        let whole = paged(&world, &format!("{filter}&sort=name"), 200).await;
        for limit in [1, 3] {
            assert_eq!(paged(&world, &format!("{filter}&sort=name"), limit).await, whole, "{filter} by {limit}");
        }
    }
    assert_eq!(found(&world, "filter=email:empty:false&sort=name&limit=200").await.len(), 59);
    assert_eq!(found(&world, "filter=phone:empty:false&sort=name").await, Vec::<String>::new());
}

#[tokio::test]
async fn what_lists_read_follows_every_change() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"first_name": "Old", "emails": [{"address": "old@x.example"}]})).await;
    let change =
        json!({"first_name": "Új", "emails": [{"address": "new@x.example"}], "phones": [{"number": "+4930901820"}]});
    world.owner.patch(&format!("/v1/contacts/{id}"), change).await.expect(200);
    for (query, expected) in [
        ("q=old", 0),
        ("q=uj", 1),
        ("q=new@", 1),
        ("filter=email:eq:old@x.example", 0),
        ("filter=phone:contains:901820", 1),
    ] {
        assert_eq!(found(&world, query).await.len(), expected, "{query}");
    }
    let derived = world.tenant_query("select count(*) from contacts c where c.name_key <> fold(c.display_name) or c.email is distinct from (select e.canonical from contact_emails e where e.contact_id = c.id and e.position = 0)").await;
    assert_eq!(derived[0].get::<_, i64>(0), 0);
    world.app.settle().await;
}

#[tokio::test]
async fn figures_are_the_rows_that_are_there() {
    let world = World::start().await;
    let first = id_of(&world.owner, json!({"display_name": "First"})).await;
    let mut world = world;
    world.app.advance(chrono::TimeDelta::days(9));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let (_, una_id) = member_with(&world, "Una", json!({"contacts.*": "own"})).await;
    for n in 0..3 {
        id_of(&world.owner, json!({"display_name": format!("C{n}"), "owner": una_id})).await;
        world.app.advance(chrono::TimeDelta::days(1));
        world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    }
    let una = sign_in(&world.app, "una@example.com").await.0;
    let figures = world.owner.get("/v1/contacts/figures").await.expect(200).clone();
    assert_eq!((&figures["week"], &figures["before"]), (&json!(3), &json!(1)));
    let days = figures["days"].as_array().unwrap();
    assert_eq!((days.len(), days[13]["made"].as_i64()), (14, Some(0)));
    let since = days[7]["since"].as_str().unwrap().replace('+', "%2B");
    let rows = world.owner.get(&format!("/v1/contacts?filter=created_at:gte:{since}")).await;
    assert_eq!(rows.expect(200)["items"].as_array().map(Vec::len), Some(3), "the number is its rows");
    world.owner.delete(&format!("/v1/contacts/{first}")).await.expect(204);
    assert_eq!(world.owner.get("/v1/contacts/figures").await.expect(200)["before"], 0);
    assert_eq!(una.get("/v1/contacts/figures").await.expect(200)["week"], 3);
    let (nora, _) = member_with(&world, "Nora", json!({"contacts.*": "own"})).await;
    assert_eq!(nora.get("/v1/contacts/figures").await.expect(200)["week"], 0);
    world.app.settle().await;
}

/// What is asked by what day it is shows others tomorrow, and the day is the account's.
#[tokio::test]
async fn days_that_move_are_those_of_the_account() {
    let mut world = World::start().await;
    world.owner.patch("/v1/tenants/current", json!({"zone": "Pacific/Auckland"})).await.expect(200);
    crate::fields::define(&world.owner, json!({"label": "Due", "type": "date"})).await;
    world.app.advance(chrono::TimeDelta::minutes(2));
    world.app.settle().await;
    // It is two minutes past noon in UTC, and the second hour of Saturday, 21 November, there.
    for (name, due) in [("Ada", "2026-11-21"), ("Bob", "2026-12-01")] {
        id_of(&world.owner, json!({"display_name": name, "custom": {"due": due}})).await;
    }
    world.app.settle().await;
    let agree = async |world: &World, asked: &[(&str, &[&str])]| {
        for (filter, expected) in asked {
            let filter = format!("filter={}", filter.replace('+', "%2B").replace(' ', "&filter="));
            assert_eq!(found(world, &format!("{filter}&sort=name")).await, *expected, "{filter}");
            let count = world.owner.get(&format!("/v1/contacts/count?{filter}")).await;
            assert_eq!(count.expect(200)["count"], expected.len(), "{filter}");
            let file = world.owner.get(&format!("/v1/contacts/export?{filter}")).await;
            assert_eq!(file.headers["upzento-rows"], expected.len().to_string(), "{filter}");
        }
    };
    let both: &[&str] = &["Ada", "Bob"];
    let today: &[(&str, &[&str])] = &[
        ("created_at:gte:today", both),
        ("created_at:eq:today", both),
        ("created_at:lte:today", both),
        ("created_at:gt:today", &[]),
        ("created_at:lt:today", &[]),
        ("created_at:gte:month created_at:lt:month+1", both),
        ("created_at:lt:year", &[]),
        ("custom.due:eq:today", &["Ada"]),
        ("custom.due:ne:today", &["Bob"]),
        ("custom.due:gt:today custom.due:lte:today+10", &["Bob"]),
        ("custom.due:gt:today custom.due:lt:today+10", &[]),
        ("custom.due:gte:week custom.due:lt:week+1", &["Ada"]),
        ("custom.due:gte:month+1", &["Bob"]),
        ("custom.due:lt:quarter", &[]),
    ];
    agree(&world, today).await;
    let view = json!({"name": "New", "filter": ["created_at:gte:today", "custom.due:lte:today+30"]});
    world.owner.post("/v1/saved-views", view).await.expect(201);
    for wrong in ["created_at:gte:today%2Bx", "custom.due:lt:yesterday", "created_at:gte:year%2B9000"] {
        world.owner.get(&format!("/v1/contacts?filter={wrong}")).await.problem(422, "invalid");
    }
    // At eleven in UTC the day is over there, and not a minute before.
    world.app.advance(chrono::TimeDelta::minutes(22 * 60 + 57));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    agree(&world, &[("created_at:gte:today", both)]).await;
    world.app.advance(chrono::TimeDelta::minutes(1));
    let tomorrow: &[(&str, &[&str])] = &[
        ("created_at:gte:today", &[]),
        ("created_at:eq:today-1", both),
        ("created_at:gt:today-1", &[]),
        ("created_at:lte:today-1", both),
        ("custom.due:lt:today", &["Ada"]),
    ];
    agree(&world, tomorrow).await;
}

/// Where somebody lives, what is spoken there, what brought him, and when somebody was last in touch.
#[tokio::test]
async fn contacts_are_listed_by_place_language_campaign_and_last_contact() {
    let mut world = World::start().await;
    let grants = json!({"contacts.read": "own", "contacts.write": "own", "contacts.export": "own"});
    let (_, bob_id) = member_with(&world, "Bob", grants).await;
    let mut ids = vec![];
    for contact in [
        json!({"display_name": "Ada", "address": {"city": "München", "country": "DE"}, "language": "de", "owner": bob_id,
            "touch": {"utm": {"source": "mail", "campaign": "Spring"}}}),
        json!({"display_name": "Bea", "address": {"city": "Münster", "country": "DE"}, "language": "de-AT"}),
        json!({"display_name": "Cid", "address": {"city": "Paris", "country": "FR"}, "language": "fr",
            "touch": {"utm": {"campaign": "Autumn"}}}),
        json!({"display_name": "Dan", "touch": {"utm": {"source": "mail"}}}),
    ] {
        ids.push(id_of(&world.owner, contact).await);
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    for id in [&ids[2], &ids[0]] {
        world.app.advance(chrono::TimeDelta::hours(1));
        world.owner = sign_in(&world.app, "northlight@example.com").await.0;
        let call = json!({"kind": "call", "title": "Hello"});
        world.owner.post(&format!("/v1/contacts/{id}/activities"), call).await.expect(201);
    }
    world.app.settle().await;
    let bob = sign_in(&world.app, "bob@example.com").await.0;
    let read = world.owner.get(&format!("/v1/contacts/{}", ids[0])).await.expect(200).clone();
    let last = read["last_contact_at"].as_str().expect("a moment").replace("+00:00", "Z");
    for (filter, expected) in [
        ("country:eq:de", vec!["Ada", "Bea"]),
        ("country:in:de,FR", vec!["Ada", "Bea", "Cid"]),
        ("country:ne:DE", vec!["Cid", "Dan"]),
        ("country:empty:true", vec!["Dan"]),
        ("city:eq:MUNCHEN", vec!["Ada"]),
        ("city:prefix:m%C3%BCn", vec!["Ada", "Bea"]),
        ("city:contains:ari", vec!["Cid"]),
        ("city:empty:false", vec!["Ada", "Bea", "Cid"]),
        ("language:eq:de", vec!["Ada"]),
        ("language:prefix:de", vec!["Ada", "Bea"]),
        ("language:in:fr,de", vec!["Ada", "Cid"]),
        ("first_campaign:eq:Spring", vec!["Ada"]),
        ("first_campaign:contains:u", vec!["Cid"]),
        ("first_campaign:empty:true", vec!["Bea", "Dan"]),
        ("last_campaign:eq:Autumn", vec!["Cid"]),
        ("last_contact_at:empty:true", vec!["Bea", "Dan"]),
        (format!("last_contact_at:gte:{last}").as_str(), vec!["Ada"]),
        (format!("last_contact_at:lt:{last}").as_str(), vec!["Cid"]),
        (format!("quiet_since:lt:{last}").as_str(), vec!["Bea", "Cid", "Dan"]),
    ] {
        assert_eq!(found(&world, &format!("filter={filter}&sort=name")).await, expected, "{filter}");
        let count = world.owner.get(&format!("/v1/contacts/count?filter={filter}")).await;
        assert_eq!(count.expect(200)["count"], expected.len(), "{filter}");
    }
    // Whoever was never spoken with is quiet since he was made.
    assert_eq!(found(&world, "sort=quiet_since").await, ["Bea", "Dan", "Cid", "Ada"]);
    let before = format!("filter=quiet_since:lt:{last}&sort=-quiet_since&limit=1");
    assert_eq!(found(&world, &before).await, ["Cid"]);
    for limit in [1, 2, 3] {
        assert_eq!(paged(&world, "sort=-quiet_since", limit).await, paged(&world, "sort=-quiet_since", 200).await);
    }
    // The file says both, and whoever sees only his own sees nobody else by any of it.
    let file = world.owner.get("/v1/contacts/export?filter=city:prefix:m%C3%BCnch").await.text;
    assert!(file.lines().next().is_some_and(|head| head.ends_with(",last_contact_at,first_campaign")), "{file}");
    assert!(file.lines().nth(1).is_some_and(|line| line.ends_with(",Spring")), "{file}");
    for filter in ["country:in:DE,FR", "language:prefix:d", "city:empty:false", "quiet_since:gte:2020-01-01T00:00:00Z"]
    {
        let page = bob.get(&format!("/v1/contacts?filter={filter}")).await;
        assert_eq!(names(page.expect(200)), ["Ada"], "{filter}");
        let count = bob.get(&format!("/v1/contacts/count?filter={filter}")).await;
        assert_eq!(count.expect(200)["count"], 1, "{filter}");
        let file = bob.get(&format!("/v1/contacts/export?filter={filter}")).await.text;
        assert_eq!(file.lines().count(), 2, "{filter}: {file}");
    }
    world.owner.get("/v1/contacts?sort=last_contact_at").await.problem(422, "invalid");
    world.owner.get("/v1/contacts?filter=last_contact_at:gte:soon").await.problem(422, "invalid");
}

/// On the first of November 2026 clocks in Havana showed midnight at four and at five; in 2027 on the seventh.
#[tokio::test]
async fn a_day_of_the_figures_begins_when_midnight_comes_first() {
    let mut world = World::start().await;
    id_of(&world.owner, json!({"first_name": "Ann"})).await;
    world.owner.patch("/v1/tenants/current", json!({"zone": "America/Havana"})).await.expect(200);
    world.app.advance(chrono::TimeDelta::days(352));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.tenant_query("update contacts set created_at = '2027-11-07T04:30:00Z'").await;
    let figures = world.owner.get("/v1/contacts/figures").await.expect(200).clone();
    let days = figures["days"].as_array().unwrap();
    let at = |day: &Value| day["since"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(days.len(), 14);
    for (day, date, since, made) in
        [(&days[12], "2027-11-06", "2027-11-06T04:00:00Z", 0), (&days[13], "2027-11-07", "2027-11-07T04:00:00Z", 1)]
    {
        assert_eq!((&day["day"], at(day), &day["made"]), (&json!(date), since.parse().unwrap(), &json!(made)));
    }
    assert_eq!((&figures["week"], &figures["before"]), (&json!(1), &json!(0)));
}
