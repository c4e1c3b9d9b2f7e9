//! A platform admin.
use crate::totp::model::Enrolment;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    auth::{Actor, ActorKind, Grants},
    row,
};
use poem_openapi::Object;
use std::sync::Arc;
use uuid::Uuid;

kernel::id!(AdminId, "adm", "A platform admin's id.");

/// Type of the signed admin tokens.
pub(crate) const ADMIN: &str = "admin";
/// How long an admin stays signed in; then he signs in again.
pub(crate) const VALID: TimeDelta = TimeDelta::hours(4);

/// What an admin token says.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct AdminClaims {
    #[serde(rename = "a")]
    pub admin: Uuid,
    #[serde(rename = "s")]
    pub session: Uuid,
}

row! {
    /// A platform admin.
    #[derive(Object, Debug, Clone)]
    pub struct Admin {
        /// His id.
        pub id: AdminId,
        /// What he signs in with.
        pub email: String,
        /// His name.
        pub name: String,
        /// `platform_admin` or `platform_support`.
        pub role: String,
        /// `active` or `blocked`.
        pub state: String,
        /// Since when.
        pub created_at: DateTime<Utc>,
    }
}

/// An admin to make. The second factor is not optional.
#[derive(Clone)]
pub struct NewAdmin {
    /// What he signs in with.
    pub email: String,
    /// His name.
    pub name: String,
    /// His password.
    pub password: String,
    /// `platform_admin` or `platform_support`.
    pub role: String,
    /// Secret of his authenticator app, 20 bytes; a random one when absent.
    pub totp_secret: Option<Vec<u8>>,
}

/// A new admin and what his authenticator app needs.
#[derive(Clone)]
pub struct CreatedAdmin {
    /// His id.
    pub id: AdminId,
    /// Shown once.
    pub enrolment: Enrolment,
}

/// A sign-in.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct AdminCredentials {
    /// The address of the account.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Six digits from the app.
    pub code: String,
    /// For browsers: keep the session in a cookie that no script can read (`HttpOnly`, `SameSite=Strict`), so that
    /// `POST /v1/sessions/resume` gives the token again after a reload.
    #[oai(default)]
    pub cookie: bool,
}

/// Signed in.
#[derive(Object, Clone)]
pub struct AdminTokens {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// How long it is valid, in seconds.
    pub expires_in: i64,
    /// Who signed in.
    pub admin: Admin,
}

/// An authenticated admin.
#[derive(Debug, Clone)]
pub struct AdminPrincipal {
    /// Who.
    pub id: AdminId,
    /// His name.
    pub name: String,
    /// His role's key.
    pub role: String,
    /// His session.
    pub session: Uuid,
    /// What he may do, over every permission of the program.
    pub grants: Arc<Grants>,
}

impl AdminPrincipal {
    /// For events.
    pub fn actor(&self) -> Actor {
        Actor { kind: ActorKind::Admin, id: Some(self.id.0), on_behalf_of: None }
    }
}
