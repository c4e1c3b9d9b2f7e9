//! Who follows a record, and what followers are told.
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

/// What followers are told when this happens to a record, as `follower.news` says its cases; none for what is none of their news.
pub fn news(kind: &str, payload: &Value) -> Option<&'static str> {
    let is_public = payload["private"] != true;
    Some(match kind {
        "contact.stage_changed" | "deal.moved" => "stage",
        "contact.assigned" | "company.assigned" | "deal.assigned" => "owner",
        "company.status_changed" => "status",
        "note.created" if is_public => "note",
        "activity.logged" => "activity",
        "form.submitted" => "form",
        "deal.won" => "won",
        "deal.lost" => "lost",
        "deal.abandoned" => "abandoned",
        "deal.reopened" => "reopened",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_that_is_waited_for_is_a_case_and_private_notes_are_none() {
        for kind in super::super::KINDS {
            assert!(news(kind, &json!({})).is_some(), "{kind}");
        }
        assert_eq!(news("note.created", &json!({"private": true})), None);
        assert_eq!(news("note.updated", &json!({})), None);
    }
}
