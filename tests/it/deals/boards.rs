//! What deals add up to: boards, forecasts, and the past.
use super::{Dice, Line, STRAY, add, close, drag, id_of, ids};
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::Client;

/// `currency → (count, amount, weighted)` of totals.
type Sums = BTreeMap<String, (i64, i64, i64)>;

fn number(thing: &Value, field: &str) -> i64 {
    thing[field].as_i64().unwrap_or_else(|| panic!("no {field}: {thing}"))
}

fn sums<'a>(totals: impl IntoIterator<Item = &'a Value>) -> Sums {
    let mut sums = Sums::new();
    for total in totals {
        let sum = sums.entry(total["currency"].as_str().expect("a currency").to_owned()).or_default();
        sum.0 += number(total, "count");
        sum.1 += number(total, "amount");
        sum.2 += number(total, "weighted");
    }
    sums
}

fn list(thing: &Value) -> &Vec<Value> {
    thing.as_array().unwrap_or_else(|| panic!("no list: {thing}"))
}

#[tokio::test]
async fn a_board_counts_what_it_does_not_show_and_adds_by_currency() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    for i in 0..55 {
        add(&world.owner, json!({"title": format!("Card {i}"), "amount": 101})).await;
    }
    add(&world.owner, json!({"title": "Euro", "amount": 1_000, "currency": "EUR", "stage": line.stages[2]})).await;
    let lost = id_of(&world.owner, json!({"title": "Lost", "amount": 9_000})).await;
    close(&world.owner, &lost, "lost").await.expect(200);
    let board = line.board(&world.owner, "").await;
    let first = &board["stages"][0];
    assert_eq!((&first["count"], list(&first["cards"]).len()), (&json!(55), 50));
    // Ten percent of 101 are 10, fifty-five times.
    assert_eq!(first["totals"], json!([{"currency": "USD", "count": 55, "amount": 5_555, "weighted": 550}]));
    assert_eq!(
        board["stages"][2]["totals"],
        json!([{"currency": "EUR", "count": 1, "amount": 1_000, "weighted": 500}])
    );
    assert_eq!((&board["stages"][1]["totals"], &board["count"]), (&json!([]), &json!(56)));
    assert_eq!(list(&board["totals"]).len(), 2);
    let found = line.board(&world.owner, "q=card%2054").await;
    assert_eq!((&found["count"], &found["stages"][0]["cards"][0]["title"]), (&json!(1), &json!("Card 54")));
    world.owner.get(&format!("/v1/pipelines/{}/board?filter=shoe:eq:1", line.id)).await.expect(422);
    world.owner.get(&format!("/v1/pipelines/{}/board?weigh=luck", line.id)).await.expect(400);
    world.app.settle().await;
}

#[tokio::test]
async fn probability_comes_from_what_became_of_deals_and_says_of_how_many() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    // Six were in the second stage: three were won, two lost, one given up. One never came so far.
    for (i, end) in ["won", "won", "won", "lost", "lost", "abandoned", "lost"].into_iter().enumerate() {
        let id = id_of(&world.owner, json!({"title": format!("Old {i}")})).await;
        if i < 6 {
            drag(&world.owner, &id, json!({"stage": line.stages[1]})).await.expect(200);
        }
        close(&world.owner, &id, end).await.expect(200);
    }
    add(&world.owner, json!({"title": "New", "amount": 1_000, "stage": line.stages[1]})).await;
    let board = line.board(&world.owner, "").await;
    let second = &board["stages"][1];
    assert_eq!(second["probability"], json!({"configured": 25, "history": 50, "sample": 6, "won": 3, "used": 25}));
    assert_eq!(
        board["stages"][0]["probability"],
        json!({"configured": 10, "history": 43, "sample": 7, "won": 3, "used": 10})
    );
    assert_eq!(board["stages"][2]["probability"], json!({"configured": 50, "sample": 0, "won": 0, "used": 50}));
    assert_eq!(second["totals"][0]["weighted"], 250);
    let by_history = line.board(&world.owner, "weigh=history").await;
    assert_eq!(by_history["stages"][1]["totals"][0]["weighted"], 500);
    let forecast = world.owner.get("/v1/deals/forecast?weigh=history").await;
    assert_eq!(forecast.expect(200)["totals"][0]["weighted"], 500);
    world.app.settle().await;
    // What is long ago says nothing any more.
    world.app.advance(TimeDelta::days(731));
    let (owner, _) = sign_in(&world.app, "northlight@example.com").await;
    assert_eq!(line.board(&owner, "").await["stages"][1]["probability"]["sample"], 0);
    world.app.settle().await;
}

#[tokio::test]
async fn a_forecast_adds_by_month_and_currency() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    for (close, amount, currency, stage) in [
        (json!("2026-12-01"), 1_000, "EUR", 3),
        (json!("2026-12-31"), 1_000, "EUR", 0),
        (json!("2026-12-31"), 500, "USD", 2),
        (json!("2027-01-01"), 300, "EUR", 2),
        (json!(null), 10, "EUR", 2),
        (json!("2026-10-05"), 40, "EUR", 1),
    ] {
        let mut deal = json!({"title": "A", "amount": amount, "currency": currency, "stage": line.stages[stage]});
        if !close.is_null() {
            deal["expected_close"] = close;
        }
        add(&world.owner, deal).await;
    }
    let forecast = world.owner.get("/v1/deals/forecast").await;
    let months: Vec<(&str, &str, i64, i64)> = list(&forecast.expect(200)["months"])
        .iter()
        .map(|m| {
            (
                m["month"].as_str().unwrap_or("-"),
                m["currency"].as_str().unwrap(),
                number(m, "amount"),
                number(m, "weighted"),
            )
        })
        .collect();
    assert_eq!(
        months,
        [
            ("2026-10-01", "EUR", 40, 10),
            ("2026-12-01", "EUR", 2_000, 850),
            ("2026-12-01", "USD", 500, 250),
            ("2027-01-01", "EUR", 300, 150),
            ("-", "EUR", 10, 5)
        ]
    );
    let narrowed =
        world.owner.get("/v1/deals/forecast?filter=expected_close:gte:2026-12-31&filter=currency:eq:EUR").await;
    assert_eq!(
        narrowed.expect(200)["totals"],
        json!([{"currency": "EUR", "count": 2, "amount": 1_300, "weighted": 250}])
    );
    world.app.settle().await;
}

/// Everything the list of deals has for a filter.
async fn listed(client: &Client, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = client.get(&format!("/v1/deals?limit=50&sort=title&{query}{cursor}")).await;
        all.extend(list(&page.expect(200)["items"]).clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// Whatever is asked for: stages add up to the board, months to the forecast, and both to the deals of the list.
#[tokio::test]
async fn sums_are_the_deals_for_any_filter() {
    let world = World::start().await;
    let line = Line::made(&world, "Own", 5).await;
    let other = Line::first(&world).await;
    let mut dice = Dice(0x5eed_2026_1128_0003);
    for i in 0..70 {
        let stage = if dice.below(4) == 0 { dice.of(&other.stages) } else { dice.of(&line.stages) };
        let mut deal = json!({"title": format!("Card {i} {}", dice.of(&["roof", "wall"])), "stage": stage,
            "amount": dice.below(2_000_000_000), "currency": dice.of(&["EUR", "USD", "JPY"]), "source": dice.of(&["fair", "form"])});
        if dice.below(3) > 0 {
            deal["expected_close"] = json!(format!("2026-{:02}-{:02}", dice.below(12) + 1, dice.below(28) + 1));
        }
        if dice.below(3) == 0 {
            deal["owner"] = json!(world.owner_id);
        }
        let id = id_of(&world.owner, deal).await;
        match dice.below(8) {
            0 => drop(close(&world.owner, &id, "won").await.expect(200)),
            1 => drop(world.owner.delete(&format!("/v1/deals/{id}")).await.expect(204)),
            _ => {}
        }
    }
    for _ in 0..40 {
        let mut parts = vec![];
        for _ in 0..dice.below(4) {
            parts.push(match dice.below(7) {
                0 => format!("filter=amount:gte:{}", dice.below(2_000_000_000)),
                1 => format!("filter=currency:in:{}", dice.of(&["EUR,USD", "JPY", "EUR"])),
                2 => format!("filter=expected_close:lt:2026-{:02}-15", dice.below(12) + 1),
                3 => format!("filter=owner:empty:{}", dice.of(&["true", "false"])),
                4 => format!("filter=source:eq:{}", dice.of(&["fair", "form"])),
                5 => format!("q={}", dice.of(&["roof", "wall", "card%201"])),
                _ => format!("filter=title:contains:{}", dice.below(10)),
            });
        }
        // A word is asked for once.
        let mut asked = false;
        parts.retain(|part| !part.starts_with("q=") || !std::mem::replace(&mut asked, true));
        let query = parts.join("&");
        let deals =
            listed(&world.owner, &format!("{query}&filter=status:eq:open&filter=pipeline:eq:{}", line.id)).await;
        let board = line.board(&world.owner, &query).await;
        let stages = list(&board["stages"]);
        let whole = sums(list(&board["totals"]));
        assert_eq!(sums(stages.iter().flat_map(|stage| list(&stage["totals"]))), whole, "{query}");
        let mut expected: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for deal in &deals {
            let sum = expected.entry(deal["currency"].as_str().unwrap().to_owned()).or_default();
            *sum = (sum.0 + 1, sum.1 + number(deal, "amount"));
        }
        let plain: BTreeMap<String, (i64, i64)> = whole.iter().map(|(c, s)| (c.clone(), (s.0, s.1))).collect();
        assert_eq!(plain, expected, "{query}");
        assert_eq!(number(&board, "count"), deals.len() as i64, "{query}");
        for stage in stages {
            let here = deals.iter().filter(|deal| deal["stage"] == stage["id"]).count();
            assert_eq!((number(stage, "count"), list(&stage["cards"]).len()), (here as i64, here), "{query}");
        }
        let forecast = world.owner.get(&format!("/v1/deals/forecast?{query}&filter=pipeline:eq:{}", line.id)).await;
        assert_eq!(sums(list(&forecast.expect(200)["months"])), whole, "{query}");
        assert_eq!(sums(list(&forecast.body["totals"])), whole, "{query}");
    }
    world.app.settle().await;
}

/// What a person saw on the board: by stage, each card with its amount.
fn seen(board: &Value) -> Vec<(i64, BTreeMap<String, i64>)> {
    let stages = list(&board["stages"]);
    let cards = |stage: &Value| {
        list(&stage["cards"]).iter().map(|c| (c["id"].as_str().unwrap().to_owned(), number(c, "amount"))).collect()
    };
    stages.iter().map(|stage| (number(stage, "count"), cards(stage))).collect()
}

/// After random moves, ends, changes and deletions the board of each past moment is what it was then.
#[tokio::test]
async fn the_past_is_what_it_was() {
    let mut world = World::start().await;
    let line = Line::made(&world, "Own", 4).await;
    let elsewhere = Line::first(&world).await;
    let mut dice = Dice(0x5eed_2026_1128_0005);
    let (mut deals, mut deleted, mut kept): (Vec<String>, Vec<String>, Vec<(String, Value)>) = (vec![], vec![], vec![]);
    for step in 0..90 {
        world.app.advance(TimeDelta::hours(5));
        world.owner = sign_in(&world.app, "northlight@example.com").await.0;
        let owner = &world.owner;
        let some = if deals.is_empty() { String::new() } else { dice.of(&deals).clone() };
        match dice.below(9) {
            0 | 1 => {
                let deal = json!({"title": format!("Card {step}"), "stage": dice.of(&line.stages), "amount": dice.below(9_999)});
                deals.push(id_of(owner, deal).await);
            }
            2..=4 if !deals.is_empty() => {
                drop(drag(owner, &some, json!({"stage": dice.of(&line.stages)})).await);
            }
            5 if !deals.is_empty() => {
                let end = *dice.of(&["won", "lost", "abandoned"]);
                if close(owner, &some, end).await.status == 409 {
                    owner.post(&format!("/v1/deals/{some}/reopening"), json!({})).await.expect(200);
                }
            }
            6 if !deals.is_empty() => {
                owner.patch(&format!("/v1/deals/{some}"), json!({"amount": dice.below(9_999)})).await.expect(200);
            }
            7 if deals.len() > 3 => {
                owner.delete(&format!("/v1/deals/{some}")).await.expect(204);
                deals.retain(|id| *id != some);
                deleted.push(some);
            }
            8 if !deleted.is_empty() => {
                let back = deleted.remove(dice.below(deleted.len()));
                owner.post(&format!("/v1/deals/{back}/restoration"), json!({})).await.expect(200);
                deals.push(back);
            }
            _ if !deals.is_empty() => {
                // To another pipeline, from where it may come back.
                drop(drag(owner, &some, json!({"stage": dice.of(&elsewhere.stages)})).await);
            }
            _ => {}
        }
        let now = world.app.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        kept.push((now, line.board(owner, "").await));
    }
    world.app.settle().await;
    let replay = |at: String| {
        let (owner, path) = (world.owner.clone(), format!("/v1/pipelines/{}/replay?at={at}", line.id));
        async move { owner.get(&path).await.expect(200).clone() }
    };
    assert_eq!(world.count(STRAY).await, 0, "how long deals stood is what their history says");
    for (at, board) in &kept {
        let past = replay(at.clone()).await;
        assert_eq!(seen(&past), seen(board), "{at}");
        assert_eq!(sums(list(&past["totals"])), sums(list(&board["totals"])), "{at}");
        assert_eq!(past["count"], board["count"], "{at}");
    }
    let before = replay("2026-11-20T12:00:00Z".into()).await;
    assert_eq!((&before["count"], ids(&before["stages"]).len()), (&json!(0), 4), "nothing was there");
    assert!(before["since"].as_str().is_some(), "and it says since when");
    let long = kept.iter().any(|(_, board)| number(board, "count") > 5);
    assert!(long, "a past without cards proves nothing");
    // Past the day on which deleted deals go for good the past stays.
    world.app.advance(TimeDelta::days(31));
    world.app.settle().await;
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let owner = world.owner.clone();
    for (at, board) in kept.iter().step_by(7) {
        let past = owner.get(&format!("/v1/pipelines/{}/replay?at={at}", line.id)).await;
        assert_eq!(seen(past.expect(200)), seen(board), "{at}, later");
    }
}

#[tokio::test]
async fn boards_forecasts_and_the_past_take_the_filters_of_the_list() {
    let world = World::start().await;
    let owner = &world.owner;
    let line = Line::first(&world).await;
    let (_, una) = crate::contacts::member_with(&world, "Una", json!({"deals.*": "all"})).await;
    let plan = json!({"record": "deal", "label": "Seats", "type": "number"});
    let seats = crate::fields::define(owner, plan).await["key"].as_str().expect("a key").to_owned();
    let mine =
        json!({"title": "Mine", "amount": 500, "owner": una, "source": "fair", "custom": { (seats.clone()): 5 }});
    let mine = id_of(owner, mine).await;
    let other = id_of(owner, json!({"title": "Other", "amount": 70, "source": "web"})).await;
    world.app.settle().await;
    let then = world.app.clock.now().to_rfc3339().replace("+00:00", "Z");
    world.app.advance(TimeDelta::days(1));
    world.app.settle().await;
    let owner = &sign_in(&world.app, "northlight@example.com").await.0;
    // The owner and the amount are others by now, and so is the field.
    let next = json!({"owner": world.owner_id, "amount": 900, "custom": { (seats.clone()): 6 }});
    owner.patch(&format!("/v1/deals/{mine}"), next).await.expect(200);
    let replay = async |asked: &str| {
        let past = owner.get(&format!("/v1/pipelines/{}/replay?at={then}&{asked}", line.id)).await.expect(200).clone();
        (
            number(&past, "count"),
            list(&past["stages"]).iter().flat_map(|stage| ids(&stage["cards"])).collect::<Vec<_>>(),
        )
    };
    assert_eq!(replay("").await.0, 2);
    let found = (1, vec![mine.clone()]);
    let there = |id: &str| format!("filter=owner:eq:{id}");
    assert_eq!(replay(&there(&una)).await, found, "whose it was then");
    assert_eq!(replay(&there(&world.owner_id)).await.0, 0);
    assert_eq!(replay("filter=amount:gte:500&filter=amount:lt:900").await, found, "what it was worth then");
    assert_eq!(replay("filter=source:eq:fair").await, found);
    assert_eq!(replay("q=mine").await, found);
    assert_eq!(replay(&format!("filter=custom.{seats}:eq:6")).await, found, "what is not kept is asked as it is today");
    assert_eq!(replay(&format!("filter=custom.{seats}:eq:5")).await.0, 0);
    let asked = format!("filter=custom.{seats}:eq:6");
    assert_eq!(line.board(owner, &asked).await["count"], 1);
    let forecast = owner.get(&format!("/v1/deals/forecast?{asked}")).await.expect(200).clone();
    assert_eq!(number(&forecast["totals"][0], "amount"), 900);
    let totals = owner.get(&format!("/v1/deals/totals?{asked}")).await.expect(200).clone();
    assert_eq!(number(&totals["totals"][0], "count"), 1);
    let refused = owner.get(&format!("/v1/pipelines/{}/replay?filter=shoe:eq:1", line.id)).await;
    assert_eq!(refused.expect(422)["errors"][0]["field"], "/filter");
    // Moments that the database has not.
    for at in ["-9999-01-01T00:00:00Z", "%2B200000-01-01T00:00:00Z"] {
        let refused = owner.get(&format!("/v1/pipelines/{}/replay?at={at}", line.id)).await;
        assert_eq!(refused.expect(422)["errors"][0]["field"], "/at", "{at}");
    }
    drag(owner, &other, json!({"stage": line.stages[1]})).await.expect(200);
    world.app.settle().await;
}
