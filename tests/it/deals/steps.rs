//! Telling owners of next steps, and campaigns that deals come from.
use super::{add, close, id_of};
use crate::contacts;
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn told(world: &World) -> Vec<String> {
    let owner = sign_in(&world.app, "northlight@example.com").await.0;
    let all = owner.get("/v1/notifications?limit=200").await.expect(200)["items"].clone();
    let due = all.as_array().unwrap().iter().filter(|n| n["kind"] == "deal.step_due");
    let mut links: Vec<String> =
        due.map(|n| n["link"].as_str().unwrap().trim_start_matches("/deals/").to_owned()).collect();
    links.sort();
    links
}

async fn pass(world: &World, hours: i64) {
    world.app.advance(TimeDelta::hours(hours));
    world.app.settle().await;
}

#[tokio::test]
async fn owners_are_told_of_a_next_step_on_its_morning_and_of_no_other() {
    let world = World::start().await;
    // Nine in Tokyo is midnight UTC.
    world.owner.patch("/v1/tenants/current", json!({"zone": "Asia/Tokyo"})).await.expect(200);
    let deal = |title: &str, on: &str| json!({"title": title, "next_step": "Ring", "next_step_on": on, "owner": world.owner_id});
    let (stays, moves) = (
        id_of(&world.owner, deal("Stays", "2026-11-22")).await,
        id_of(&world.owner, deal("Moves", "2026-11-22")).await,
    );
    let (ends, over) =
        (id_of(&world.owner, deal("Ends", "2026-11-22")).await, id_of(&world.owner, deal("Over", "2026-11-19")).await);
    let (back, nobody) = (
        id_of(&world.owner, deal("Back", "2026-11-22")).await,
        add(&world.owner, json!({"title": "Nobody's", "next_step_on": "2026-11-22", "unassigned": true})).await,
    );
    assert!(nobody.get("owner").is_none() && !over.is_empty());
    world.owner.patch(&format!("/v1/deals/{moves}"), json!({"next_step_on": "2026-11-23"})).await.expect(200);
    close(&world.owner, &ends, "lost").await.expect(200);
    close(&world.owner, &back, "lost").await.expect(200);
    world.owner.post(&format!("/v1/deals/{back}/reopening"), json!({})).await.expect(200);
    pass(&world, 35).await;
    assert_eq!(told(&world).await, Vec::<String>::new(), "an hour before");
    pass(&world, 1).await;
    let mut expected = vec![stays.clone(), back.clone()];
    expected.sort();
    assert_eq!(told(&world).await, expected);
    assert!(world.mails("northlight@example.com").await.iter().any(|mail| mail.contains("next step")), "and by e-mail");
    // Said again, it is no news; another day is.
    let owner = sign_in(&world.app, "northlight@example.com").await.0;
    let path = format!("/v1/deals/{stays}");
    for on in [json!(null), json!("2026-11-22"), json!("2026-11-24")] {
        owner.patch(&path, json!({"next_step_on": on})).await.expect(200);
    }
    pass(&world, 24).await;
    expected.push(moves);
    expected.sort();
    assert_eq!(told(&world).await, expected);
    pass(&world, 24).await;
    expected.push(stays);
    expected.sort();
    assert_eq!(told(&world).await, expected);
}

#[tokio::test]
async fn a_step_that_moves_while_its_moment_comes_is_told_once_or_not_at_all() {
    let world = World::start().await;
    let mut deals = vec![];
    for n in 0..6 {
        let new = json!({"title": format!("Deal {n}"), "next_step_on": "2026-11-21", "owner": world.owner_id});
        deals.push(id_of(&world.owner, new).await);
    }
    world.app.advance(TimeDelta::hours(22));
    let owner = sign_in(&world.app, "northlight@example.com").await.0;
    let moves = deals
        .iter()
        .map(async |deal| owner.patch(&format!("/v1/deals/{deal}"), json!({"next_step_on": "2026-11-22"})).await);
    let ((), moved) = tokio::join!(world.app.settle(), futures_util::future::join_all(moves));
    moved.iter().for_each(|answer| {
        answer.expect(200);
    });
    world.app.settle().await;
    let early = told(&world).await;
    world.app.advance(TimeDelta::hours(24));
    world.app.settle().await;
    let all = told(&world).await;
    for deal in &deals {
        let times = |of: &[String]| of.iter().filter(|told| *told == deal).count();
        // Once for each day on which the step stood at nine.
        assert!(times(&early) <= 1 && times(&all) == times(&early) + 1, "{deal}: {early:?} {all:?}");
    }
}

#[tokio::test]
async fn a_deal_keeps_the_campaigns_that_led_to_it() {
    let world = World::start().await;
    let touch =
        |at: &str, source: &str, campaign: &str| json!({"at": at, "utm": {"source": source, "campaign": campaign}});
    let person = async |name: &str, first: Value| {
        contacts::id_of(&world.owner, json!({"first_name": name, "touch": first})).await
    };
    let ann = person("Ann", touch("2026-03-01T00:00:00Z", "news", "spring")).await;
    let bob = person("Bob", touch("2026-02-01T00:00:00Z", "fair", "winter")).await;
    let deal = add(
        &world.owner,
        json!({"title": "Roof", "amount": 900, "currency": "USD", "contacts": [{"contact": ann}, {"contact": bob}]}),
    )
    .await;
    let said = ["first_source", "first_campaign", "last_source", "last_campaign"]
        .map(|key| deal[key].as_str().unwrap_or("").to_owned());
    assert_eq!(said, ["fair", "winter", "news", "spring"]);
    let id = deal["id"].as_str().unwrap();
    // What is on it later is not what led to it.
    world.owner.patch(&format!("/v1/deals/{id}"), json!({"contacts": [{"contact": ann}]})).await.expect(200);
    close(&world.owner, id, "won").await.expect(200);
    id_of(&world.owner, json!({"title": "Cold", "amount": 1, "currency": "USD"})).await;
    let found = world.owner.get("/v1/deals?filter=first_campaign:eq:winter&filter=last_source:eq:news").await;
    assert_eq!(found.expect(200)["items"][0]["id"], id);
    let report = world.owner.get("/v1/reports?kind=sources&span=this_month").await.expect(200).clone();
    let table = report["tables"]
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["key"] == "deals_by_first_campaign")
        .expect("the table")
        .clone();
    let line =
        table["lines"].as_array().unwrap().iter().find(|l| l["label"]["text"] == "winter").expect("a line").clone();
    let worth = &line["numbers"][0];
    assert_eq!((&worth["value"], &worth["currency"], &worth["rows"]["count"]), (&json!(900), &json!("USD"), &json!(1)));
    let filters: Vec<String> = worth["rows"]["filter"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| format!("filter={}", f.as_str().unwrap().replace('+', "%2B")))
        .collect();
    let rows = world.owner.get(&format!("/v1/deals?{}", filters.join("&"))).await.expect(200)["items"].clone();
    assert_eq!((rows.as_array().map(Vec::len), &rows[0]["id"]), (Some(1), &json!(id)), "the link shows the rows");
}
