//! Where rates come from by themselves: a simulator stands for the bank.
use super::{add, exchange_rates::at_home_in};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

/// The daily file, as the bank documents it.
fn sheet(day: &str, rates: &[(&str, &str)]) -> String {
    let rows: String = rates.iter().map(|(code, rate)| format!("<Cube currency='{code}' rate='{rate}'/>")).collect();
    format!(
        "<?xml version=\"1.0\"?><gesmes:Envelope xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\" \
         xmlns=\"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\"><Cube><Cube time='{day}'>{rows}</Cube></Cube></gesmes:Envelope>"
    )
}

#[tokio::test]
async fn rates_come_each_day_and_never_replace_what_somebody_wrote() {
    let world = World::start().await;
    at_home_in(&world, "CHF").await;
    world.app.expect_outbound_calls();
    let bank = MockServer::start().await;
    let answer = |status: u16, body: String| {
        Mock::given(path("/daily.xml")).respond_with(ResponseTemplate::new(status).set_body_string(body))
    };
    let settings = || async { world.owner.get("/v1/exchange-settings").await.expect(200).clone() };
    assert_eq!(settings().await["source"], "none");
    world.app.settle().await;
    let inside = world.owner.patch("/v1/exchange-settings", json!({"url": "http://10.0.0.1/daily.xml"})).await;
    assert_eq!(inside.expect(422)["errors"][0]["code"], "url_invalid");

    // The first attempt fails; the next one is answered.
    let first = answer(503, String::new()).up_to_n_times(1).mount_as_scoped(&bank).await;
    let on = json!({"source": "ecb", "url": format!("{}/daily.xml", bank.uri())});
    world.owner.patch("/v1/exchange-settings", on).await.expect(200);
    world.app.settle().await;
    assert_eq!(settings().await["problem"], "refused");
    drop(first);
    answer(200, sheet("2026-11-19", &[("USD", "1.25"), ("CHF", "0.95"), ("XAU", "3")])).mount(&bank).await;
    world.app.advance(TimeDelta::minutes(5));
    world.app.settle().await;
    let now = settings().await;
    assert_eq!((now.get("problem"), &now["fetched_for"]), (None, &json!("2026-11-19")));
    let rates = world.owner.get("/v1/exchange-rates").await.expect(200)["items"].clone();
    let mut told: Vec<_> = rates
        .as_array()
        .expect("rates")
        .iter()
        .map(|r| (r["currency"].as_str().unwrap(), r["rate"].as_str().unwrap(), r["origin"].as_str().unwrap()))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [("EUR", "0.95", "ecb"), ("USD", "0.76", "ecb")]);
    assert_eq!(add(&world.owner, json!({"title": "A", "amount": 1_000, "currency": "USD"})).await["home_amount"], 760);

    // Somebody knows better; the next day's file leaves that alone and adds its own.
    let usd =
        rates.as_array().unwrap().iter().find(|r| r["currency"] == "USD").unwrap()["id"].as_str().unwrap().to_owned();
    world.owner.patch(&format!("/v1/exchange-rates/{usd}"), json!({"rate": "0.7"})).await.expect(200);
    world.app.advance(TimeDelta::hours(4));
    world.app.settle().await;
    let calls = bank.received_requests().await.expect("recording").len();
    assert_eq!(calls, 3, "the afternoon's file");
    let owner = crate::forms::sign_in(&world.app, "northlight@example.com").await.0;
    assert_eq!(owner.get(&format!("/v1/exchange-rates/{usd}")).await.expect(200)["rate"], "0.7");
    // An account whose currency the bank does not know is told so.
    owner.patch("/v1/tenants/current", json!({"currency": "SAR"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(owner.get("/v1/exchange-settings").await.expect(200)["problem"], "home_not_listed");
    owner.patch("/v1/exchange-settings", json!({"source": "none"})).await.expect(200);
    let before = bank.received_requests().await.expect("recording").len();
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    assert_eq!(bank.received_requests().await.expect("recording").len(), before, "nobody asks any more");
}
