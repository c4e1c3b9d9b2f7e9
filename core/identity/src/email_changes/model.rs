//! A change of an address.
use crate::passkeys::model::PasskeyAnswer;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{ids::TenantId, ids::UserId, row};
use poem_openapi::Object;

kernel::id!(EmailChangeId, "emc", "A change of the address somebody signs in with.");

/// How long the link to the new address works, in hours.
pub(crate) const HOURS: i64 = 24;
/// How long the link to the old address works: a week after the other one stopped, so that each change can be taken back for a
/// week at least.
pub(crate) const REVERT: TimeDelta = TimeDelta::days(8);

row! {
    /// Somebody wants another address, or got it lately.
    #[derive(Object, Debug, Clone)]
    pub struct EmailChange {
        /// Its id.
        pub id: EmailChangeId,
        /// The address that was in force when it was asked for.
        pub old_email: String,
        /// The one that was asked for.
        pub new_email: String,
        /// `pending` until the link is followed, then `confirmed`.
        pub state: String,
        /// When it was asked for, UTC.
        pub created_at: DateTime<Utc>,
        /// Until when the link to the new address works, UTC.
        pub expires_at: DateTime<Utc>,
        /// Since when the new address is in force, UTC.
        pub confirmed_at: Option<DateTime<Utc>>,
        /// Until when the link in the mail to the old address takes it back, UTC.
        pub revert_until: DateTime<Utc>,
    }
}

row! {
    /// A change as the verbs need it.
    #[derive(Debug, Clone)]
    pub(crate) struct Change {
        pub id: EmailChangeId,
        pub user_id: UserId,
        pub tenant_id: TenantId,
        pub old_email: String,
        pub new_email: String,
        pub created_at: DateTime<Utc>,
        pub revert_until: DateTime<Utc>,
    }
}

/// A wish for another address.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewEmailChange {
    /// The new address; a link goes there, and word of it to the one in force.
    pub email: String,
    /// The current password; not with a passkey.
    pub password: Option<String>,
    /// A code from the app or a recovery code, beside the password of whoever has a second factor; without it the answer is 403
    /// `second_factor_required`.
    pub code: Option<String>,
    /// A passkey, in place of password and code.
    pub passkey: Option<PasskeyAnswer>,
}

/// The token of the link to the new address, and the password or a passkey.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct EmailProof {
    /// From the link.
    pub token: String,
    /// The password of the account; another one is 422 `password_wrong` and the link stays good. Not with a passkey.
    pub password: Option<String>,
    /// A passkey of the account, in place of the password.
    pub passkey: Option<PasskeyAnswer>,
}

/// The token of the link to the old address, and a password that only its reader knows.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct EmailReversion {
    /// From the link.
    pub token: String,
    /// The password from now on, at least 10 characters: whoever asked for the other address knew the old one.
    pub password: String,
}
