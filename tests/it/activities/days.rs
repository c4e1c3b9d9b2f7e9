//! A day as the overview's sky draws it.
use crate::{
    contacts::{id_of, member_with},
    forms::{World, answers, enquiry, sign_in},
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::events::NewEvent;
use serde_json::{Value, json};
use std::collections::HashSet;
use tests::Client;
use uuid::Uuid;

async fn day(client: &Client, date: &str) -> Value {
    let query = if date.is_empty() { String::new() } else { format!("?date={date}") };
    client.get(&format!("/v1/days{query}")).await.expect(200).clone()
}

fn count(day: &Value, kind: &str) -> i64 {
    let counts = day["counts"].as_array().expect("counts");
    counts.iter().find(|c| c["kind"] == kind).and_then(|c| c["count"].as_i64()).expect("a count")
}

fn stars(day: &Value) -> Vec<Value> {
    day["stars"].as_array().expect("stars").clone()
}

#[tokio::test]
async fn every_light_is_a_fact() {
    let world = World::start().await;
    assert_eq!(stars(&day(&world.owner, "").await).len(), 0, "a quiet day has a quiet sky");
    let ada = id_of(&world.owner, json!({"display_name": "Ada"})).await;
    let path = format!("/v1/contacts/{ada}");
    world.owner.post(&format!("{path}/notes"), json!({"body": "Called back"})).await.expect(201);
    world.owner.patch(&path, json!({"stage": "won"})).await.expect(200);
    world.owner.patch(&path, json!({"job_title": "Countess"})).await.expect(200);
    let form = world.published(enquiry(), json!({})).await;
    world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    world.visitor(&form, 2).risk(90).submit(1, answers()).await;
    world.app.settle().await;
    let today = day(&world.owner, "").await;
    let kinds: Vec<String> = stars(&today).iter().map(|s| s["event"].as_str().unwrap_or("").to_owned()).collect();
    for kind in ["contact.created", "note.created", "contact.stage_changed", "form.submitted"] {
        assert!(kinds.contains(&kind.to_owned()), "{kind} of {kinds:?}");
    }
    assert!(!kinds.iter().any(|kind| kind == "form.published"), "settings are no sign of life");
    // Counts equal what is drawn, and what is drawn are rows of the log.
    for kind in ["lead", "message", "change"] {
        let drawn: i64 = stars(&today).iter().filter(|s| s["kind"] == kind).map(|s| s["count"].as_i64().unwrap()).sum();
        assert_eq!(drawn, count(&today, kind), "{kind}");
    }
    let ids: HashSet<String> = stars(&today).iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect();
    let log = world.owner.get("/v1/events?limit=200").await;
    let logged: HashSet<String> =
        log.expect(200)["items"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.is_subset(&logged));
    // Ada was created, noted, won and changed: she is the busiest, joined to stars that are there.
    assert_eq!((&today["busiest"]["name"], &today["busiest"]["touches"]), (&json!("Ada"), &json!(4)));
    assert_eq!(today["busiest"]["contact"], ada.as_str());
    let joined = today["busiest"]["stars"].as_array().unwrap();
    assert!(joined.len() == 4 && joined.iter().all(|id| ids.contains(id.as_str().unwrap())));
    // Gone from the contacts, gone from the links.
    world.owner.delete(&path).await.expect(204);
    let after = day(&world.owner, "").await;
    assert!(stars(&after).iter().all(|s| s["contact"] != ada.as_str()));
    assert_eq!(after["busiest"]["name"], "Ada Lovelace", "the visitor: made, answered, agreed");
    world.app.settle().await;
}

#[tokio::test]
async fn a_day_begins_at_midnight_where_the_tenant_is() {
    let mut world = World::start().await;
    let zone = json!({"zone": "Pacific/Auckland"});
    world.owner.patch("/v1/tenants/current", zone).await.expect(200);
    world.app.advance(TimeDelta::seconds(6));
    id_of(&world.owner, json!({"display_name": "Ada"})).await;
    let today = day(&world.owner, "").await;
    assert_eq!((today["zone"].as_str(), stars(&today).len()), (Some("Pacific/Auckland"), 1));
    let at = |name: &str| today[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let now = world.app.clock.now();
    assert!(at("since") <= now && now < at("until"));
    // The last second of this day, and the first of the next.
    world.app.advance(at("until") - now - TimeDelta::milliseconds(1));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    id_of(&world.owner, json!({"display_name": "Late"})).await;
    assert_eq!(stars(&day(&world.owner, "").await).len(), 2);
    world.app.advance(TimeDelta::milliseconds(1));
    let next = day(&world.owner, "").await;
    assert_eq!((stars(&next).len(), &next["since"]), (0, &today["until"]));
    assert_eq!(stars(&day(&world.owner, today["date"].as_str().unwrap()).await).len(), 2);
    world.owner.get("/v1/days?date=yesterday").await.expect(400);
    for far in ["%2B262142-12-31", "-262143-01-01"] {
        world.owner.get(&format!("/v1/days?date={far}")).await.problem(422, "invalid");
    }
    world.app.settle().await;
}

/// Clocks that show midnight twice, or go on over it: a day begins the first time, and where they go on.
#[tokio::test]
async fn a_day_begins_once_where_clocks_change_at_midnight() {
    let world = World::start().await;
    for (zone, date, since, until) in [
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),
        ("Atlantic/Azores", "2026-10-25", "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"),
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"),
        ("Asia/Beirut", "2026-10-24", "2026-10-23T21:00:00Z", "2026-10-24T22:00:00Z"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"),
        ("America/Asuncion", "2024-03-23", "2024-03-23T03:00:00Z", "2024-03-24T04:00:00Z"),
    ] {
        world.owner.patch("/v1/tenants/current", json!({"zone": zone})).await.expect(200);
        world.app.advance(TimeDelta::seconds(6));
        let found = day(&world.owner, date).await;
        let at = |name: &str| found[name].as_str().expect("a moment").parse::<DateTime<Utc>>().expect("a moment");
        let moment = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        assert_eq!((at("since"), at("until")), (moment(since), moment(until)), "{zone} {date}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn whoever_sees_some_contacts_sees_their_day() {
    let world = World::start().await;
    let grants = json!({"contacts.*": "own", "activities.*": "own"});
    let (una, una_id) = member_with(&world, "Una", grants).await;
    let (ben, _) = member_with(&world, "Ben", json!({"contacts.*": "all", "activities.*": "all"})).await;
    let mine = id_of(&world.owner, json!({"display_name": "Hers", "owner": una_id})).await;
    id_of(&world.owner, json!({"display_name": "Somebody"})).await;
    let note = |private: bool| json!({"body": "Between us", "private": private});
    una.post(&format!("/v1/contacts/{mine}/notes"), note(true)).await.expect(201);
    una.post(&format!("/v1/contacts/{mine}/notes"), note(false)).await.expect(201);
    let hers = day(&una, "").await;
    assert!(stars(&hers).iter().all(|s| s["contact"] == mine.as_str()), "{hers}");
    assert_eq!((count(&hers, "lead"), count(&hers, "change")), (1, 2));
    let his = day(&ben, "").await;
    assert_eq!((count(&his, "lead"), count(&his, "change")), (2, 1), "that there is a private note is hers to know");
    assert_eq!(his["busiest"], Value::Null, "two touches that he may know");
    assert_eq!(hers["busiest"]["touches"], 3);
    let (nobody, _) = member_with(&world, "Nora", json!({"contacts.read": "all"})).await;
    nobody.get("/v1/days").await.problem(403, "permission_missing");
    assert_eq!(stars(&day(&world.stranger().await, "").await).len(), 0);
    world.app.settle().await;
}

#[tokio::test]
async fn calls_and_meetings_of_the_day_are_its_plans() {
    let world = World::start().await;
    let (una, una_id) = member_with(&world, "Una", json!({"contacts.*": "own", "activities.*": "own"})).await;
    let hers = id_of(&world.owner, json!({"display_name": "Hers", "owner": una_id})).await;
    let other = id_of(&world.owner, json!({"display_name": "Somebody"})).await;
    let at = |hours: i64| (world.app.clock.now() + TimeDelta::hours(hours)).to_rfc3339();
    for (contact, kind, title, hours) in [
        (&hers, "meeting", "Fitting", 2),
        (&hers, "call", "Before", -1),
        (&other, "call", "Hidden from her", 1),
        (&hers, "email", "No plan", 1),
        (&hers, "call", "Another day", -40),
    ] {
        let body = json!({"kind": kind, "title": title, "occurred_at": at(hours)});
        world.owner.post(&format!("/v1/contacts/{contact}/activities"), body).await.expect(201);
    }
    let titles = |day: &Value| -> Vec<String> {
        day["plans"].as_array().unwrap().iter().map(|p| p["title"].as_str().unwrap().to_owned()).collect()
    };
    let all = day(&world.owner, "").await;
    assert_eq!(titles(&all), ["Before", "Hidden from her", "Fitting"]);
    assert_eq!((&all["plans"][2]["name"], &all["plans"][2]["contact"]), (&json!("Hers"), &json!(hers)));
    assert_eq!(titles(&day(&una, "").await), ["Before", "Fitting"]);
    world.app.settle().await;
}

#[tokio::test]
async fn a_busy_day_is_drawn_with_few_stars_that_stand_for_all_of_it() {
    let world = World::start().await;
    let tenant = world.app.app.tenant(world.tenant).await.unwrap();
    let ada: Uuid = {
        let id = id_of(&world.owner, json!({"display_name": "Ada"})).await;
        kernel::ids::decode(id.trim_start_matches("con_")).expect("an id")
    };
    for round in 0..60_u128 {
        let write = world.app.app.write(&tenant, world.app.app.system("test"), async |tx| {
            for n in 0..9_u128 {
                let kind = ["contact.created", "form.submitted", "contact.updated"][(n % 3) as usize];
                let contact = (n == 8).then_some(ada);
                let event = NewEvent::new(kind, "contacts", Uuid::from_u128(round * 100 + n), "It happened");
                tx.record(event.contact(contact)).await?;
            }
            Ok(())
        });
        write.await.unwrap();
        world.app.advance(TimeDelta::minutes(4));
    }
    let owner = sign_in(&world.app, "northlight@example.com").await.0;
    let today = day(&owner, "").await;
    let drawn = stars(&today);
    assert!(drawn.len() <= 160, "{}", drawn.len());
    assert_eq!(drawn.iter().map(|s| s["count"].as_i64().unwrap()).sum::<i64>(), 541);
    assert_eq!((count(&today, "lead"), count(&today, "message"), count(&today, "change")), (181, 180, 180));
    assert_eq!(today["busiest"]["touches"], 61);
    let ids: HashSet<&str> = drawn.iter().map(|s| s["id"].as_str().unwrap()).collect();
    let joined = today["busiest"]["stars"].as_array().unwrap();
    assert!(!joined.is_empty() && joined.iter().all(|id| ids.contains(id.as_str().unwrap())));
    world.app.settle().await;
}
