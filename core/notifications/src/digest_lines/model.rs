//! A line of an e-mail that waits for others.
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// How long a line waits for others. Longer than a transaction takes, so that none is written after the look that it is for.
pub(super) const WAIT: TimeDelta = TimeDelta::seconds(60);
/// Most lines of an e-mail; of more the number is said.
const MOST: usize = 50;
const REASON: &str =
    "You get this because it is yours to look after. You can change that in your notification settings.";

kernel::id!(DigestLineId, "dgl", "A line of an e-mail that waits for others.");

/// An e-mail that waits for others of its module, and becomes one with them when they come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gathered {
    /// What several of them are called; `{n}` stands for how many: "Reminders: {n} tasks".
    pub heading: String,
    /// What is said besides the title of the notice, when it stays alone.
    pub body: String,
    /// What the button says that leads to it.
    pub action: String,
}

kernel::jsonb!(Gathered);

kernel::row! {
    /// A line as it is sent.
    #[derive(Debug, Clone)]
    pub(crate) struct Line {
        pub id: DigestLineId,
        pub title: String,
        pub link: Option<String>,
        pub mail: Gathered,
        pub contact: Option<Uuid>,
        pub notification: Option<Uuid>,
        pub created_at: DateTime<Utc>,
    }
}

impl Line {
    /// An e-mail of its own.
    pub(super) fn alone(&self, dashboard: &str) -> Value {
        let action =
            self.link.as_ref().map(|link| json!({"label": self.mail.action, "url": format!("{dashboard}{link}")}));
        json!({ "title": self.title, "body": self.mail.body, "action": action, "reason": REASON })
    }
}

/// One e-mail of several lines, which stand as they came.
pub(super) fn together(lines: &[Line], dashboard: &str) -> Value {
    let heading = lines.first().map(|line| line.mail.heading.as_str()).unwrap_or_default();
    let item = |line: &Line| {
        let url = format!("{dashboard}{}", line.link.as_deref().unwrap_or("/"));
        json!({ "title": line.title, "body": line.mail.body, "url": url })
    };
    let more = lines.len().saturating_sub(MOST);
    let contacts: Vec<Uuid> = lines.iter().filter_map(|line| line.contact).collect();
    json!({
        "title": heading.replace("{n}", &lines.len().to_string()),
        "items": lines.iter().take(MOST).map(item).collect::<Vec<_>>(),
        "more": (more > 0).then_some(more),
        "contacts": contacts,
        "reason": REASON,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_lines_are_one_mail_that_says_how_many() {
        let line = |n: u128| Line {
            id: DigestLineId(Uuid::from_u128(n)),
            title: format!("Task {n}"),
            link: Some(format!("/tasks?task={n}")),
            mail: Gathered { heading: "Reminders: {n} tasks".into(), body: "Due today.".into(), action: "Open".into() },
            contact: n.is_multiple_of(2).then(|| Uuid::from_u128(n)),
            notification: None,
            created_at: DateTime::UNIX_EPOCH,
        };
        let mail = together(&(0..53).map(line).collect::<Vec<_>>(), "https://app.example");
        assert_eq!((&mail["title"], &mail["more"]), (&json!("Reminders: 53 tasks"), &json!(3)));
        assert_eq!(mail["items"].as_array().map(Vec::len), Some(MOST));
        assert_eq!(mail["items"][1]["url"], "https://app.example/tasks?task=1");
        assert_eq!(mail["contacts"].as_array().map(Vec::len), Some(27));
        let alone = line(4).alone("https://app.example");
        assert_eq!(
            (&alone["title"], &alone["action"]["url"]),
            (&json!("Task 4"), &json!("https://app.example/tasks?task=4"))
        );
    }
}
