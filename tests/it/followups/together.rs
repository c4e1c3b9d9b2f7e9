//! What happens at the same time.
use super::{call, contact, follow_ups, log, only_rule, owner, tasks};
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

/// Forty people whose follow-ups are due now.
async fn forty_due(world: &World) -> Vec<String> {
    let mut contacts = vec![];
    for i in 0..40 {
        let id = contact(world, &world.owner, &format!("Ada{i}")).await;
        call(&world.owner, &id).await;
        contacts.push(id);
    }
    world.app.settle().await;
    world.app.advance(TimeDelta::days(4));
    contacts
}

#[tokio::test]
async fn of_an_answer_and_a_follow_up_at_the_same_time_one_comes_first() {
    let world = World::start().await;
    only_rule(&world.owner, json!({"withdraws": false})).await;
    let contacts = forty_due(&world).await;
    let owner = owner(&world).await;
    let replies = contacts.iter().enumerate().map(|(i, id)| {
        let owner = owner.clone();
        async move {
            let kind = ["email", "message", "call"][i % 3];
            log(&owner, id, json!({"kind": kind, "direction": "inbound"})).await;
        }
    });
    tokio::join!(world.app.settle(), world.app.settle(), world.app.settle(), join_all(replies));
    let fired = follow_ups(&owner, "status:eq:fired&limit=200").await;
    let cancelled = follow_ups(&owner, "status:eq:cancelled&limit=200").await;
    assert_eq!(fired.len() + cancelled.len(), 40, "each came or was cancelled");
    assert!(cancelled.iter().all(|follow_up| follow_up["reason"] == "reply" && follow_up["task"].is_null()));
    let made = "select count(*) from tasks";
    assert_eq!(world.count(made).await, fired.len() as i64, "a task for each that came, and for no other");
    let both = "select count(*) from events f join events c on c.subject_id = f.subject_id and c.kind = 'follow_up.cancelled' where f.kind = 'follow_up.fired'";
    assert_eq!(world.count(both).await, 0);
    let twice = "select count(*) from events where kind in ('follow_up.fired', 'follow_up.cancelled') group by subject_id having count(*) > 1";
    assert_eq!(world.count(twice).await, 0);
    // Every answer is committed: whatever comes again now, nothing fires.
    let again = "update ops.jobs set state = 'queued', run_at = now() - interval '1 year' where kind = 'FireFollowUp'";
    world.app.db.superuser().await.execute(again, &[]).await.expect("jobs");
    world.app.advance(TimeDelta::days(30));
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(world.count(made).await, fired.len() as i64);
}

#[tokio::test]
async fn of_an_answer_and_a_sequence_that_begins_at_the_same_time_nothing_is_left() {
    let world = World::start().await;
    let sequence = world.owner.get("/v1/sequences").await.expect(200)["items"][0]["id"].clone();
    only_rule(&world.owner, json!({"sequence": sequence})).await;
    let contacts = forty_due(&world).await;
    let owner = owner(&world).await;
    let replies = contacts.iter().map(|id| log(&owner, id, json!({"kind": "email", "direction": "inbound"})));
    tokio::join!(world.app.settle(), world.app.settle(), world.app.settle(), join_all(replies));
    let left = "select count(*) from follow_ups where status in ('waiting', 'paused')";
    assert_eq!(world.count(left).await, 0, "an answer ends the steps that it finds, and finds those that began");
    assert_eq!(world.count("select count(*) from enrolments where status <> 'stopped'").await, 0);
    world.app.advance(TimeDelta::days(30));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from tasks").await, 0);
}

#[tokio::test]
async fn what_starts_and_what_cancels_follow_each_other() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    let calls = (0..8).map(|_| call(&world.owner, &ada));
    let replies = (0..8).map(|_| log(&world.owner, &ada, json!({"kind": "email", "direction": "inbound"})));
    tokio::join!(join_all(calls), join_all(replies));
    // The clock stands: an answer of the same moment cancels what it finds, and a call after it waits; never two at once.
    let waits = follow_ups(&world.owner, "status:eq:waiting").await.len();
    assert!(waits <= 1);
    log(&world.owner, &ada, json!({"kind": "email", "direction": "inbound"})).await;
    assert_eq!(follow_ups(&world.owner, "status:eq:waiting").await.len(), 0);
    world.app.advance(TimeDelta::days(9));
    world.app.settle().await;
    assert!(tasks(&owner(&world).await).await.is_empty());
}

#[tokio::test]
async fn a_contact_goes_through_a_sequence_once_however_many_put_him_in() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    let ada = contact(&world, &world.owner, "Ada").await;
    let sequence = world.owner.get("/v1/sequences").await.expect(200)["items"][0]["id"].clone();
    let put = (0..8).map(|_| world.owner.post("/v1/enrolments", json!({"sequence": sequence, "contacts": [ada]})));
    let made: usize = join_all(put).await.iter().map(|a| a.expect(201)["items"].as_array().unwrap().len()).sum();
    assert_eq!(made, 1);
    assert_eq!(world.count("select count(*) from follow_ups").await, 4);
    // Its last steps at once: each comes once, and the run ends once.
    world.app.advance(TimeDelta::days(60));
    tokio::join!(world.app.settle(), world.app.settle(), world.app.settle());
    assert_eq!(world.count("select count(*) from tasks").await, 4);
    assert_eq!(world.count("select count(*) from events where kind = 'enrolment.finished'").await, 1);
    let run = owner(&world).await.get("/v1/enrolments").await.expect(200)["items"][0].clone();
    assert_eq!((&run["status"], &run["steps_done"]), (&json!("finished"), &json!(4)));
}

#[tokio::test]
async fn members_and_the_moment_do_not_both_win() {
    let world = World::start().await;
    only_rule(&world.owner, json!({})).await;
    for i in 0..18 {
        let id = contact(&world, &world.owner, &format!("Ada{i}")).await;
        call(&world.owner, &id).await;
    }
    world.app.advance(TimeDelta::days(4));
    let owner = owner(&world).await;
    let coming = follow_ups(&owner, "status:eq:waiting").await;
    let acts = coming.iter().enumerate().map(|(i, follow_up)| {
        let verb = ["pause", "cancellation", "pause"][i % 3];
        let path = format!("/v1/follow-ups/{}/{verb}", follow_up["id"].as_str().unwrap());
        let owner = owner.clone();
        async move { owner.post(&path, json!({})).await.status }
    });
    let (_, _, answers) = tokio::join!(world.app.settle(), world.app.settle(), join_all(acts));
    let won = answers.iter().filter(|status| **status == 200).count();
    assert!(answers.iter().all(|status| matches!(status, 200 | 409)), "{answers:?}");
    assert_eq!(world.count("select count(*) from tasks").await as usize, 18 - won);
}
