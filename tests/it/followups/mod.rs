//! Follow-ups: what should happen when nobody answers.
mod enrolments;
mod follow_up_rules;
mod follow_ups;
mod holidays;
mod member_absences;
mod member_hours;
mod radar;
mod sequences;
mod together;
mod working_time;

use crate::forms::{World, sign_in};
use serde_json::{Value, json};
use tests::{Answer, Client};

/// The owner, signed in anew: time has passed since he was.
pub async fn owner(world: &World) -> Client {
    sign_in(&world.app, "northlight@example.com").await.0
}

/// A contact of the owner; gives its id.
pub async fn contact(world: &World, client: &Client, name: &str) -> String {
    let new = json!({"first_name": name, "last_name": "Byron", "company_name": "Engines", "owner": world.owner_id});
    crate::contacts::id_of(client, new).await
}

/// Something is logged with a contact.
pub async fn log(client: &Client, contact: &str, activity: Value) -> Answer {
    let mut activity = activity;
    if activity["title"].is_null() {
        activity["title"] = json!("Something");
    }
    let answer = client.post(&format!("/v1/contacts/{contact}/activities"), activity).await;
    answer.expect(201);
    answer
}

/// A mail about a proposal went out.
pub async fn propose(client: &Client, contact: &str) {
    log(client, contact, json!({"kind": "email", "direction": "outbound", "topic": "proposal"})).await;
}

/// A rule that follows up any outbound call two working days later; nothing else is on.
pub async fn only_rule(client: &Client, change: Value) -> Value {
    let rules = client.get("/v1/follow-up-rules").await;
    for rule in rules.expect(200)["items"].as_array().expect("rules") {
        let path = format!("/v1/follow-up-rules/{}", rule["id"].as_str().expect("an id"));
        client.delete(&path).await.expect(204);
    }
    let mut new = json!({"name": "Calls", "cause": "activity", "activity_kind": "call", "direction": "outbound", "wait_days": 2,
        "cancel_on": ["reply", "meeting", "stage"], "task_title": "Ring {name} of {company} again", "task_kind": "call"});
    for (key, value) in change.as_object().expect("fields") {
        new[key] = value.clone();
    }
    client.post("/v1/follow-up-rules", new).await.expect(201).clone()
}

/// Nobody answered a call.
pub async fn call(client: &Client, contact: &str) {
    log(client, contact, json!({"kind": "call", "direction": "outbound", "outcome": "no answer"})).await;
}

/// Follow-ups that fit a filter.
pub async fn follow_ups(client: &Client, filter: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/follow-ups?filter={filter}")).await;
    page.expect(200)["items"].as_array().expect("a list").clone()
}

/// Follow-ups that wait.
pub async fn waiting(client: &Client) -> Vec<Value> {
    follow_ups(client, "status:eq:waiting").await
}

/// Titles of every task.
pub async fn tasks(client: &Client) -> Vec<String> {
    crate::tasks::titles(&client.get("/v1/tasks?sort=created_at").await.expect(200)["items"])
}
