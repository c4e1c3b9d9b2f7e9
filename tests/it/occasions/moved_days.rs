//! Days that turn out to be others after somebody was greeted for them.
use super::{birthday, greeting, owner, person, sends};
use crate::forms::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

fn ada_is(state: &str, reason: &str) -> (String, String, String) {
    ("Ada".to_owned(), state.to_owned(), reason.to_owned())
}

/// Lets time pass until then.
fn wait_until(world: &World, moment: &str) {
    world.app.advance(moment.parse::<DateTime<Utc>>().expect("a moment") - world.app.clock.now());
}

/// The moon was seen a day later, a birthday was written down wrongly: it is the same feast and the same birthday.
#[tokio::test]
async fn whoever_was_greeted_is_not_greeted_again_when_the_day_is_moved() {
    let world = World::start().await;
    let eid =
        json!({"name": "Eid", "kinds": [], "feasts": ["eid_al_fitr"], "subject": "Eid Mubarak", "body": "Yours."});
    let (feast, birthdays) = (greeting(&world, eid).await, greeting(&world, json!({})).await);
    let ada = person(&world, "Ada", json!({})).await;
    let born = birthday(&world, &ada, 11, 21, Some(1990)).await;
    let (day, path) = (TimeDelta::days(1), format!("/v1/occasions/{}", born["id"].as_str().expect("an id")));
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    assert_eq!(world.mails("ada@people.example").await, ["Happy birthday, Ada"]);
    owner(&world).await.patch(&path, json!({"day": 22})).await.expect(200);
    // What is simulated is what will be, and what a hand would do is refused.
    let simulated = owner(&world).await.get("/v1/greetings/simulation/sends?day=2026-11-22").await.expect(200).clone();
    assert_eq!(simulated["items"][0]["reason"], "already_greeted", "{simulated}");
    let by_hand = json!({"greeting": birthdays, "contact": ada, "day": "2026-11-22"});
    owner(&world).await.post("/v1/greeting-sends", by_hand).await.problem(409, "greeting_sent");
    world.app.advance(day);
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(world.mails("ada@people.example").await.len(), 1);
    assert_eq!(sends(&world).await, [ada_is("sent", ""), ada_is("skipped", "already_greeted")]);
    // The database says so too, whoever is the second.
    let twice = "update greeting_sends set state = 'sent', reason = null where state = 'skipped'";
    let client = world.app.db.superuser().await;
    let role = world.app.app.tenant(world.tenant).await.expect("the tenant").role.as_str().to_owned();
    let refused =
        client.batch_execute(&format!("set search_path = {role}; {twice}")).await.expect_err("it was greeted");
    let constraint = refused.as_db_error().and_then(|error| error.constraint()).unwrap_or_default().to_owned();
    assert!(constraint.contains("occurrence_key"), "{constraint}");
    // Eid is on 9 March 2027 as calculated, and then a day later.
    wait_until(&world, "2027-03-09T10:00:00Z");
    world.app.settle().await;
    assert_eq!(world.mails("ada@people.example").await.len(), 2);
    let shift = json!({"feast": "eid_al_fitr", "year": 1448, "days": 1});
    owner(&world).await.put("/v1/feast-shifts", shift).await.expect(204);
    // Somebody who comes later is greeted on the day that it is.
    person(&world, "Late", json!({})).await;
    world.app.advance(day);
    world.app.settle().await;
    assert_eq!(world.mails("ada@people.example").await.len(), 2);
    assert_eq!(world.mails("late@people.example").await, ["Eid Mubarak"]);
    // Known anew under the same address, she is still greeted once for it.
    let again = crate::contacts::id_of(
        &owner(&world).await,
        json!({"first_name": "Twin", "emails": [{"address": "ada@people.example"}]}),
    )
    .await;
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    let of_twin =
        owner(&world).await.get(&format!("/v1/greeting-sends?filter=contact:eq:{again}")).await.expect(200).clone();
    assert_eq!(
        (&of_twin["items"][0]["greeting"], &of_twin["items"][0]["reason"]),
        (&json!(feast), &json!("another_greeting"))
    );
    assert_eq!(world.mails("ada@people.example").await.len(), 2);
    // Next year both come again.
    wait_until(&world, "2027-11-22T10:00:00Z");
    world.app.settle().await;
    assert_eq!(world.mails("ada@people.example").await.len(), 3);
}
