use chrono::{DateTime, Utc};
use kernel::ids::{EventId, TenantId};
use poem_openapi::Object;
use uuid::Uuid;

kernel::row! {
    /// One fact.
    #[derive(Object, Debug, Clone)]
    pub struct AuditEntry {
        /// Its id.
        pub id: EventId,
        /// The tenant it concerns.
        pub tenant_id: Option<TenantId>,
        /// Its name.
        pub tenant: Option<String>,
        /// What happened.
        pub kind: String,
        /// The resource.
        pub subject: String,
        /// Which one.
        pub subject_id: Option<Uuid>,
        /// Name of the account that it is about, when that is another one than the tenant: an agency's own log tells what was done
        /// to its clients.
        pub about: Option<String>,
        /// One sentence.
        pub title: String,
        /// Ids and names of fields.
        pub payload: serde_json::Value,
        /// Who: kind.
        pub actor_kind: String,
        /// Who: id.
        pub actor_id: Option<Uuid>,
        /// Who: name.
        pub actor: Option<String>,
        /// In whose place.
        pub on_behalf_of: Option<Uuid>,
        /// When, UTC.
        pub occurred_at: DateTime<Utc>,
    }
}
