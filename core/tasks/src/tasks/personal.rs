//! Tasks as personal data of the contacts they are about.
use super::{actions, db};
use contacts::Person;
use kernel::{Result, Tx, events::NewEvent};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// Every task about the person.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let tasks = db::of_contact(tx, person.contact).await?;
    Ok(json!({ "tasks": tasks.iter().filter_map(ToJSON::to_json).collect::<Vec<_>>() }))
}

/// Takes the person off every task, and removes the words of tasks that were about him or that mention him. When they
/// were due and who did them stays. Gives how many rows were touched.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let tasks = db::forget(tx, person.contact, &person.addresses).await?;
    for task in &tasks {
        tx.record(NewEvent::new("task.forgotten", "tasks", task.0, "Words of a task removed")).await?;
    }
    // Reminders said what the task was called.
    let links: Vec<String> = tasks.iter().map(|task| actions::link_to(*task)).collect();
    notifications::notifications::erase_links(tx, &links).await?;
    Ok(vec![("tasks", tasks.len() as u64)])
}
