//! What somebody bought.
use super::{add, close, exchange_rates::at_home_in, id_of};
use crate::contacts::{self, member_with};
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn told(list: &Value, name: &str) -> Vec<(String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    list.as_array().expect("a list").iter().map(|row| (text(row, name), text(row, "state"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[tokio::test]
async fn a_companys_page_tells_what_it_bought_and_what_runs() {
    let mut world = World::start().await;
    at_home_in(&world, "EUR").await;
    let made = world.owner.post("/v1/companies", json!({"name": "Kestrel"})).await;
    let kestrel = made.expect(201)["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/companies/{kestrel}/services");
    assert_eq!(world.owner.get(&path).await.expect(200), &json!({"services": [], "projects": []}));
    let items = json!([
        {"name": "Hosting", "unit_price": 1_000, "billing": "monthly", "starts_on": "2026-11-01", "ends_on": "2026-11-27"},
        {"name": "Design", "unit_price": 50_000},
        {"name": "Care", "unit_price": 9_000, "billing": "yearly", "starts_on": "2027-01-01"}
    ]);
    let site = json!({"title": "Site", "company": kestrel, "currency": "EUR", "items": items, "starts_on": "2026-11-10", "ends_on": "2026-12-10"});
    let site = id_of(&world.owner, site).await;
    let wrong = json!({"starts_on": "2026-12-11"});
    let refused = world.owner.patch(&format!("/v1/deals/{site}"), wrong).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "ends_before");
    assert_eq!(world.owner.get(&path).await.expect(200)["services"], json!([]), "nothing is sold yet");
    close(&world.owner, &site, "won").await.expect(200);
    let plain =
        add(&world.owner, json!({"title": "Advice", "company": kestrel, "amount": 700, "currency": "EUR"})).await;
    close(&world.owner, plain["id"].as_str().unwrap(), "won").await.expect(200);

    let bought = world.owner.get(&path).await.expect(200).clone();
    let expected = [("Hosting", "running"), ("Care", "coming"), ("Design", "done")];
    assert_eq!(told(&bought["services"], "name"), pairs(&expected));
    assert_eq!(told(&bought["projects"], "title"), pairs(&[("Site", "running"), ("Advice", "done")]));
    assert_eq!(bought["services"][2]["starts_on"], "2026-11-10", "that of the deal");
    let read = world.owner.get(&format!("/v1/companies/{kestrel}")).await.expect(200).clone();
    // One month of hosting, the design and the advice; twelve months are what hosting would bring in a year.
    assert_eq!(
        (&read["lifetime_value"], &read["contract_value"], &read["recurring_revenue"]),
        (&json!(51_700), &json!(12_000), &json!(1_000))
    );

    // What ends comes up, and who looks after it is told a week before and on the day.
    world
        .owner
        .patch(
            &format!("/v1/companies/{kestrel}"),
            json!({"renews_on": "2026-12-20", "cancel_by": "2026-11-27", "owner": world.owner_id}),
        )
        .await
        .expect(200);
    world.owner.patch(&format!("/v1/deals/{site}"), json!({"owner": world.owner_id})).await.expect(200);
    world.app.settle().await;
    let days =
        world.owner.get("/v1/occasions/upcoming?from=2026-11-20&to=2026-12-20").await.expect(200)["items"].clone();
    let coming: Vec<(String, String)> = days.as_array().unwrap().iter().flat_map(told_kinds).collect();
    assert_eq!(coming, pairs(&[("2026-11-27", "cancel_by"), ("2026-11-27", "service_end"), ("2026-12-20", "renewal")]));
    world.app.advance(TimeDelta::minutes(30));
    world.app.settle().await;
    world.app.advance(TimeDelta::days(7));
    world.app.settle().await;
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let notices = world.owner.get("/v1/notifications?limit=200").await.expect(200)["items"].clone();
    let titles: Vec<&str> = notices
        .as_array()
        .unwrap()
        .iter()
        .filter(|n| n["kind"] == "occasion.renewal")
        .map(|n| n["title"].as_str().unwrap())
        .collect();
    for title in [
        "Last day to end the contract: Kestrel, in 7 days, on 27 November 2026",
        "Service ends: Hosting of Kestrel, in 7 days, on 27 November 2026",
        "Last day to end the contract: Kestrel, today",
        "Service ends: Hosting of Kestrel, today",
    ] {
        assert_eq!(titles.iter().filter(|told| **told == title).count(), 1, "{title}: {titles:?}");
    }
    // The day after it has ended, in the list and in the sums.
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let bought = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(told(&bought["services"], "name")[1..], pairs(&[("Design", "done"), ("Hosting", "ended")])[..]);
    let read = world.owner.get(&format!("/v1/companies/{kestrel}")).await.expect(200).clone();
    assert_eq!((&read["lifetime_value"], &read["recurring_revenue"]), (&json!(51_700), &json!(0)));

    let (own, _) = member_with(&world, "Own", json!({"deals.read": "own", "companies.read": "all"})).await;
    assert_eq!(own.get(&path).await.expect(200)["services"], json!([]), "deals of others");
    let (blind, _) = member_with(&world, "Blind", json!({"deals.read": "all"})).await;
    blind.get(&path).await.problem(404, "not_found");
    world.stranger().await.get(&path).await.problem(404, "not_found");
}

fn told_kinds(day: &Value) -> Vec<(String, String)> {
    let of = |renewal: &Value| (day["day"].as_str().unwrap().to_owned(), renewal["kind"].as_str().unwrap().to_owned());
    day["renewals"].as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn a_person_without_a_company_is_worth_something_too() {
    let world = World::start().await;
    at_home_in(&world, "EUR").await;
    let ann = contacts::id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let made = world.owner.post("/v1/companies", json!({"name": "Kestrel"})).await;
    let kestrel = made.expect(201)["id"].clone();
    let who = json!([{ "contact": ann }]);
    let mine = json!({"title": "Mine", "currency": "EUR", "contacts": who, "items": [{"name": "Care", "unit_price": 300, "billing": "quarterly"}]});
    let theirs = json!({"title": "Theirs", "currency": "EUR", "contacts": who, "company": kestrel, "amount": 5_000});
    let other = json!({"title": "Other", "currency": "CHF", "contacts": who, "amount": 80});
    for deal in [mine, theirs, other] {
        let id = id_of(&world.owner, deal).await;
        close(&world.owner, &id, "won").await.expect(200);
    }
    let bought = world.owner.get(&format!("/v1/contacts/{ann}/services")).await.expect(200).clone();
    let expected = json!({"currency": "EUR", "lifetime_value": 300, "contract_value": 1_200, "recurring_revenue": 100, "missing": ["CHF"], "changes_on": "2027-02-20"});
    assert_eq!(bought["value"], expected);
    assert_eq!(
        (told(&bought["services"], "name"), bought["projects"].as_array().map(Vec::len)),
        (pairs(&[("Care", "running")]), Some(2))
    );
}
