//! What became of tasks that were due.
use super::{complete, id_of, owner};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::json;

#[tokio::test]
async fn figures_say_what_was_done_in_time_late_left_out_and_not_at_all() {
    let world = World::start().await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let task = async |title: &str, who: &str, day: &str| {
        id_of(&world.owner, json!({"title": title, "assignee": who, "due_on": day})).await
    };
    let mine = world.owner_id.as_str();
    complete(&world.owner, &task("In time", mine, "2026-11-20").await).await.expect(200);
    complete(&world.owner, &task("Late", mine, "2026-11-10").await).await.expect(200);
    let out = task("Left out", mine, "2026-11-20").await;
    world.owner.post(&format!("/v1/tasks/{out}/skip"), json!({"reason": "No"})).await.expect(200);
    task("Overdue", mine, "2026-11-19").await;
    task("Not yet", mine, "2026-11-20").await;
    task("After it", mine, "2026-11-21").await;
    complete(&sam, &task("His", &sam_id, "2026-11-18").await).await.expect(200);
    complete(&sam, &task("Before", &sam_id, "2026-10-01").await).await.expect(200);
    task("Before too", &sam_id, "2026-10-02").await;
    let gone = task("Gone", &sam_id, "2026-11-18").await;
    world.owner.delete(&format!("/v1/tasks/{gone}")).await.expect(204);
    let found = world.owner.get("/v1/task-completion").await.expect(200).clone();
    assert_eq!((&found["from"], &found["until"]), (&json!("2026-10-22"), &json!("2026-11-20")));
    let figures = |in_time: i64, late: i64, skipped: i64, overdue: i64, rate: i64| json!({"in_time": in_time, "late": late, "skipped": skipped, "overdue": overdue, "withdrawn": 0, "rate": rate});
    assert_eq!(found["total"], figures(1, 2, 1, 1, 6000));
    assert_eq!(found["before"], figures(0, 1, 0, 1, 5000));
    let of = |id: &str| found["members"].as_array().unwrap().iter().find(|m| m["member"] == id).unwrap().clone();
    assert_eq!((&of(mine)["figures"], &of(mine)["before"]["rate"]), (&figures(1, 1, 1, 1, 5000), &json!(null)));
    assert_eq!(of(&sam_id)["figures"], figures(0, 1, 0, 0, 10_000));
    // A day later one more is overdue.
    world.app.advance(TimeDelta::days(1));
    let owner = owner(&world).await;
    let later = owner.get("/v1/task-completion?from=2026-11-20&until=2026-11-20").await;
    assert_eq!(later.expect(200)["total"], figures(1, 0, 1, 1, 3333));
    owner.get("/v1/task-completion?from=2026-11-21&until=2026-11-20").await.problem(422, "invalid");
    assert_eq!(world.stranger().await.get("/v1/task-completion").await.expect(200)["members"], json!([]));
}
