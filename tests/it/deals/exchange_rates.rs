//! What other currencies are worth in the account's own.
use super::{Line, add, close, id_of};
use crate::contacts::member_with;
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

/// The account has another currency of its own.
pub async fn at_home_in(world: &World, currency: &str) {
    let path = "/v1/tenants/current";
    world.owner.patch(path, json!({ "currency": currency })).await.expect(200);
    world.app.settle().await;
}

/// Writes a rate down; gives its id.
pub async fn rate(client: &Client, currency: &str, from: &str, rate: &str) -> String {
    let new = json!({"currency": currency, "valid_from": from, "rate": rate});
    client.post("/v1/exchange-rates", new).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

fn status<'a>(totals: &'a Value, status: &str) -> &'a Value {
    let rows = totals["home"].as_array().expect("rows");
    &rows.iter().find(|row| row["status"] == status).unwrap_or_else(|| panic!("{status}: {totals}"))["total"]
}

#[tokio::test]
async fn deals_are_told_in_the_accounts_own_currency_by_the_rate_of_their_moment() {
    let mut world = World::start().await;
    at_home_in(&world, "EUR").await;
    let line = Line::first(&world).await;
    rate(&world.owner, "USD", "2026-11-01", "0.9005").await;
    rate(&world.owner, "USD", "2026-11-21", "0.5").await;
    // A thousand yen are ten thousandths of a dinar each: 0 and 3 digits meet.
    rate(&world.owner, "JPY", "2020-01-01", "0.006").await;
    rate(&world.owner, "KWD", "2020-01-01", "3.1").await;
    let deal = async |amount: i64, currency: &str| {
        add(&world.owner, json!({"title": "A", "amount": amount, "currency": currency})).await
    };
    for (amount, currency, home) in [
        (1_000, "USD", Some(900)),   // 900.5: the even one
        (3_000, "USD", Some(2_702)), // 2701.5: the even one
        (1_001, "USD", Some(901)),   // 901.4005
        (1_000, "JPY", Some(600)),   // 1000 × 0.006 euros are 6.00
        (1_005, "KWD", Some(312)),   // 1.005 × 3.1 = 3.1155
        (777, "EUR", Some(777)),
        (50, "CHF", None),
    ] {
        let made = deal(amount, currency).await;
        assert_eq!(made.get("home_amount").and_then(Value::as_i64), home, "{amount} {currency}");
        assert_eq!(made["home_currency"], "EUR");
    }
    let board = line.board(&world.owner, "").await;
    let expected = json!({"currency": "EUR", "count": 6, "amount": 900 + 2_702 + 901 + 600 + 312 + 777,
        // Ten percent of each, rounded half up.
        "weighted": 90 + 270 + 90 + 60 + 31 + 78, "missing": [{"currency": "CHF", "count": 1, "amount": 50}]});
    assert_eq!((&board["home"], &board["stages"][0]["home"]), (&expected, &expected));
    assert_eq!(board["stages"][1]["home"]["count"], 0);
    let forecast = world.owner.get("/v1/deals/forecast").await.expect(200).clone();
    assert_eq!((&forecast["home"], &forecast["home_months"]), (&expected, &json!([{ "total": expected }])));

    // A closed deal keeps the rate of its day; an open one goes with today's.
    let won = deal(1_000, "USD").await["id"].as_str().expect("an id").to_owned();
    close(&world.owner, &won, "won").await.expect(200);
    world.app.advance(TimeDelta::days(2));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let totals = world.owner.get("/v1/deals/totals").await.expect(200).clone();
    assert_eq!(status(&totals, "won"), &json!({"currency": "EUR", "count": 1, "amount": 900, "missing": []}));
    let open = status(&totals, "open");
    assert_eq!(open["amount"], 500 + 1_500 + 500 + 600 + 312 + 777, "1001 halves are 500.5: the even one");
    let read = world.owner.get(&format!("/v1/deals/{won}")).await.expect(200).clone();
    assert_eq!((&read["home_amount"], &read["closed_on"]), (&json!(900), &json!("2026-11-20")));
    // Whatever asks for the sum, each deal of the list is in it as the list says it.
    let page = world.owner.get("/v1/deals?filter=status:eq:open&limit=200").await.expect(200).clone();
    let each: i64 =
        page["items"].as_array().expect("items").iter().filter_map(|deal| deal["home_amount"].as_i64()).sum();
    assert_eq!(open["amount"], each);
    let sheet = world.owner.get("/v1/deals/export").await;
    let text = sheet.text.clone();
    assert!(text.contains("home_amount_minor,home_currency") && text.contains(",1000,USD,900,EUR,"), "{text}");

    at_home_in(&world, "USD").await;
    let totals = world.owner.get("/v1/deals/totals").await.expect(200).clone();
    let missing = status(&totals, "open")["missing"].as_array().expect("a list").len();
    assert_eq!((status(&totals, "won")["amount"].as_i64(), missing), (Some(1_000), 4), "rates into euros rest");
}

#[tokio::test]
async fn rates_are_written_by_hand_and_from_files() {
    let world = World::start().await;
    at_home_in(&world, "EUR").await;
    let id = rate(&world.owner, "USD", "2026-11-01", "0.90").await;
    let path = format!("/v1/exchange-rates/{id}");
    assert_eq!(world.owner.get(&path).await.expect(200)["rate"], "0.9");
    let again = json!({"currency": "USD", "valid_from": "2026-11-01", "rate": "1"});
    world.owner.post("/v1/exchange-rates", again).await.problem(409, "rate_exists");
    for (field, value, code) in [
        ("currency", "EUR", "currency_home"),
        ("currency", "XXX", "currency_unknown"),
        ("rate", "0,9", "rate_invalid"),
        ("rate", "0", "rate_invalid"),
    ] {
        let mut new = json!({"currency": "GBP", "valid_from": "2026-11-01", "rate": "1.1"});
        new[field] = value.into();
        let refused = world.owner.post("/v1/exchange-rates", new).await;
        let errors = refused.expect(422)["errors"].clone();
        assert_eq!((&errors[0]["field"], &errors[0]["code"]), (&json!(format!("/{field}")), &json!(code)));
    }
    let text =
        "currency;rate;valid_from\nUSD;0.91;2026-11-01\nGBP;1.15;2026-11-01\nGBP;1.15;2026-11-01\nEUR;1;2026-11-01\n";
    let took = world.owner.post("/v1/exchange-rates/imports", json!({ "text": text })).await.expect(200).clone();
    assert_eq!((&took["added"], &took["changed"], &took["unchanged"]), (&json!(1), &json!(1), &json!(0)));
    let lines: Vec<_> =
        took["refused"].as_array().expect("rows").iter().map(|r| (r["line"].clone(), r["code"].clone())).collect();
    assert_eq!(lines, [(json!(4), json!("twice")), (json!(5), json!("currency_home"))]);
    let took = world.owner.post("/v1/exchange-rates/imports", json!({ "text": text })).await.expect(200).clone();
    assert_eq!((&took["added"], &took["changed"], &took["unchanged"]), (&json!(0), &json!(0), &json!(2)));
    // The file that leaves can come in again as it is.
    let file = world.owner.get("/v1/exchange-rates/export").await;
    file.expect(200);
    assert!(file.text.contains("\r\nGBP,2026-11-01,1.15,EUR,import,"), "{}", file.text);
    let took = world.owner.post("/v1/exchange-rates/imports", json!({ "text": file.text })).await.expect(200).clone();
    assert_eq!(took, json!({"added": 0, "changed": 0, "unchanged": 2, "refused": []}));
    let one = world.owner.get("/v1/exchange-rates/export?filter=currency:eq:GBP").await;
    assert_eq!(one.text.lines().count(), 2, "{}", one.text);
    world.owner.get("/v1/exchange-rates/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "exchange_rate.exported").count(), 2);
    let refused = world.owner.post("/v1/exchange-rates/imports", json!({"text": "a,b\n1,2"})).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "headings_missing");

    let read = world.owner.get(&path).await;
    assert_eq!(
        (&read.expect(200)["rate"], &read.body["version"], &read.body["origin"]),
        (&json!("0.91"), &json!(2), &json!("import"))
    );
    world.owner.with("If-Match", "\"1\"").patch(&path, json!({"rate": "0.92"})).await.expect(412);
    assert_eq!(world.owner.patch(&path, json!({"rate": "0.92"})).await.expect(200)["origin"], "manual");
    let page = world.owner.get("/v1/exchange-rates?filter=currency:eq:USD").await;
    assert_eq!(page.expect(200)["items"].as_array().map(Vec::len), Some(1));
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    // Only who changes deals of everybody changes what they are worth.
    let (seller, _) = member_with(&world, "Seller", json!({"deals.read": "all", "deals.write": "own"})).await;
    let new = json!({"currency": "USD", "valid_from": "2026-11-01", "rate": "1"});
    seller.post("/v1/exchange-rates", new).await.problem(403, "level_all_needed");
    seller.get("/v1/exchange-rates").await.expect(200);
    let stranger = world.stranger().await;
    assert_eq!(stranger.get("/v1/exchange-rates").await.expect(200)["items"], json!([]));
    world.app.settle().await;
    id_of(&world.owner, json!({"title": "A"})).await;
}
