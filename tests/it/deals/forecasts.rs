//! Forecasts as they were believed on past days, and what became of them.
use super::exchange_rates::{at_home_in, rate};
use super::{Dice, Line, close, drag, id_of};
use crate::contacts::member_with;
use crate::forms::{World, sign_in};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::Client;

/// Ways to ask for a forecast.
const WAYS: [&str; 3] = ["", "weigh=history", "filter=currency:in:EUR,USD&filter=amount:gte:2000"];

fn number(thing: &Value, field: &str) -> i64 {
    thing[field].as_i64().unwrap_or_else(|| panic!("no {field}: {thing}"))
}

fn text<'a>(thing: &'a Value, field: &str) -> &'a str {
    thing[field].as_str().unwrap_or("-")
}

/// The day that it is in Dhaka.
fn day_of(at: DateTime<Utc>) -> String {
    (at + TimeDelta::hours(6)).date_naive().to_string()
}

/// What a forecast says, in every way.
async fn said(client: &Client, as_of: Option<&str>) -> Vec<Value> {
    let mut said = vec![];
    for way in WAYS {
        let day = as_of.map(|day| format!("as_of={day}&")).unwrap_or_default();
        let mut forecast = client.get(&format!("/v1/deals/forecast?{day}{way}")).await.expect(200).clone();
        let believed = forecast.as_object_mut().expect("an object").remove("believed");
        assert_eq!(believed.map(|believed| text(&believed, "day").to_owned()).as_deref(), as_of);
        said.push(forecast);
    }
    said
}

/// Every deal of a past forecast, two at a time.
async fn deals_of(client: &Client, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = client.get(&format!("/v1/deals/forecast/deals?limit=2&{query}{cursor}")).await;
        all.extend(page.expect(200)["items"].as_array().expect("a list").clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// What became of a deal, found by reading it.
async fn fate_of(client: &Client, then: &Value) -> String {
    let now = client.get(&format!("/v1/deals/{}", text(then, "id"))).await;
    if now.status == 404 {
        return "deleted".into();
    }
    let now = now.expect(200);
    let month = |deal: &Value| text(deal, "expected_close").get(..7).map(str::to_owned);
    match text(now, "status") {
        "open" if month(now) == month(then) => "open".into(),
        "open" => "moved".into(),
        ended => ended.into(),
    }
}

/// One random thing that happens to deals, to what is set for stages, or to what currencies are worth.
async fn happen(owner: &Client, dice: &mut Dice, line: &Line, deals: &mut Vec<String>, rates: &mut Vec<String>) {
    let some = if deals.is_empty() { String::new() } else { dice.of(deals).clone() };
    let month = format!("2026-{:02}-{:02}", dice.below(3) + 10, dice.below(28) + 1);
    let worth = format!("{}.{:02}", dice.below(3), dice.below(99) + 1);
    match dice.below(12) {
        0..=2 => {
            let deal = json!({"title": "Card", "stage": dice.of(&line.stages), "amount": dice.below(9_999),
                "currency": dice.of(&["EUR", "USD", "JPY", "CHF"]), "expected_close": month});
            deals.push(id_of(owner, deal).await);
        }
        3 if !deals.is_empty() => drop(drag(owner, &some, json!({"stage": dice.of(&line.stages)})).await),
        4 if !deals.is_empty() => {
            if close(owner, &some, ["won", "lost", "abandoned"][dice.below(3)]).await.status == 409 {
                owner.post(&format!("/v1/deals/{some}/reopening"), json!({})).await.expect(200);
            }
        }
        5 if !deals.is_empty() => {
            let change = match dice.below(3) {
                0 => json!({"amount": dice.below(9_999)}),
                1 => json!({"expected_close": null}),
                _ => json!({"expected_close": month}),
            };
            owner.patch(&format!("/v1/deals/{some}"), change).await.expect(200);
        }
        6 if deals.len() > 4 => {
            owner.delete(&format!("/v1/deals/{some}")).await.expect(204);
            deals.retain(|id| *id != some);
        }
        7 | 8 => {
            let stages: Vec<Value> = line
                .stages
                .iter()
                .map(|id| json!({"id": id, "name": format!("Stage {id}"), "probability": dice.below(101)}))
                .collect();
            owner.patch(&format!("/v1/pipelines/{}", line.id), json!({ "stages": stages })).await.expect(200);
        }
        9 => {
            let new = json!({"currency": dice.of(&["USD", "JPY"]), "valid_from": month, "rate": worth});
            let made = owner.post("/v1/exchange-rates", new).await;
            rates.extend(made.body["id"].as_str().map(str::to_owned));
        }
        10 if !rates.is_empty() => {
            let path = format!("/v1/exchange-rates/{}", dice.of(rates));
            owner.patch(&path, json!({ "rate": worth })).await.expect(200);
        }
        11 if !rates.is_empty() => {
            let gone = rates.remove(dice.below(rates.len()));
            owner.delete(&format!("/v1/exchange-rates/{gone}")).await.expect(204);
        }
        _ => {
            let text = format!("currency,valid_from,rate\nUSD,2026-11-01,{worth}\nJPY,{month},{worth}\n");
            owner.post("/v1/exchange-rates/imports", json!({ "text": text })).await.expect(200);
        }
    }
}

/// Whatever happens to deals, probabilities and rates afterwards: the forecast of a day is the last one that was read on it, and what
/// became of its deals adds up to it.
#[tokio::test]
async fn a_past_forecast_is_what_was_read_that_day() {
    let mut world = World::start().await;
    world.owner.patch("/v1/tenants/current", json!({"zone": "Asia/Dhaka"})).await.expect(200);
    at_home_in(&world, "EUR").await;
    let line = Line::made(&world, "Own", 4).await;
    let gone = Line::made(&world, "Gone", 3).await;
    let mut dice = Dice(0x5eed_2026_1130_0007);
    let wanders = json!({"title": "Wanders", "stage": gone.stages[2], "amount": 5_555, "currency": "USD"});
    let wanders = id_of(&world.owner, wanders).await;
    let (mut deals, mut rates) = (vec![wanders.clone()], vec![rate(&world.owner, "USD", "2026-01-01", "0.9").await]);
    let mut read: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for step in 0..70 {
        if step > 0 {
            world.app.advance(TimeDelta::hours(7));
            world.owner = sign_in(&world.app, "northlight@example.com").await.0;
            happen(&world.owner, &mut dice, &line, &mut deals, &mut rates).await;
        }
        if step == 4 {
            // A pipeline that goes away weighs its past still.
            for back in ["restoration", "reopening"] {
                world.owner.post(&format!("/v1/deals/{wanders}/{back}"), json!({})).await;
            }
            drag(&world.owner, &wanders, json!({"stage": line.stages[0]})).await;
            let left = world.owner.get(&format!("/v1/deals/{wanders}")).await;
            assert_eq!(text(left.expect(200), "pipeline"), line.id);
            world.owner.delete(&format!("/v1/pipelines/{}", gone.id)).await.expect(204);
        }
        read.insert(day_of(world.app.clock.now()), said(&world.owner, None).await);
    }
    world.app.settle().await;
    assert!(read.len() > 18 && read.values().any(|said| number(&said[0]["home"], "count") > 4), "a rich past");
    for (day, expected) in &read {
        assert_eq!(&said(&world.owner, Some(day)).await, expected, "{day}");
    }
    for day in read.keys().step_by(4) {
        let became = world.owner.get(&format!("/v1/deals/forecast/outcomes?as_of={day}")).await.expect(200).clone();
        let mut sums: BTreeMap<(String, String, String), (i64, i64)> = BTreeMap::new();
        for deal in deals_of(&world.owner, &format!("as_of={day}")).await {
            assert_eq!(text(&deal, "fate"), fate_of(&world.owner, &deal).await, "{deal}");
            let month = text(&deal, "expected_close").get(..7).map_or("-".into(), |month| format!("{month}-01"));
            let sum = sums.entry((month, text(&deal, "currency").into(), text(&deal, "fate").into())).or_default();
            *sum = (sum.0 + 1, sum.1 + number(&deal, "amount"));
        }
        let rows = became["outcomes"].as_array().expect("rows");
        let told: BTreeMap<_, _> = rows
            .iter()
            .map(|row| {
                let key = (text(row, "month").into(), text(row, "currency").into(), text(row, "fate").into());
                (key, (number(row, "count"), number(row, "amount")))
            })
            .collect();
        assert_eq!(told, sums, "{day}");
        for total in read[day][0]["totals"].as_array().expect("totals") {
            let of = rows.iter().filter(|row| row["currency"] == total["currency"]);
            let sum = of.fold((0, 0), |sum, row| (sum.0 + number(row, "count"), sum.1 + number(row, "amount")));
            assert_eq!(sum, (number(total, "count"), number(total, "amount")), "{day}: {total}");
        }
    }
    // Deleted deals are gone for good by now; the past stays.
    world.app.advance(TimeDelta::days(31));
    world.app.settle().await;
    let owner = sign_in(&world.app, "northlight@example.com").await.0;
    for (day, expected) in read.iter().step_by(5) {
        assert_eq!(&said(&owner, Some(day)).await, expected, "{day}, later");
    }
    // Before anything was there nothing was believed; days to come are today.
    let before = owner.get("/v1/deals/forecast?as_of=0001-01-01").await.expect(200).clone();
    assert_eq!((&before["months"], text(&before["believed"], "day")), (&json!([]), "1970-01-01"));
    assert!(before["believed"]["since"].is_string() && before["believed"].get("exact_since").is_none());
    let ahead = owner.get("/v1/deals/forecast?as_of=2999-01-01").await.expect(200).clone();
    assert_eq!(text(&ahead["believed"], "day"), day_of(world.app.clock.now()));
    assert_eq!(ahead["months"], owner.get("/v1/deals/forecast").await.expect(200)["months"]);
}

#[tokio::test]
async fn what_became_of_a_forecast_is_told_by_month_and_shown_deal_by_deal() {
    let mut world = World::start().await;
    let line = Line::first(&world).await;
    let mut ids = vec![];
    for (title, amount, close) in [
        ("Won", 100, json!("2026-12-10")),
        ("Lost", 200, json!("2026-12-11")),
        ("Moved", 300, json!("2026-12-12")),
        ("Open", 400, json!("2026-12-13")),
        ("Deleted", 500, json!("2026-12-14")),
        ("Dated", 600, json!(null)),
    ] {
        let mut deal = json!({"title": title, "amount": amount, "currency": "USD", "stage": line.stages[1]});
        if !close.is_null() {
            deal["expected_close"] = close;
        }
        ids.push(id_of(&world.owner, deal).await);
    }
    world.app.advance(TimeDelta::days(3));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let (olga, olga_id) = member_with(&world, "Olga", json!({"deals.read": "own"})).await;
    let owner = &world.owner;
    let patch = async |deal: &str, change: Value| {
        owner.patch(&format!("/v1/deals/{deal}"), change).await.expect(200);
    };
    close(owner, &ids[0], "won").await.expect(200);
    close(owner, &ids[1], "lost").await.expect(200);
    patch(&ids[2], json!({"expected_close": "2027-01-05", "amount": 333})).await;
    // In the same month, and hers now.
    patch(&ids[3], json!({"expected_close": "2026-12-31", "owner": olga_id})).await;
    owner.delete(&format!("/v1/deals/{}", ids[4])).await.expect(204);
    patch(&ids[5], json!({"expected_close": "2026-12-20"})).await;
    id_of(owner, json!({"title": "Later", "amount": 700, "expected_close": "2026-12-01"})).await;

    let then = owner.get("/v1/deals/forecast?as_of=2026-11-20").await.expect(200).clone();
    let month = |month: Option<&str>, count: i64, amount: i64| {
        let mut told = json!({"currency": "USD", "count": count, "amount": amount, "weighted": amount / 4});
        if let Some(month) = month {
            told["month"] = json!(month);
        }
        told
    };
    assert_eq!(then["months"], json!([month(Some("2026-12-01"), 5, 1_500), month(None, 1, 600)]));
    let became = owner.get("/v1/deals/forecast/outcomes?as_of=2026-11-20").await.expect(200).clone();
    let row = |fate: &str, amount: i64| json!({"month": "2026-12-01", "currency": "USD", "fate": fate, "count": 1, "amount": amount});
    assert_eq!(
        became["outcomes"],
        json!([
            row("deleted", 500),
            row("lost", 200),
            row("moved", 300),
            row("open", 400),
            row("won", 100),
            {"currency": "USD", "fate": "moved", "count": 1, "amount": 600}
        ])
    );
    let all = deals_of(owner, "as_of=2026-11-20").await;
    assert_eq!(all.iter().map(|deal| number(deal, "amount")).collect::<Vec<_>>(), [600, 500, 400, 300, 200, 100]);
    // A number leads to its deals: the month as a filter, which is asked as it was then.
    let asked = "as_of=2026-11-20&fate=moved&filter=expected_close:gte:2026-12-01&filter=expected_close:lt:2027-01-01";
    let moved = deals_of(owner, asked).await;
    assert_eq!(moved.len(), 1);
    let moved = &moved[0];
    assert_eq!((text(moved, "title"), text(moved, "stage_name")), ("Moved", "Qualified"));
    assert_eq!((text(moved, "expected_close"), number(moved, "amount")), ("2026-12-12", 300));
    assert_eq!((text(moved, "expected_close_now"), number(moved, "amount_now")), ("2027-01-05", 333));
    let undated = deals_of(owner, "as_of=2026-11-20&filter=expected_close:empty:true").await;
    assert_eq!(undated.iter().map(|deal| text(deal, "title")).collect::<Vec<_>>(), ["Dated"]);
    let found = deals_of(owner, "as_of=2026-11-20&q=open").await;
    assert_eq!(found.len(), 1, "words are asked too");
    let unknown = owner.get("/v1/deals/forecast/deals?cursor=x").await;
    unknown.problem(400, "cursor_invalid");
    owner.get("/v1/deals/forecast/deals?limit=0").await.expect(422);
    owner.get("/v1/deals/forecast/outcomes?filter=shoe:eq:1").await.expect(422);

    // Whoever reaches his own sees what is his today; other accounts see nothing of it.
    let hers = olga.get("/v1/deals/forecast/outcomes?as_of=2026-11-20").await.expect(200)["outcomes"].clone();
    assert_eq!(hers, json!([row("open", 400)]));
    assert_eq!(deals_of(&olga, "as_of=2026-11-20").await.len(), 1);
    let told = olga.get("/v1/deals/forecast?as_of=2026-11-20").await.expect(200).clone();
    assert_eq!(told["months"], json!([month(Some("2026-12-01"), 1, 400)]));
    let stranger = world.stranger().await;
    assert_eq!(stranger.get("/v1/deals/forecast/outcomes?as_of=2026-11-20").await.expect(200)["outcomes"], json!([]));
    world.app.settle().await;
}
