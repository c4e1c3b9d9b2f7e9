//! Contacts going through sequences.
use super::{contact, follow_ups, log, only_rule, owner, tasks, waiting};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

async fn put_in(client: &Client, contacts: &[&str]) -> Value {
    let sequence = client.get("/v1/sequences").await.expect(200)["items"][0]["id"].clone();
    client.post("/v1/enrolments", json!({"sequence": sequence, "contacts": contacts})).await.expect(201).clone()
}

#[tokio::test]
async fn steps_come_on_their_working_days_until_somebody_answers() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let (ada, bob) = (contact(&world, &world.owner, "Ada").await, contact(&world, &world.owner, "Bob").await);
    let nobody = "con_00000000000000000000000000";
    let made = put_in(&world.owner, &[&ada, &bob, nobody, &ada]).await;
    assert_eq!((made["items"].as_array().unwrap().len(), &made["missing"]), (2, &json!(1)));
    assert_eq!(put_in(&world.owner, &[&ada]).await["running"], 1);
    let of_ada = follow_ups(&world.owner, &format!("contact:eq:{ada}")).await;
    let days: Vec<_> = of_ada.iter().map(|f| f["due_on"].as_str().unwrap()).collect();
    assert_eq!(days, ["2026-11-23", "2026-11-25", "2026-12-01", "2026-12-10"]);
    world.app.advance(TimeDelta::days(6));
    world.app.settle().await;
    let owner = owner(&world).await;
    assert_eq!(tasks(&owner).await.len(), 4, "two steps of each");
    log(&owner, &ada, json!({"kind": "message", "direction": "inbound"})).await;
    let runs = owner.get("/v1/enrolments").await.expect(200)["items"].clone();
    let of = |id: &str| runs.as_array().unwrap().iter().find(|run| run["contact"] == id).unwrap().clone();
    assert_eq!((&of(&ada)["status"], &of(&ada)["reason"]), (&json!("stopped"), &json!("reply")));
    assert_eq!((&of(&bob)["status"], &of(&bob)["steps_done"]), (&json!("active"), &json!(2)));
    assert_eq!(waiting(&owner).await.len(), 2);
    assert_eq!(put_in(&owner, &[&ada]).await["items"].as_array().unwrap().len(), 1, "he can be put in again");
}

#[tokio::test]
async fn a_run_is_held_back_as_a_whole_and_steps_are_left_out() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    let run = put_in(&world.owner, &[&ada]).await["items"][0]["id"].as_str().unwrap().to_owned();
    let act = async |client: &Client, what: &str| client.post(&format!("/v1/enrolments/{run}/{what}"), json!({})).await;
    assert_eq!(act(&world.owner, "pause").await.expect(200)["status"], "paused");
    act(&world.owner, "pause").await.problem(409, "enrolment_paused");
    let step = follow_ups(&world.owner, "status:eq:paused").await[0]["id"].as_str().unwrap().to_owned();
    world.owner.post(&format!("/v1/follow-ups/{step}/resumption"), json!({})).await.problem(409, "enrolment_paused");
    world.app.advance(TimeDelta::days(30));
    world.app.settle().await;
    let owner = owner(&world).await;
    assert!(tasks(&owner).await.is_empty());
    act(&owner, "resumption").await.expect(200);
    act(&owner, "resumption").await.problem(409, "enrolment_active");
    let coming = waiting(&owner).await;
    assert_eq!((coming.len(), &coming[0]["due_on"]), (4, &json!("2026-12-23")));
    // One step is left out, the others stay; with the last one the run is over.
    for (i, step) in coming.iter().enumerate() {
        let status = owner.get(&format!("/v1/enrolments/{run}")).await.expect(200)["status"].clone();
        assert_eq!(status, "active", "{i}");
        let path = format!("/v1/follow-ups/{}/cancellation", step["id"].as_str().unwrap());
        owner.post(&path, json!({})).await.expect(200);
    }
    assert_eq!(owner.get(&format!("/v1/enrolments/{run}")).await.expect(200)["status"], "finished");
    act(&owner, "cancellation").await.problem(409, "enrolment_ended");
    let again = put_in(&owner, &[&ada]).await["items"][0]["id"].as_str().unwrap().to_owned();
    let stopped = owner.post(&format!("/v1/enrolments/{again}/cancellation"), json!({})).await;
    assert_eq!(stopped.expect(200)["reason"], "stopped");
    assert!(waiting(&owner).await.is_empty());
    world.stranger().await.get(&format!("/v1/enrolments/{again}")).await.expect(404);
}

#[tokio::test]
async fn somebody_who_is_erased_leaves_no_follow_up() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    put_in(&world.owner, &[&ada]).await;
    super::call(&world.owner, &ada).await;
    world.owner.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    assert_eq!(
        world.count("select count(*) from follow_ups").await + world.count("select count(*) from enrolments").await,
        0
    );
    world.app.advance(TimeDelta::days(90));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from tasks").await, 0);
}
