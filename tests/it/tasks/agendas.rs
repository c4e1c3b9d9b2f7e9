//! Tasks by when they come up.
use super::{add, owner, titles};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn board(world: &World, query: &str) -> Value {
    owner(world).await.get(&format!("/v1/tasks/board?{query}")).await.expect(200).clone()
}

#[tokio::test]
async fn tasks_stand_where_they_come_up() {
    let world = World::start().await;
    // It is noon of Friday 20 November.
    for (title, day, time) in [
        ("Yesterday", Some("2026-11-19"), None),
        ("This morning", Some("2026-11-20"), Some("11:59")),
        ("Tonight", Some("2026-11-20"), Some("20:00")),
        ("Today", Some("2026-11-20"), None),
        ("Midnight", Some("2026-11-21"), Some("00:00")),
        ("Next Friday", Some("2026-11-27"), None),
        ("Next Saturday", Some("2026-11-28"), None),
        ("In a year", Some("2027-11-20"), None),
        ("Some day", None, None),
    ] {
        let mut task = json!({"title": title});
        if let Some(day) = day {
            task["due_on"] = json!(day);
        }
        if let Some(time) = time {
            task["due_time"] = json!(time);
        }
        add(&world.owner, task).await;
    }
    let seen = board(&world, "").await;
    let columns =
        |board: &Value| ["overdue", "today_tasks", "week", "later", "undated"].map(|c| titles(&board[c]["tasks"]));
    let expected: [&[&str]; 5] = [
        &["Yesterday", "This morning"],
        &["Tonight", "Today"],
        &["Midnight", "Next Friday"],
        &["Next Saturday", "In a year"],
        &["Some day"],
    ];
    assert_eq!(columns(&seen), expected.map(|c| c.iter().map(ToString::to_string).collect::<Vec<_>>()));
    assert_eq!((&seen["today"], &seen["zone"]), (&json!("2026-11-20"), &json!("UTC")));
    let counts = world.owner.get("/v1/tasks/counts").await;
    assert_eq!(counts.expect(200), &json!({"overdue": 2, "today": 2, "week": 2}));
    let none = world.owner.get(&format!("/v1/tasks/counts?assignee={}", world.owner_id)).await;
    assert_eq!(none.expect(200), &json!({"overdue": 0, "today": 0, "week": 0}));
    // In Auckland it is Saturday already: midnight there was eleven hours before midnight here.
    let there = board(&world, "zone=Pacific/Auckland").await;
    assert_eq!(there["today"], "2026-11-21");
    assert_eq!(titles(&there["today_tasks"]["tasks"]), ["Tonight", "Today", "Midnight"]);
    assert_eq!(titles(&board(&world, "q=next&filter=due_on:gt:2026-11-27").await["later"]["tasks"]), ["Next Saturday"]);
    world.owner.get("/v1/tasks/board?zone=Mars/Base").await.expect(422);
    world.owner.get("/v1/tasks/board?filter=x:eq:1").await.expect(422);
    world.app.advance(TimeDelta::hours(12));
    let seen = board(&world, "").await;
    assert_eq!(seen["overdue"]["count"], 4);
    assert_eq!(titles(&seen["today_tasks"]["tasks"]), ["Midnight"]);
    world.app.settle().await;
}

#[tokio::test]
async fn a_long_column_says_how_long_it_is() {
    let world = World::start().await;
    for i in 0..55 {
        add(&world.owner, json!({"title": format!("Task {i}"), "due_on": "2026-11-25"})).await;
    }
    let week = board(&world, "").await["week"].clone();
    assert_eq!((&week["count"], week["tasks"].as_array().map(Vec::len)), (&json!(55), Some(50)));
    world.app.settle().await;
}
