//! Members who take no deals from rules for a while: by days of the account, or until somebody ends it.
use super::assignment_rules::{given, rule, sellers};
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use serde_json::json;

#[tokio::test]
async fn who_is_away_gets_nothing_and_is_owed_nothing_afterwards() {
    let world = World::start().await;
    let people = sellers(&world, &["Ana", "Ben"]).await;
    let [ana, ben] = [0, 1].map(|i| people[i].1.clone());
    rule(&world, "All", "round_robin", &[json!({"member": ana}), json!({"member": ben})], json!({})).await;
    let (mine, his) = (format!("/v1/deal-absences/{ana}"), format!("/v1/deal-absences/{ben}"));
    // Of himself everybody says it, of others whoever looks after all deals.
    people[0].0.put(&his, json!({})).await.problem(403, "level_all_needed");
    people[0].0.put(&mine, json!({"from": "2026-11-22", "until": "2026-11-21"})).await.problem(422, "invalid");
    let away = people[0].0.put(&mine, json!({"from": "2026-11-20", "until": "2026-11-21"})).await;
    assert_eq!((&away.expect(200)["member"], &away.body["until"]), (&json!(ana), &json!("2026-11-21")));
    for _ in 0..4 {
        assert_eq!(given(&world, json!({"title": "A"})).await, Some(ben.clone()));
    }
    world.owner.put(&his, json!({})).await.expect(200);
    assert_eq!(given(&world, json!({"title": "B"})).await, None, "nobody is there");
    world.owner.delete(&his).await.expect(204);
    world.owner.delete(&his).await.problem(404, "not_found");

    // The day after the last one she is back, and takes her turn, not all that she missed.
    world.app.advance(TimeDelta::days(2));
    let owner = sign_in(&world.app, "northlight@example.com").await.0;
    let mut got = vec![];
    for _ in 0..4 {
        let made = owner.post("/v1/deals", json!({"title": "C"})).await;
        got.push(made.expect(201)["owner"].as_str().map(str::to_owned));
    }
    got.sort();
    let mut expected = vec![Some(ana.clone()), Some(ana), Some(ben.clone()), Some(ben)];
    expected.sort();
    assert_eq!(got, expected);
    world.app.settle().await;
}
