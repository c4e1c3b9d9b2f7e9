//! A line of an e-mail that waits for others.
use crate::{notifications::model::title, words::later};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// How long a line waits for others. Longer than a transaction takes, so that none is written after the look that it is for.
pub(super) const WAIT: TimeDelta = TimeDelta::seconds(60);
/// Most lines of an e-mail; of more the number is said.
const MOST: usize = 50;

kernel::id!(DigestLineId, "dgl", "A line of an e-mail that waits for others.");

kernel::row! {
    /// A line as it is sent.
    #[derive(Debug, Clone)]
    pub(crate) struct Line {
        pub id: DigestLineId,
        pub kind: String,
        pub title: String,
        pub params: Value,
        pub link: Option<String>,
        pub contact: Option<Uuid>,
        pub notification: Option<Uuid>,
        pub created_at: DateTime<Utc>,
    }
}

impl Line {
    fn title(&self) -> Value {
        title(&self.kind, &self.params, &self.title)
    }

    fn body(&self) -> Value {
        later(format!("{}.body", self.kind), &self.params)
    }

    /// An e-mail of its own.
    pub(super) fn alone(&self, dashboard: &str) -> Value {
        let label = later(format!("{}.action", self.kind), &self.params);
        let action = self.link.as_ref().map(|link| json!({"label": label, "url": format!("{dashboard}{link}")}));
        json!({ "title": self.title(), "body": self.body(), "action": action, "reason": reason() })
    }
}

fn reason() -> Value {
    later("notice.reason", &Value::Null)
}

/// One e-mail of several lines, which stand as they came.
pub(super) fn together(lines: &[Line], dashboard: &str) -> Value {
    let heading = lines.first().map(|first| {
        let values = json!({ "count": lines.len(), "else": first.title() });
        later(format!("{}.many", first.kind), &values)
    });
    let item = |line: &Line| {
        let url = format!("{dashboard}{}", line.link.as_deref().unwrap_or("/"));
        json!({ "title": line.title(), "body": line.body(), "url": url })
    };
    let more = lines.len().saturating_sub(MOST);
    let contacts: Vec<Uuid> = lines.iter().filter_map(|line| line.contact).collect();
    json!({
        "title": heading,
        "items": lines.iter().take(MOST).map(item).collect::<Vec<_>>(),
        "more": (more > 0).then_some(more),
        "contacts": contacts,
        "reason": reason(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, spoken};

    fn line(n: u128) -> Line {
        Line {
            id: DigestLineId(Uuid::from_u128(n)),
            kind: "task.reminder".into(),
            title: format!("Reminder: Task {n}"),
            params: json!({ "task": format!("Task {n}"), "context": "day", "day": "2026-12-01" }),
            link: Some(format!("/tasks?task={n}")),
            contact: n.is_multiple_of(2).then(|| Uuid::from_u128(n)),
            notification: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn many_lines_are_one_mail_that_says_how_many() {
        let mail = together(&(0..53).map(line).collect::<Vec<_>>(), "https://app.example");
        let mail = spoken(Language::English, mail);
        assert_eq!((&mail["title"], &mail["more"]), (&json!("Reminders: 53 tasks"), &json!(3)));
        assert_eq!(mail["items"].as_array().map(Vec::len), Some(MOST));
        assert_eq!(mail["items"][1]["url"], "https://app.example/tasks?task=1");
        assert_eq!(mail["items"][1]["body"], "Due on 1 December 2026.");
        assert_eq!(mail["contacts"].as_array().map(Vec::len), Some(27));
        let alone = spoken(Language::Arabic, line(4).alone("https://app.example"));
        assert_eq!(
            (&alone["title"], &alone["action"]["url"]),
            (&json!("تذكير: Task 4"), &json!("https://app.example/tasks?task=4"))
        );
    }

    #[test]
    fn a_line_whose_kind_nobody_knows_says_its_title() {
        let old = Line { kind: String::new(), params: json!({}), ..line(1) };
        let alone = spoken(Language::Arabic, old.alone("https://app.example"));
        assert_eq!((&alone["title"], &alone["body"]), (&json!("Reminder: Task 1"), &json!("")));
        let two = spoken(Language::English, together(&[old.clone(), old], "https://app.example"));
        assert_eq!(two["title"], "Reminder: Task 1");
    }
}
