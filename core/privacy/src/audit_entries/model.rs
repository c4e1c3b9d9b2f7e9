//! What the audit log shows.
use activities::{wire_actor, wire_id};
use chrono::{DateTime, Utc};
use kernel::{
    events::Recorded,
    ids::{EventId, TenantId, UserId},
    row,
};
use poem_openapi::Object;
use uuid::Uuid;

row! {
    /// An entry as it is read.
    #[derive(Object, Debug, Clone)]
    pub struct AuditRow {
        pub seq: i64,
        pub id: EventId,
        pub kind: String,
        pub subject: String,
        pub subject_id: Uuid,
        pub contact_id: Option<Uuid>,
        pub title: String,
        pub payload: serde_json::Value,
        pub actor_kind: String,
        pub actor_id: Option<Uuid>,
        pub on_behalf_of: Option<Uuid>,
        pub request_id: Option<String>,
        pub occurred_at: DateTime<Utc>,
        pub hash: String,
    }
}

/// Who did what, when: one link of the chain.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct AuditEntry {
    /// Its place in the log: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// The event.
    pub id: EventId,
    /// What happened, for example `contact.deleted`.
    pub kind: String,
    /// The resource it happened to.
    pub subject: String,
    /// Which one.
    pub subject_id: String,
    /// The contact it concerns.
    pub contact: Option<String>,
    /// The client that it is about, in the log of an agency.
    pub client: Option<AuditClient>,
    /// In one sentence.
    pub title: String,
    /// Ids and names of fields, by kind of event.
    pub payload: serde_json::Value,
    /// Who: `user`, `api_key`, `visitor`, `system` or `admin`.
    pub actor_kind: String,
    /// Who exactly.
    pub actor: Option<String>,
    /// In whose place, when somebody impersonated.
    pub on_behalf_of: Option<UserId>,
    /// The request or job in which it happened.
    pub request_id: Option<String>,
    /// When, UTC.
    pub occurred_at: DateTime<Utc>,
    /// SHA-256 over the hash before and this entry, lower-case hexadecimal.
    pub hash: String,
}

/// A client in the log of its agency.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct AuditClient {
    /// Its id.
    pub id: TenantId,
    /// What it is called now; what it was called then, when it is `gone`. Absent for those who may not see clients, and in entries of
    /// former times about one that is gone.
    pub name: Option<String>,
    /// Why it is not told what it is called now.
    pub gone: Option<AuditGone>,
}

kernel::word! {
    /// Why a client of a log is none of this agency's.
    pub enum AuditGone {
        /// Nothing is left of it.
        #[default]
        Destroyed = "destroyed",
        /// Another agency has it.
        Elsewhere = "elsewhere",
    }
}

impl AuditEntry {
    /// What the client was called when the entry was written. Nobody reads it in the payload: who may see clients is told here.
    pub(super) fn take_name(&mut self) -> Option<String> {
        match self.payload.as_object_mut()?.remove("client_name")? {
            serde_json::Value::String(name) => Some(name),
            _ => None,
        }
    }

    /// The tenant that it is about, besides the one in whose log it stands.
    pub(super) fn about(&self) -> Option<TenantId> {
        let said = match self.subject.as_str() {
            "clients" => Some(self.subject_id.as_str()),
            "transfers" => self.payload["client_id"].as_str(),
            "impersonations" => self.payload["tenant"].as_str(),
            _ => None,
        };
        said?.parse().ok()
    }
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        AuditEntry {
            seq: row.seq,
            id: row.id,
            subject_id: wire_id(&row.subject, row.subject_id),
            contact: row.contact_id.map(|id| wire_id("contacts", id)),
            client: None,
            actor: row.actor_id.map(|id| wire_actor(&row.actor_kind, id)),
            kind: row.kind,
            subject: row.subject,
            title: row.title,
            payload: row.payload,
            actor_kind: row.actor_kind,
            on_behalf_of: row.on_behalf_of.map(UserId),
            request_id: row.request_id,
            occurred_at: row.occurred_at,
            hash: row.hash,
        }
    }
}

row! {
    /// A link as the verification reads it.
    pub struct Link {
        pub seq: i64,
        pub id: EventId,
        pub kind: String,
        pub subject: String,
        pub subject_id: Uuid,
        pub contact_id: Option<Uuid>,
        pub title: String,
        pub payload: serde_json::Value,
        pub actor_kind: String,
        pub actor_id: Option<Uuid>,
        pub on_behalf_of: Option<Uuid>,
        pub occurred_at: DateTime<Utc>,
        pub hash: Vec<u8>,
    }
}

impl Link {
    /// The event and the hash that was stamped on it.
    pub fn split(self) -> (Recorded, Vec<u8>) {
        let event = Recorded {
            seq: self.seq,
            id: self.id,
            kind: self.kind,
            subject: self.subject,
            subject_id: self.subject_id,
            contact_id: self.contact_id,
            title: self.title,
            payload: self.payload,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            on_behalf_of: self.on_behalf_of,
            occurred_at: self.occurred_at,
        };
        (event, self.hash)
    }
}

/// What a check of the whole chain found.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq)]
#[oai(rename = "AuditVerification")]
#[oai(skip_serializing_if_is_none)]
pub struct Verification {
    /// Whether nothing was changed, taken out or put in.
    pub valid: bool,
    /// How many entries were checked.
    pub checked: i64,
    /// The hash of the last entry, lower-case hexadecimal. Keep it with `checked`: as `anchor` it proves later that no
    /// entry up to here was replaced, not even the whole chain.
    pub root: Option<String>,
    /// The first entry that does not fit.
    pub broken_at: Option<i64>,
    /// What is wrong: `gap`, `hash`, `anchor` or `unlogged`.
    pub problem: Option<String>,
}
