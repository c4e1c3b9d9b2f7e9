//! Tasks one after the other.
use super::{contact, waiting};
use crate::forms::World;
use serde_json::json;

#[tokio::test]
async fn sequences_are_made_changed_and_removed() {
    let world = World::start().await;
    let first = world.owner.get("/v1/sequences").await.expect(200)["items"][0].clone();
    let days: Vec<_> = first["steps"].as_array().unwrap().iter().map(|s| s["day"].as_i64().unwrap()).collect();
    assert_eq!(days, [1, 3, 7, 14], "as the field does");
    let new = json!({"name": "Short", "days": "calendar", "cancel_on": ["reply"],
        "steps": [{"day": 0, "title": "Ring {name}", "kind": "call"}, {"day": 2, "title": "Write", "priority": 3}]});
    let made = world.owner.post("/v1/sequences", new.clone()).await;
    let path = format!("/v1/sequences/{}", made.expect(201)["id"].as_str().unwrap());
    assert_eq!(made.body["steps"][1], json!({"day": 2, "title": "Write", "kind": "task", "priority": 3}));
    world.owner.post("/v1/sequences", new.clone()).await.expect(422);
    let mut wrong = new.clone();
    wrong["name"] = json!("Other");
    wrong["steps"] = json!([{"day": 2, "title": "Ring"}, {"day": 1, "title": "{x}"}]);
    let wrong = world.owner.post("/v1/sequences", wrong).await;
    let fields: Vec<_> = wrong.expect(422)["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, [json!("/steps/1/title"), json!("/steps/1/day")]);
    let ada = contact(&world, &world.owner, "Ada").await;
    let put = json!({"sequence": made.body["id"], "contacts": [ada]});
    world.owner.post("/v1/enrolments", put.clone()).await.expect(201);
    let mut changed = new;
    changed["steps"] = json!([{"day": 5, "title": "Only"}]);
    changed["enabled"] = json!(false);
    let change = world.owner.put(&path, changed).await;
    assert_eq!(change.expect(200)["running"], 1);
    assert_eq!(waiting(&world.owner).await.len(), 2, "whoever goes through it keeps his steps");
    // Whoever goes through it is counted up to a thousand: those who are through do not count.
    let fill = |many: i32, status: &str, ended: &str| {
        format!(
            "with people as (insert into contacts (id, display_name, name_key, search, created_at, updated_at)
               select gen_random_uuid(), 'P', 'p', 'p', now(), now() from generate_series(1, {many}) returning id)
             insert into enrolments (id, sequence_id, contact_id, status, started_at, ended_at, created_at, updated_at)
             select gen_random_uuid(), q.id, p.id, '{status}', now(), {ended}, now(), now() from people p, sequences q where q.name = 'Short'"
        )
    };
    world.tenant_query(&fill(998, "active", "null")).await;
    world.tenant_query(&fill(50, "finished", "now()")).await;
    assert_eq!(world.owner.get(&path).await.expect(200)["running"], 999);
    world.tenant_query(&fill(20, "active", "null")).await;
    assert_eq!(world.owner.get(&path).await.expect(200)["running"], 1000);
    let all = world.owner.get("/v1/sequences").await.expect(200)["items"].clone();
    assert!(all.as_array().unwrap().iter().any(|one| one["running"] == 1000));
    let bob = contact(&world, &world.owner, "Bob").await;
    let put = json!({"sequence": made.body["id"], "contacts": [bob]});
    world.owner.post("/v1/enrolments", put).await.problem(409, "sequence_off");
    world.stranger().await.get(&path).await.expect(404);
    world.owner.delete(&path).await.expect(204);
    assert!(waiting(&world.owner).await.is_empty());
}
