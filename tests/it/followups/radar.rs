//! Those nobody has been in touch with for long.
use super::{contact, log, owner};
use crate::contacts::member_with;
use crate::forms::{World, sign_in};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn quiet(client: &tests::Client, query: &str) -> Vec<(String, Value)> {
    let page = client.get(&format!("/v1/radar/contacts?limit=200&{query}")).await;
    let items = page.expect(200)["items"].as_array().unwrap().clone();
    items.iter().map(|c| (c["id"].as_str().unwrap().to_owned(), c["quiet_since"].clone())).collect()
}

#[tokio::test]
async fn the_radar_is_what_reading_every_activity_would_say() {
    let world = World::start().await;
    let mut contacts = vec![];
    for i in 0..8 {
        contacts.push(contact(&world, &world.owner, &format!("Ada{i}")).await);
    }
    // What was logged, changed and removed: the same in a book kept by hand.
    let mut book: BTreeMap<String, (String, String, DateTime<Utc>)> = BTreeMap::new();
    let mut seed = 7u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let start: DateTime<Utc> = world.app.clock.now();
    for _ in 0..70 {
        let at = start - TimeDelta::hours(next(2_000) as i64);
        let kind = ["call", "email", "message", "meeting", "other"][next(5) as usize];
        let id = book.keys().nth(next(book.len().max(1) as u64) as usize).cloned();
        match (next(4), id) {
            (2, Some(id)) => {
                let path = format!("/v1/activities/{id}");
                world.owner.patch(&path, json!({"kind": kind, "occurred_at": at})).await.expect(200);
                let entry = book.get_mut(&id).unwrap();
                (entry.1, entry.2) = (kind.to_owned(), at);
            }
            (3, Some(id)) => {
                world.owner.delete(&format!("/v1/activities/{id}")).await.expect(204);
                book.remove(&id);
            }
            _ => {
                let who = contacts[next(8) as usize].clone();
                let made =
                    log(&world.owner, &who, json!({"kind": kind, "direction": "outbound", "occurred_at": at})).await;
                book.insert(made.text_of("id"), (who, kind.to_owned(), at));
            }
        }
    }
    for days in [1, 10, 40, 80] {
        let before = start - TimeDelta::days(days);
        let last = |who: &String| {
            book.values()
                .filter(|(of, kind, _)| of == who && kind != "other")
                .map(|(.., at)| *at)
                .max()
                .unwrap_or(start)
        };
        let mut expected: Vec<_> =
            contacts.iter().map(|who| (last(who), who.clone())).filter(|c| c.0 < before).collect();
        expected.sort();
        let found = quiet(&world.owner, &format!("days={days}")).await;
        let found: Vec<(DateTime<Utc>, String)> =
            found.into_iter().map(|(id, at)| (at.as_str().unwrap().parse().unwrap(), id)).collect();
        assert_eq!(found, expected, "{days} days");
    }
}

#[tokio::test]
async fn whoever_is_lost_or_asked_for_silence_is_left_out() {
    let world = World::start().await;
    let (ada, bob, eve) = (
        contact(&world, &world.owner, "Ada").await,
        contact(&world, &world.owner, "Bob").await,
        contact(&world, &world.owner, "Eve").await,
    );
    world.owner.patch(&format!("/v1/contacts/{bob}"), json!({"stage": "lost"})).await.expect(200);
    world.owner.put(&format!("/v1/contacts/{eve}/do-not-contact/all"), json!({})).await.expect(204);
    let etag = world.owner.get(&format!("/v1/contacts/{ada}")).await.etag();
    member_with(&world, "Bea", json!({"followups.read": "all", "contacts.export": "own"})).await;
    member_with(&world, "Cyd", json!({"followups.read": "all"})).await;
    world.app.advance(TimeDelta::days(31));
    let owner = owner(&world).await;
    let ids = |found: Vec<(String, Value)>| found.into_iter().map(|c| c.0).collect::<Vec<_>>();
    assert_eq!(ids(quiet(&owner, "days=30").await), std::slice::from_ref(&ada));
    assert_eq!(quiet(&owner, "days=30&everybody=true").await.len(), 3);
    assert!(quiet(&owner, "days=32").await.is_empty());
    owner.get("/v1/radar/contacts?days=0").await.problem(422, "invalid");
    // What leaves as a file is what may be exported, too.
    let export = "/v1/radar/contacts/export?days=30";
    let file = owner.get(export).await;
    file.expect(200);
    let head = "id,name,company_name,stage,owner,last_contact_at,last_kind,quiet_since,open_deals";
    assert!(file.text.starts_with(&format!("{head}\r\n{ada},Ada")), "{}", file.text);
    assert_eq!(file.text.lines().count(), 2);
    assert_eq!(owner.get(&format!("{export}&everybody=true")).await.text.lines().count(), 4);
    owner.get("/v1/radar/contacts/export?days=0").await.problem(422, "invalid");
    let (bea, _) = sign_in(&world.app, "bea@example.com").await;
    assert_eq!(quiet(&bea, "days=30&everybody=true").await.len(), 3);
    assert_eq!(bea.get(&format!("{export}&everybody=true")).await.text.lines().count(), 1, "none is hers");
    let (cyd, _) = sign_in(&world.app, "cyd@example.com").await;
    cyd.get(export).await.problem(403, "permission_missing");
    log(&owner, &ada, json!({"kind": "message", "direction": "inbound"})).await;
    assert!(quiet(&owner, "days=30").await.is_empty());
    assert_eq!(owner.get(&format!("/v1/contacts/{ada}")).await.etag(), etag, "nothing that is edited has changed");
    let mine = format!("days=30&everybody=true&filter=owner:eq:{}", world.owner_id);
    assert_eq!(quiet(&owner, &mine).await.len(), 2);
    assert!(quiet(&world.stranger().await, "days=1").await.is_empty());
}

#[tokio::test]
async fn companies_are_quiet_when_all_their_people_are() {
    let world = World::start().await;
    let mut companies = vec![];
    for name in ["Engines", "Looms"] {
        companies.push(world.owner.post("/v1/companies", json!({"name": name})).await.text_of("id"));
    }
    let ada = contact(&world, &world.owner, "Ada").await;
    let path = format!("/v1/companies/{}/contacts/{ada}", companies[0]);
    world.owner.put(&path, json!({"roles": []})).await.expect(200);
    world.app.advance(TimeDelta::days(40));
    let owner = owner(&world).await;
    log(&owner, &ada, json!({"kind": "call", "direction": "outbound"})).await;
    let found = owner.get("/v1/radar/companies?days=30").await.expect(200)["items"].clone();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["id"]), (1, &json!(companies[1])));
    let file = owner.get("/v1/radar/companies/export?days=30").await;
    file.expect(200);
    assert!(file.text.starts_with("id,name,owner,last_contact_at,people,created_at\r\n"), "{}", file.text);
    assert!(file.text.lines().count() == 2 && file.text.contains(&format!("{},Looms,", companies[1])), "{}", file.text);
    world.app.advance(TimeDelta::days(31));
    let found = super::owner(&world).await.get("/v1/radar/companies?days=30").await.expect(200)["items"].clone();
    let people = |id: &str| found.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap()["people"].clone();
    assert_eq!((people(&companies[0]), people(&companies[1])), (json!(1), json!(0)));
}

#[tokio::test]
async fn a_company_that_was_met_itself_is_not_quiet() {
    let world = World::start().await;
    let mut ids = vec![];
    for name in ["Met", "Planned", "Forgotten"] {
        ids.push(world.owner.post("/v1/companies", json!({"name": name})).await.text_of("id"));
    }
    world.app.advance(TimeDelta::days(40));
    let owner = owner(&world).await;
    let now = world.app.clock.now();
    for (id, at) in [(&ids[0], now - TimeDelta::days(2)), (&ids[1], now + TimeDelta::days(5))] {
        let meeting = json!({"kind": "meeting", "title": "Met", "direction": "outbound", "occurred_at": at});
        owner.post(&format!("/v1/companies/{id}/activities"), meeting).await.expect(201);
    }
    let quiet = async |client: &tests::Client, days: u32| {
        let page = client.get(&format!("/v1/radar/companies?days={days}")).await.expect(200).clone();
        let items = page["items"].as_array().unwrap().clone();
        // By name: they were made in the same moment.
        let of = |c: &Value| (c["name"].as_str().unwrap().to_owned(), c["last_contact_at"].clone());
        items.iter().map(of).collect::<BTreeMap<_, _>>()
    };
    let names = |found: &BTreeMap<String, Value>| found.keys().cloned().collect::<Vec<_>>();
    let found = quiet(&owner, 30).await;
    assert_eq!(names(&found), ["Forgotten", "Planned"]);
    assert!(found.values().all(Value::is_null), "what is planned is no contact yet: {found:?}");
    let met = quiet(&owner, 1).await;
    assert_eq!(met["Met"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), now - TimeDelta::days(2));
    world.app.advance(TimeDelta::days(6));
    assert_eq!(names(&quiet(&super::owner(&world).await, 30).await), ["Forgotten"]);
}

/// What the list of contacts says, without the radar: whether somebody was in touch in the last days.
async fn in_touch(client: &tests::Client, days: u32) -> Vec<String> {
    let recent =
        json!({"kind": "field", "field": "last_contact_at", "op": "in_last_days", "values": [days.to_string()]});
    let found = client.post("/v1/segments/preview", json!({"definition": recent})).await;
    let mut names: Vec<String> = found.expect(200)["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["display_name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_is_planned_counts_from_when_it_happens() {
    let world = World::start().await;
    let (ada, bob) = (contact(&world, &world.owner, "Ada").await, contact(&world, &world.owner, "Bob").await);
    let start = world.app.clock.now();
    let at = |hours: i64| json!({"kind": "meeting", "direction": "outbound", "occurred_at": start + TimeDelta::hours(hours)});
    log(&world.owner, &ada, at(-24)).await;
    // Spoken to yesterday and met next month: in touch, and not in the future.
    let planned = log(&world.owner, &ada, at(30 * 24)).await.text_of("id");
    log(&world.owner, &bob, at(40 * 24)).await;
    let last = async |client: &tests::Client, who: &str| {
        let found = client.get("/v1/radar/contacts?days=1&everybody=true&limit=200").await.expect(200).clone();
        let row = found["items"].as_array().unwrap().iter().find(|c| c["id"] == who).cloned();
        row.and_then(|row| row["last_contact_at"].as_str()?.parse::<DateTime<Utc>>().ok())
    };
    assert_eq!(in_touch(&world.owner, 3).await, ["Ada Byron"]);
    world.app.advance(TimeDelta::days(20));
    world.app.settle().await;
    let client = owner(&world).await;
    assert!(in_touch(&client, 3).await.is_empty());
    assert_eq!(last(&client, &ada).await, Some(start - TimeDelta::hours(24)));
    assert_eq!(quiet(&client, "days=19").await.len(), 2, "both are quiet until they are met");
    // One job looks for all that is planned.
    let jobs = "select count(*) from ops.jobs where kind = 'CountTouches' and state = 'queued'";
    let db = world.app.db.superuser().await;
    let queued = async || db.query_one(jobs, &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(queued().await, 1);
    // A segment follows without anybody touching the contact.
    let gone = json!({"kind": "none", "rules": [{"kind": "field", "field": "last_contact_at", "op": "in_last_days", "values": ["3"]}]});
    let segment = crate::segments::dynamic(&client, "Quiet", gone).await;
    world.app.settle().await;
    assert_eq!(crate::segments::members(&client, &segment).await, ["Ada Byron", "Bob Byron"]);
    world.app.advance(TimeDelta::days(10) + TimeDelta::minutes(1));
    tokio::join!(world.app.settle(), world.app.settle());
    world.app.settle().await;
    let client = owner(&world).await;
    assert_eq!(in_touch(&client, 3).await, ["Ada Byron"]);
    assert_eq!(crate::segments::members(&client, &segment).await, ["Bob Byron"]);
    assert_eq!(quiet(&client, "days=19").await.len(), 1);
    // It did not take place: the time before counts again.
    client.delete(&format!("/v1/activities/{planned}")).await.expect(204);
    assert_eq!(last(&client, &ada).await, Some(start - TimeDelta::hours(24)));
    // What is moved nearer is looked for nearer, and a job that comes twice finds nothing to do.
    let meeting = log(
        &client,
        &ada,
        json!({"kind": "call", "direction": "outbound", "occurred_at": start + TimeDelta::days(60)}),
    )
    .await;
    let path = format!("/v1/activities/{}", meeting.text_of("id"));
    client.patch(&path, json!({"occurred_at": start + TimeDelta::days(31)})).await.expect(200);
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    let again = "update ops.jobs set state = 'queued' where kind = 'CountTouches' and state = 'done'";
    db.execute(again, &[]).await.unwrap();
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(in_touch(&owner(&world).await, 1).await, ["Ada Byron"]);
    assert_eq!(queued().await, 1, "for Bob");
    world.app.advance(TimeDelta::days(10));
    world.app.settle().await;
    assert_eq!(in_touch(&owner(&world).await, 1).await, ["Bob Byron"]);
    assert_eq!(queued().await, 0, "nothing is planned, so nobody looks");
}

#[tokio::test]
async fn what_was_planned_before_anybody_looked_counts_too() {
    const ARM: &str = include_str!("../../../tenant-migrations/tenant/V63__planned_touches.sql");
    let world = World::start().await;
    let (ada, bob) = (contact(&world, &world.owner, "Ada").await, contact(&world, &world.owner, "Bob").await);
    for (who, days) in [(&ada, 1), (&bob, 30)] {
        let at = world.app.clock.now() + TimeDelta::days(days);
        log(&world.owner, who, json!({"kind": "meeting", "direction": "outbound", "occurred_at": at})).await;
    }
    // As an account was before there was a job: one meeting has been held since, one is still to come.
    let db = world.app.db.superuser().await;
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let path = format!("set search_path = {}, shared", tenant.role.as_str());
    let before = "update working_time set touch_at = null; delete from ops.jobs where kind = 'CountTouches'";
    db.batch_execute(&format!("{path}; {before}")).await.expect("no job");
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    assert!(in_touch(&owner(&world).await, 3).await.is_empty());
    db.batch_execute(ARM).await.expect("the migration");
    world.app.settle().await;
    assert_eq!(in_touch(&owner(&world).await, 3).await, ["Ada Byron"], "what was missed counts");
    world.app.advance(TimeDelta::days(29));
    world.app.settle().await;
    assert_eq!(in_touch(&owner(&world).await, 3).await, ["Bob Byron"], "and what comes is looked for");
}

#[tokio::test]
async fn whoever_plans_while_somebody_looks_is_not_overlooked() {
    let world = World::start().await;
    let mut people = vec![];
    for i in 0..12 {
        people.push(contact(&world, &world.owner, &format!("P{i}")).await);
    }
    let wrong = "select count(*) from contacts c where c.last_contact_at is distinct from
        (select max(a.occurred_at) from activities a where a.contact_id = c.id and a.kind <> 'other' and a.occurred_at <= '{now}'::timestamptz)";
    for round in 0..6 {
        let client = owner(&world).await;
        let now = world.app.clock.now();
        let plans = people.iter().enumerate().map(|(i, who)| {
            let (client, minutes) = (client.clone(), 1 + ((i * 7 + round * 5) % 9) as i64);
            let at = now + TimeDelta::minutes(minutes);
            async move { log(&client, who, json!({"kind": "call", "direction": "outbound", "occurred_at": at})).await }
        });
        // The clock runs on while they plan, so that some of it is due before it is committed.
        let looking = async {
            for _ in 0..5 {
                world.app.advance(TimeDelta::minutes(1));
                world.app.settle().await;
            }
        };
        tokio::join!(join_all(plans), looking);
        world.app.advance(TimeDelta::minutes(9));
        world.app.settle().await;
        let now = world.app.clock.now().to_rfc3339();
        assert_eq!(world.count(&wrong.replace("{now}", &now)).await, 0, "round {round}");
    }
}
