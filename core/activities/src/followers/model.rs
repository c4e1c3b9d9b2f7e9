//! Who follows a record, and what followers are told.
use crate::records::Record;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;
use serde_json::Value;

/// Most followers of a record.
pub const MOST: i64 = 100;

/// A member who hears of a record.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Follower {
    /// The member.
    pub user: UserId,
    /// His name.
    pub name: String,
    /// Who let him follow; absent for programs.
    pub added_by: Option<UserId>,
    /// Since when, UTC.
    pub created_at: DateTime<Utc>,
}

/// Who follows a record.
#[derive(Object, Debug, Clone)]
pub struct Followers {
    /// Those who may see it, by name. Who may not see it any more hears nothing and is not named.
    pub items: Vec<Follower>,
    /// Whether the caller follows it.
    pub following: bool,
    /// Whether the caller can follow it: members who may see what is written about it can.
    pub may_follow: bool,
}

row! {
    /// A row of a follower.
    #[derive(Debug, Clone)]
    pub struct FollowerRow {
        pub user: UserId,
        pub added_by: Option<UserId>,
        pub created_at: DateTime<Utc>,
    }
}

/// What followers of a record are told when this happens to it; none for what is none of their news.
pub fn news(kind: &str, record: Record, payload: &Value) -> Option<String> {
    let what = record.word();
    let is_public = payload["private"] != true;
    Some(match kind {
        "contact.stage_changed" | "deal.moved" => format!("A {what} you follow is in another stage"),
        "contact.assigned" | "company.assigned" | "deal.assigned" => format!("A {what} you follow has another owner"),
        "company.status_changed" => format!("A {what} you follow has another status"),
        "note.created" if is_public => format!("A note was written about a {what} you follow"),
        "activity.logged" => format!("Something was logged with a {what} you follow"),
        "form.submitted" => format!("A {what} you follow has sent a form"),
        "deal.won" => format!("A {what} you follow was won"),
        "deal.lost" => format!("A {what} you follow was lost"),
        "deal.abandoned" => format!("A {what} you follow was given up"),
        "deal.reopened" => format!("A {what} you follow was opened again"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use contacts::ContactId;
    use serde_json::json;

    #[test]
    fn every_kind_that_is_waited_for_has_a_sentence_and_private_notes_have_none() {
        let contact = Record::Contact(ContactId(uuid::Uuid::nil()));
        for kind in super::super::KINDS {
            let said = news(kind, contact, &json!({})).unwrap_or_else(|| panic!("{kind}"));
            assert!(said.starts_with("A ") || said.starts_with("Something"), "{said}");
        }
        assert_eq!(news("note.created", contact, &json!({"private": true})), None);
        assert_eq!(news("note.updated", contact, &json!({})), None);
    }
}
