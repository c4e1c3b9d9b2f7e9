//! An offer.
use chrono::{DateTime, Utc};
use kernel::ids::TenantId;
use poem_openapi::Object;

kernel::id!(TransferId, "trf", "An offer of a client to another agency.");

/// Days an offer stands.
pub(crate) const DAYS: i64 = 14;

kernel::row! {
    /// An offer of a client to another agency.
    #[derive(Object, Debug, Clone)]
    pub struct Transfer {
        /// Its id.
        pub id: TransferId,
        /// The client.
        pub client_id: TenantId,
        /// Its name.
        pub client_name: String,
        /// The agency that offers it.
        pub from_id: TenantId,
        /// Its name.
        pub from_name: String,
        /// The agency it is offered to.
        pub to_id: TenantId,
        /// offered, accepted, declined, withdrawn or expired.
        pub state: String,
        /// What the offering agency says.
        pub note: String,
        /// When it was offered.
        pub created_at: DateTime<Utc>,
        /// When the offer ends.
        pub expires_at: DateTime<Utc>,
        /// When it was accepted, declined or withdrawn.
        pub decided_at: Option<DateTime<Utc>>,
    }
}

/// An offer to make.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewTransfer {
    /// The client.
    pub client_id: TenantId,
    /// The agency to offer it to; it finds its id in its account settings.
    pub agency_id: TenantId,
    /// A few words for it.
    #[oai(default, validator(max_length = 1000))]
    pub note: String,
}
