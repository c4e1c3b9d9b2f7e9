//! What companies are worth, counted from won deals.
use super::{
    Dice, close,
    exchange_rates::{at_home_in, rate},
    id_of,
};
use crate::forms::{World, sign_in};
use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn company(world: &World, name: &str) -> String {
    let made = world.owner.post("/v1/companies", json!({ "name": name })).await;
    made.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// Lifetime value, value of a year, and of a month.
async fn worth(world: &World, company: &str) -> [i64; 3] {
    let read = world.owner.get(&format!("/v1/companies/{company}")).await.expect(200).clone();
    ["lifetime_value", "contract_value", "recurring_revenue"].map(|key| read[key].as_i64().expect("an amount"))
}

/// The nearest whole number, and of two the even one.
fn nearest(numerator: i128, denominator: i128) -> i64 {
    let below = numerator / denominator;
    let told = [below, below + 1].into_iter().min_by_key(|t| ((t * denominator - numerator).abs(), t % 2));
    told.and_then(|told| i64::try_from(told).ok()).expect("a small amount")
}

/// Counts a company from every deal that the API shows, by other means than the program: payment by payment. Rates are
/// thousandths by currency and day.
fn oracle(
    deals: &[Value],
    company: &str,
    rates: &BTreeMap<(String, NaiveDate), i128>,
    today: NaiveDate,
) -> ([i64; 3], Vec<String>) {
    let day = |value: &Value| value.as_str().map(|text| text.parse::<NaiveDate>().expect("a day"));
    let (mut sums, mut missing) = ([0; 3], vec![]);
    for deal in deals.iter().filter(|d| d["company"] == company && d["status"] == "won") {
        let (closed, currency) = (day(&deal["closed_on"]).expect("closed"), deal["currency"].as_str().expect("a code"));
        let known = rates.range((currency.to_owned(), NaiveDate::MIN)..=(currency.to_owned(), closed)).next_back();
        let Some(rate) = known.map(|(_, rate)| *rate).or((currency == "EUR").then_some(1_000)) else {
            missing.push(currency.to_owned());
            continue;
        };
        let (mut paid, mut yearly) = (0i128, 0i128);
        let items = deal["items"].as_array().expect("items");
        if items.is_empty() {
            paid = deal["amount"].as_i64().expect("an amount").into();
        }
        for item in items {
            let total = i128::from(item["total"].as_i64().expect("a total"));
            let every = match item["billing"].as_str() {
                Some("monthly") => 1,
                Some("quarterly") => 3,
                Some("yearly") => 12,
                _ => {
                    paid += total;
                    continue;
                }
            };
            let start = day(&item["starts_on"]).or(day(&deal["starts_on"])).unwrap_or(closed);
            let end = day(&item["ends_on"]);
            let mut n = 0;
            while start + Months::new(n * every) <= today && end.is_none_or(|end| start + Months::new(n * every) <= end)
            {
                paid += total;
                n += 1;
            }
            if start <= today && end.is_none_or(|end| today <= end) {
                yearly += total * i128::from(12 / every);
            }
        }
        for (sum, (amount, parts)) in sums.iter_mut().zip([(paid, 1), (yearly, 1), (yearly, 12)]) {
            *sum += nearest(amount * rate, 1_000 * parts);
        }
    }
    missing.sort_unstable();
    missing.dedup();
    (sums, missing)
}

#[tokio::test]
async fn whatever_happens_to_deals_and_rates_the_sums_are_those_of_the_records() {
    let mut world = World::start().await;
    at_home_in(&world, "EUR").await;
    let companies = [company(&world, "Kestrel").await, company(&world, "Heron").await];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut deals, mut rates): (Vec<String>, BTreeMap<(String, NaiveDate), i128>) = (vec![], BTreeMap::new());
    let mut known: BTreeMap<(String, NaiveDate), String> = BTreeMap::new();
    for round in 0..72 {
        let now: DateTime<Utc> = world.app.clock.now();
        let today = now.date_naive();
        let some_day = |dice: &mut Dice| today - TimeDelta::days(200) + TimeDelta::days(dice.below(400) as i64);
        let items = |dice: &mut Dice| -> Vec<Value> {
            let many = dice.below(4);
            (0..many)
                .map(|n| {
                    let billing = *dice.of(&["once", "monthly", "quarterly", "yearly"]);
                    let start = some_day(dice);
                    let end = start + TimeDelta::days(dice.below(300) as i64);
                    let mut item =
                        json!({"name": format!("Item {n}"), "unit_price": dice.below(100_000), "billing": billing});
                    if dice.below(3) > 0 {
                        item["starts_on"] = json!(start);
                    }
                    // Without a first day it begins when it is won, which may be later.
                    if item.get("starts_on").is_some() && dice.below(2) > 0 {
                        item["ends_on"] = json!(end);
                    }
                    item
                })
                .collect()
        };
        match dice.below(12) {
            0..3 => {
                let lines = items(&mut dice);
                let new = json!({"title": "Deal", "amount": dice.below(1_000_000), "currency": dice.of(&["EUR", "USD", "SEK"]),
                    "company": dice.of(&companies), "items": lines});
                let id = id_of(&world.owner, new).await;
                close(&world.owner, &id, "won").await.expect(200);
                deals.push(id);
            }
            3 if !deals.is_empty() => {
                let lines = items(&mut dice);
                let patch =
                    json!({"items": lines, "company": dice.of(&companies), "currency": dice.of(&["EUR", "USD"])});
                world.owner.patch(&format!("/v1/deals/{}", dice.of(&deals)), patch).await;
            }
            4 if !deals.is_empty() => {
                world.owner.post(&format!("/v1/deals/{}/reopening", dice.of(&deals)), json!({})).await;
            }
            5 if !deals.is_empty() => {
                let deal: String = dice.of(&deals).clone();
                let outcome: &&str = dice.of(&["won", "lost"]);
                close(&world.owner, &deal, outcome).await;
            }
            6 if !deals.is_empty() => {
                world.owner.delete(&format!("/v1/deals/{}", dice.of(&deals))).await;
            }
            7 if !deals.is_empty() => {
                let some: Vec<&String> = deals.iter().filter(|_| dice.below(2) > 0).collect();
                let change = *dice.of(&[("reopened", true), ("deleted", true), ("deleted", false)]);
                if !some.is_empty() {
                    let body = json!({ "deals": some, "change": { (change.0): change.1 } });
                    world.owner.post("/v1/deal-bulk-runs", body).await.expect(201);
                    world.app.settle().await;
                }
            }
            8 => {
                let (currency, from) = ((*dice.of(&["USD", "SEK"])).to_owned(), some_day(&mut dice));
                let thousandths = 1 + dice.below(3_000);
                let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
                if let std::collections::btree_map::Entry::Vacant(entry) = known.entry((currency.clone(), from)) {
                    entry.insert(rate(&world.owner, &currency, &from.to_string(), &text).await);
                    rates.insert((currency, from), thousandths as i128);
                }
            }
            9 => {
                if let Some((key, id)) = known.pop_first() {
                    world.owner.delete(&format!("/v1/exchange-rates/{id}")).await.expect(204);
                    rates.remove(&key);
                }
            }
            _ => {
                world.app.advance(TimeDelta::days(1 + dice.below(20) as i64));
                world.app.settle().await;
                world.owner = sign_in(&world.app, "northlight@example.com").await.0;
            }
        }
        if round % 6 == 5 {
            world.app.settle().await;
            let today = world.app.clock.now().date_naive();
            let all = world.owner.get("/v1/deals?limit=200").await.expect(200)["items"].clone();
            for company in &companies {
                let (sums, missing) = oracle(all.as_array().expect("deals"), company, &rates, today);
                let read = world.owner.get(&format!("/v1/companies/{company}")).await.expect(200).clone();
                assert_eq!(worth(&world, company).await, sums, "round {round}, {today}");
                assert_eq!(read["value_missing"], json!(missing), "round {round}");
            }
        }
    }
    assert!(world.app.clock.now().year() > 2026, "time has passed");
    // The list sorts and filters by it, and the file tells it.
    let order = world.owner.get("/v1/companies?sort=-lifetime_value").await.expect(200)["items"].clone();
    let told: Vec<i64> = order.as_array().unwrap().iter().map(|c| c["lifetime_value"].as_i64().unwrap()).collect();
    assert!(told.is_sorted_by(|a, b| a >= b) && told[0] > 0, "{told:?}");
    let filter = format!("/v1/companies?filter=lifetime_value:gte:{}&filter=contract_value:gte:0", told[0]);
    assert_eq!(world.owner.get(&filter).await.expect(200)["items"][0]["lifetime_value"], told[0]);
    let file = world.owner.get("/v1/companies/export").await.text;
    assert!(
        file.contains("lifetime_value,contract_value,recurring_revenue,value_currency")
            && file.contains(&told[0].to_string())
    );
}

#[tokio::test]
async fn deals_that_are_won_at_once_are_all_in_the_sum() {
    let world = World::start().await;
    at_home_in(&world, "EUR").await;
    let kestrel = company(&world, "Kestrel").await;
    rate(&world.owner, "USD", "2026-01-01", "0.5").await;
    let mut deals = vec![];
    for amount in 1..=8 {
        let new = json!({"title": "A", "amount": amount * 200, "currency": "USD", "company": kestrel});
        deals.push(id_of(&world.owner, new).await);
    }
    let ends = deals.iter().map(|deal| close(&world.owner, deal, "won"));
    // A rate of their very day comes in the middle.
    let (ends, _) = tokio::join!(futures_util::future::join_all(ends), rate(&world.owner, "USD", "2026-11-20", "2"));
    ends.iter().for_each(|end| {
        end.expect(200);
    });
    world.app.settle().await;
    assert_eq!(worth(&world, &kestrel).await, [2 * 200 * 36, 0, 0], "at the rate of the day, whoever was first");
    let version = world.owner.get(&format!("/v1/companies/{kestrel}")).await.expect(200)["version"].clone();
    assert_eq!(version, 1, "nothing that anybody edits has changed");
    at_home_in(&world, "USD").await;
    let read = world.owner.get(&format!("/v1/companies/{kestrel}")).await.expect(200).clone();
    assert_eq!((&read["lifetime_value"], &read["value_currency"]), (&json!(200 * 36), &json!("USD")));
}
