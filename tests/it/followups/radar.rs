//! Those nobody has been in touch with for long.
use super::{contact, log, owner};
use crate::forms::World;
use chrono::{DateTime, TimeDelta, Utc};
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
    world.app.advance(TimeDelta::days(31));
    let owner = owner(&world).await;
    let ids = |found: Vec<(String, Value)>| found.into_iter().map(|c| c.0).collect::<Vec<_>>();
    assert_eq!(ids(quiet(&owner, "days=30").await), std::slice::from_ref(&ada));
    assert_eq!(quiet(&owner, "days=30&everybody=true").await.len(), 3);
    assert!(quiet(&owner, "days=32").await.is_empty());
    owner.get("/v1/radar/contacts?days=0").await.problem(422, "invalid");
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
    world.app.advance(TimeDelta::days(31));
    let found = super::owner(&world).await.get("/v1/radar/companies?days=30").await.expect(200)["items"].clone();
    let people = |id: &str| found.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap()["people"].clone();
    assert_eq!((people(&companies[0]), people(&companies[1])), (json!(1), json!(0)));
}
