//! What is left of tasks when somebody is erased.
use super::{add, id_of, owner};
use crate::forms::World;
use serde_json::json;

#[tokio::test]
async fn who_is_erased_leaves_days_and_no_words() {
    let world = World::start().await;
    let ada = json!({"first_name": "Ada", "emails": [{"address": "ada@lovelace.example"}]});
    let ada = crate::contacts::id_of(&world.owner, ada).await;
    let bob = crate::contacts::id_of(&world.owner, json!({"first_name": "Bob"})).await;
    let about = json!({"title": "Ring Ada", "description": "Her house", "contact": ada, "due_on": "2026-12-01", "rule": "FREQ=DAILY"});
    let about = id_of(&world.owner, about).await;
    let left = add(&world.owner, json!({"title": "Ada's roof", "contact": ada})).await;
    let left = format!("/v1/tasks/{}", left["id"].as_str().expect("an id"));
    world.owner.post(&format!("{left}/skip"), json!({"reason": "She moved"})).await.expect(200);
    let naming = json!({"title": "Write", "description": "To ADA@lovelace.example", "contact": bob});
    let naming = id_of(&world.owner, naming).await;
    let other = id_of(&world.owner, json!({"title": "Ring Bob", "contact": bob})).await;
    let skipped = id_of(&world.owner, json!({"title": "Visit", "contact": bob})).await;
    let reason = json!({"reason": "He wrote to Ada@Lovelace.example"});
    world.owner.post(&format!("/v1/tasks/{skipped}/skip"), reason).await.expect(200);

    world.owner.post("/v1/data-requests", json!({"contact": ada, "kind": "export"})).await.expect(201);
    world.app.settle().await;
    world.owner.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from contacts where first_name = 'Ada'").await, 0);
    let read = async |path: &str| world.owner.get(path).await.expect(200).clone();
    let task = read(&format!("/v1/tasks/{about}")).await;
    assert_eq!((&task["title"], task.get("description"), task.get("contact")), (&json!("[erased]"), None, None));
    assert_eq!((&task["due_on"], &task["rule"]), (&json!("2026-12-01"), &json!("FREQ=DAILY")), "days stay");
    let task = read(&left).await;
    assert_eq!((&task["title"], &task["outcome"]), (&json!("[erased]"), &json!("[erased]")));
    let task = read(&format!("/v1/tasks/{naming}")).await;
    assert_eq!(
        (&task["title"], &task["contact"]),
        (&json!("[erased]"), &json!(bob)),
        "it named her, and is still about him"
    );
    assert_eq!(read(&format!("/v1/tasks/{other}")).await["title"], "Ring Bob");
    assert_eq!(read(&format!("/v1/tasks/{skipped}")).await["outcome"], "[erased]", "its reason named her");
    assert_eq!(world.events().await.iter().filter(|k| *k == "task.forgotten").count(), 4);
    assert_eq!(world.owner.get("/v1/tasks?q=roof").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_task_outlives_what_it_is_about() {
    let world = World::start().await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let id = id_of(&world.owner, json!({"title": "Ring", "contact": ada})).await;
    world.owner.delete(&format!("/v1/contacts/{ada}")).await.expect(204);
    let task = world.owner.get(&format!("/v1/tasks/{id}")).await;
    assert_eq!(
        (task.expect(200).get("contact_name"), &task.body["contact"]),
        (None, &json!(ada)),
        "no name while deleted"
    );
    world.app.advance(chrono::TimeDelta::days(31));
    world.app.settle().await;
    let later = owner(&world).await;
    assert_eq!(later.get(&format!("/v1/tasks/{id}")).await.expect(200).get("contact"), None);
    world.app.settle().await;
}
