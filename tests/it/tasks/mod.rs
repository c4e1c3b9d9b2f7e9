//! What there is to do.
mod agendas;
mod bulk;
mod lists;
mod notices;
mod personal;
mod reminders;
mod series;
mod task_completion;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod tasks;

use crate::forms::{World, sign_in};
use serde_json::{Value, json};
use tests::{Answer, Client};

/// The owner, signed in anew: time has passed since he was.
pub async fn owner(world: &World) -> Client {
    sign_in(&world.app, "northlight@example.com").await.0
}

/// Makes a task; gives the whole answer.
pub async fn add(client: &Client, task: Value) -> Value {
    client.post("/v1/tasks", task).await.expect(201).clone()
}

/// Makes a task; gives its id.
pub async fn id_of(client: &Client, task: Value) -> String {
    add(client, task).await["id"].as_str().expect("an id").to_owned()
}

/// Ends a task.
pub async fn complete(client: &Client, task: &str) -> Answer {
    client.post(&format!("/v1/tasks/{task}/completion"), json!({})).await
}

/// Titles of tasks in a list.
pub fn titles(list: &Value) -> Vec<String> {
    let title = |task: &Value| task["title"].as_str().expect("a title").to_owned();
    list.as_array().expect("a list").iter().map(title).collect()
}
