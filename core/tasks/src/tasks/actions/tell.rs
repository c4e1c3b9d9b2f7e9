//! Who is told that a task is his now, or that he shares it: nobody of what he did himself, and of what has ended nobody.
use super::{
    super::{
        draft::Draft,
        model::{Task, TaskStatus},
    },
    link_to,
};
use crate::{TASK_ASSIGNED, TASK_SHARED};
use kernel::{Result, Tx, ids::UserId};
use notifications::notifications::{Notice, notify};
use serde_json::{Value, json};
use uuid::Uuid;

/// Tells whoever does or shares a task and had nothing to do with it before.
pub(super) async fn tell(tx: &mut Tx, task: &Task, before: Option<&Draft>) -> Result<()> {
    let shared = before.map(|before| before.collaborators.as_slice()).unwrap_or_default();
    let did = before.and_then(|before| before.assignee);
    let sharers = task.collaborators.iter().copied().filter(|user| !shared.contains(user) && did != Some(*user));
    for (kind, people) in [
        (&TASK_ASSIGNED, task.assignee.filter(|user| did != Some(*user)).into_iter().collect()),
        (&TASK_SHARED, sharers.collect::<Vec<_>>()),
    ] {
        let people = others(tx, people);
        if people.is_empty() || task.status != TaskStatus::Open {
            continue;
        }
        let mut notice = Notice::new(kind, told(task), people).link(link_to(task.id)).gather().by_name();
        notice.contact_id = task.contact.map(|contact| contact.0);
        notice.dedupe_key = Some(format!("{}/{}/{}", kind.key, task.id, task.version));
        notify(tx, &notice).await?;
    }
    Ok(())
}

/// Tells a member once of several tasks that are his now.
pub(super) async fn tell_of_many(tx: &mut Tx, tasks: &[(Draft, Task)]) -> Result<()> {
    let Some((_, first)) = tasks.first() else { return Ok(()) };
    let people = others(tx, first.assignee.into_iter().collect());
    if people.is_empty() {
        return Ok(());
    }
    let params = json!({ "context": "together", "count": tasks.len() });
    let mut notice = Notice::new(&TASK_ASSIGNED, params, people).link("/tasks").gather();
    notice.dedupe_key = Some(format!("task.assigned/{}/{}", first.id, first.version));
    notify(tx, &notice).await.map(drop)
}

/// What notices say of a task: what it is called, and when it is due.
pub(super) fn told(task: &Task) -> Value {
    let due = match (task.due_on, &task.due_time) {
        (Some(_), Some(_)) => "timed",
        (Some(_), None) => "day",
        (None, _) => "undated",
    };
    json!({ "task": task.title, "context": due, "day": task.due_on, "time": task.due_time, "zone": task.zone })
}

/// Everybody but whoever does this.
fn others(tx: &Tx, people: Vec<UserId>) -> Vec<Uuid> {
    let doer = tx.context().actor.id;
    people.into_iter().map(|user| user.0).filter(|user| Some(*user) != doer).collect()
}
