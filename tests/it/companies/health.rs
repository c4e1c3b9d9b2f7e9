//! How a company is doing: from records, with the reason of each part.
use super::id_of;
use crate::{
    contacts,
    forms::{World, sign_in},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn part<'a>(health: &'a Value, name: &str) -> &'a Value {
    health["parts"].as_array().expect("parts").iter().find(|p| p["part"] == name).expect("the part")
}

#[tokio::test]
async fn health_is_made_of_what_is_known_and_says_why() {
    let mut world = World::start().await;
    let id = id_of(&world.owner, json!({"name": "Kestrel", "status": "active"})).await;
    let path = format!("/v1/companies/{id}");
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!(health.get("score"), None, "nothing is known: {health}");
    assert_eq!(part(&health, "touch")["finding"], "no_people");

    let ann = contacts::id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let roles = json!({"roles": ["decision_maker"], "primary": true});
    world.owner.put(&format!("{path}/contacts/{ann}"), roles).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!((&part(&health, "touch")["finding"], &health["score"]), (&json!("never"), &json!(33)), "20 of 60");

    let call = json!({"kind": "call", "title": "Wants a roof"});
    world.owner.post(&format!("/v1/contacts/{ann}/activities"), call).await.expect(201);
    let patch = json!({"renews_on": "2027-06-01"});
    world.owner.patch(&path, patch).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!(health["score"], 100, "{health}");
    assert_eq!(part(&health, "renewal")["days"], 193);
    assert_eq!((&part(&health, "rhythm")["recent"], &part(&health, "rhythm")["before"]), (&json!(1), &json!(0)));
    let points: i64 = health["parts"].as_array().unwrap().iter().filter_map(|p| p["points"].as_i64()).sum();
    assert_eq!(points, 100, "the score is the sum of its parts");

    // A private note is its author's own: nobody learns from the score that there is one.
    world.app.advance(TimeDelta::days(40));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let note = json!({"body": "Mine alone", "private": true});
    world.owner.post(&format!("/v1/contacts/{ann}/notes"), note).await.expect(201);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!((&part(&health, "touch")["days"], &part(&health, "touch")["points"]), (&json!(40), &json!(20)));
    assert!(part(&health, "touch")["detail"].as_str().is_some_and(|why| why.contains("40 days ago")));

    world.app.advance(TimeDelta::days(60));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.owner.patch(&path, json!({"cancel_by": "2027-03-10"})).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!(part(&health, "touch")["finding"], "silent");
    assert_eq!(part(&health, "rhythm")["finding"], "stopped");
    assert_eq!((&part(&health, "renewal")["finding"], &part(&health, "renewal")["days"]), (&json!("open"), &json!(10)));
    world.owner.patch(&path, json!({"status": "former"})).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!((health.get("score"), &health["ended"]), (None, &json!(true)));
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&format!("{path}/health")).await.problem(404, "not_found");
    world.app.settle().await;
}

/// What a page says of a part, and what the list finds for it: both are asked by themselves.
async fn told(world: &World, id: &str, name: &str) -> String {
    let health = world.owner.get(&format!("/v1/companies/{id}/health")).await.expect(200).clone();
    let finding = part(&health, name)["finding"].as_str().expect("a finding").to_owned();
    for (kind, findings) in [
        ("touch", &["fresh", "recent", "fading", "quiet", "silent", "never", "no_people"][..]),
        ("rhythm", &["steady", "slower", "faint", "stopped", "unknown"][..]),
    ] {
        let said = part(&health, kind)["finding"].as_str().expect("a finding").to_owned();
        for wanted in findings {
            let page = world.owner.get(&format!("/v1/companies?limit=200&filter=health:eq:{kind}.{wanted}")).await;
            let found = page.expect(200)["items"].as_array().expect("items").iter().any(|c| c["id"] == id);
            assert_eq!(found, said == *wanted, "{kind}.{wanted} of {health}");
        }
    }
    finding
}

#[tokio::test]
async fn a_page_and_a_list_count_the_same_touches() {
    let mut world = World::start().await;
    let call = |at: chrono::DateTime<chrono::Utc>| json!({"kind": "call", "title": "Rang", "direction": "outbound", "occurred_at": at});
    let now = world.app.clock.now();
    let (near, old, planned) = (now - TimeDelta::days(1), now - TimeDelta::days(45), now + TimeDelta::days(20));
    let mut ids = std::collections::BTreeMap::new();
    for name in ["Alone", "Both", "Person", "Noted", "Private", "Planned", "Deleted", "Nothing"] {
        let id = id_of(&world.owner, json!({"name": name, "status": "active"})).await;
        let ann = contacts::id_of(&world.owner, json!({"first_name": format!("Ann of {name}")})).await;
        if name != "Alone" {
            let path = format!("/v1/companies/{id}/contacts/{ann}");
            world.owner.put(&path, json!({"roles": []})).await.expect(200);
        }
        let (company, person) = (format!("/v1/companies/{id}"), format!("/v1/contacts/{ann}"));
        let log = async |path: &str, body: Value| {
            let made = world.owner.post(path, body).await;
            made.expect(201);
            made.text_of("id")
        };
        match name {
            "Alone" => drop(log(&format!("{company}/activities"), call(near)).await),
            "Both" => {
                let mut with = call(near);
                with["contact"] = json!(ann);
                log(&format!("{company}/activities"), with).await;
            }
            "Person" => drop(log(&format!("{person}/activities"), call(old)).await),
            "Noted" => drop(log(&format!("{company}/notes"), json!({"body": "They want a roof"})).await),
            "Private" => drop(log(&format!("{company}/notes"), json!({"body": "Mine", "private": true})).await),
            "Planned" => {
                log(&format!("{person}/activities"), call(old)).await;
                log(&format!("{company}/activities"), call(planned)).await;
            }
            "Deleted" => {
                let gone = log(&format!("{company}/activities"), call(near)).await;
                world.owner.delete(&format!("/v1/activities/{gone}")).await.expect(204);
            }
            _ => {}
        }
        ids.insert(name, id);
    }
    for (name, finding) in [
        ("Alone", "fresh"),
        ("Both", "fresh"),
        ("Person", "fading"),
        ("Noted", "fresh"),
        ("Private", "never"),
        ("Planned", "fading"),
        ("Deleted", "never"),
        ("Nothing", "never"),
    ] {
        assert_eq!(told(&world, &ids[name], "touch").await, finding, "{name}");
    }
    let health = world.owner.get(&format!("/v1/companies/{}/health", ids["Both"])).await.expect(200).clone();
    assert_eq!(part(&health, "rhythm")["recent"], 1, "with one of its people about it: once");
    // What was planned has happened, and nobody had to say so.
    world.app.advance(TimeDelta::days(21));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    assert_eq!(told(&world, &ids["Planned"], "touch").await, "fresh");
    assert_eq!(told(&world, &ids["Person"], "touch").await, "quiet");
    let health = world.owner.get(&format!("/v1/companies/{}/health", ids["Planned"])).await.expect(200).clone();
    assert_eq!((&part(&health, "touch")["days"], &part(&health, "rhythm")["recent"]), (&json!(1), &json!(2)));
}
