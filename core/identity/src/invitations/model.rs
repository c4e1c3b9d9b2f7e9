//! An invitation.
use crate::{roles::model::RoleId, teams::model::TeamId};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    ids::{TenantId, UserId},
    row,
};
use poem_openapi::Object;

kernel::id!(InvitationId, "inv", "An invitation's id.");

/// How long an invitation can be accepted.
pub(crate) const VALID: TimeDelta = TimeDelta::days(7);

row! {
    /// Somebody was asked to become a member.
    #[derive(Object, Debug, Clone)]
    pub struct Invitation {
        /// Its id.
        pub id: InvitationId,
        /// Who was asked.
        pub email: String,
        /// Roles he gets.
        pub roles: Vec<RoleId>,
        /// Teams he gets into.
        pub teams: Vec<TeamId>,
        /// `pending`, `accepted` or `revoked`.
        pub state: String,
        /// The language of its mail and of the account made with it, BCP 47.
        pub locale: String,
        /// Who asked.
        pub invited_by: Option<UserId>,
        /// When.
        pub created_at: DateTime<Utc>,
        /// Until when it can be accepted.
        pub expires_at: DateTime<Utc>,
        /// When it was accepted.
        pub accepted_at: Option<DateTime<Utc>>,
    }
}

/// An invitation to send.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewInvitation {
    /// Where it goes.
    pub email: String,
    /// Roles he gets, at least one.
    pub roles: Vec<RoleId>,
    /// Teams he gets into.
    #[oai(default)]
    pub teams: Vec<TeamId>,
    /// The language of the mail, BCP 47, unless he has an account and with it one of his own; the tenant's when absent.
    pub locale: Option<String>,
}

/// Accepting one.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct Acceptance {
    /// From the link.
    pub token: String,
    /// One's name in the tenant.
    pub name: String,
    /// A new password; the existing one for somebody who has an account with this address.
    pub password: String,
}

/// He is a member and can sign in.
#[derive(Object, Clone)]
pub struct Joined {
    /// Where.
    pub tenant: TenantId,
    /// Who.
    pub user: UserId,
}
