//! What sign-in takes and gives.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    ids::{TenantId, UserId},
    row,
};
use poem_openapi::Object;
use uuid::Uuid;

kernel::id!(SessionId, "ses", "A session's id.");

/// How long a refresh token is good for.
pub(crate) const REFRESH: TimeDelta = TimeDelta::days(7);
/// How long a second-factor challenge is good for.
pub(crate) const CHALLENGE: TimeDelta = TimeDelta::minutes(5);
/// Type of the signed challenge tokens.
pub(crate) const CHALLENGE_KIND: &str = "second-factor";
/// A repeated rotation under the same `Idempotency-Key` gets the same answer for this long.
pub(crate) const REPEAT: TimeDelta = TimeDelta::seconds(10);

/// What a challenge proves: this user gave the right password a moment ago.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct Challenge {
    pub user: Uuid,
    pub tenant: Uuid,
}

/// A sign-in.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct Credentials {
    /// The address of the account.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Where to work; the tenant worked in last when absent.
    pub tenant: Option<TenantId>,
    /// For browsers: keep the refresh token in a cookie that no script can read (`HttpOnly`, `SameSite=Strict`, for this
    /// API's sessions only) instead of in the answer. Refreshing then takes it from there.
    #[oai(default)]
    pub cookie: bool,
}

/// The second step of a sign-in.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct SecondFactor {
    /// From the first step.
    pub challenge: String,
    /// Six digits from the app, or a recovery code.
    pub code: String,
    /// As in the first step.
    #[oai(default)]
    pub cookie: bool,
}

/// A refresh.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token; it works once. Absent: the one in the cookie, and the next one goes there too.
    pub refresh_token: Option<String>,
    /// Where to work from now on; as before when absent.
    pub tenant: Option<TenantId>,
}

/// A switch to another tenant.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct Switch {
    /// One of the own memberships.
    pub tenant: TenantId,
}

/// Signed in.
#[derive(Object, Clone)]
pub struct Tokens {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// How long it is valid, in seconds.
    pub expires_in: i64,
    /// Send it to `POST /v1/sessions/refresh` before the access token expires. Absent when it is kept in a cookie.
    #[oai(skip_serializing_if_is_none)]
    pub refresh_token: Option<String>,
    /// How long the refresh token is valid, in seconds.
    pub refresh_expires_in: i64,
    /// The session.
    pub session: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// Where he works.
    pub tenant: TenantId,
}

/// The password was right; now the second factor.
#[derive(Object, Clone)]
pub struct ChallengeAnswer {
    /// Send it with the code to `POST /v1/sessions/second-factor`.
    pub challenge: String,
    /// How long it is valid, in seconds.
    pub expires_in: i64,
}

/// An access token for another tenant.
#[derive(Object, Clone)]
pub struct Switched {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// How long it is valid, in seconds.
    pub expires_in: i64,
    /// Where he works now.
    pub tenant: TenantId,
}

row! {
    /// A sign-in on a device.
    #[derive(Object, Debug, Clone)]
    pub struct Session {
        /// Its id.
        pub id: SessionId,
        /// Where it works.
        pub tenant: TenantId,
        /// What the browser calls itself.
        pub user_agent: String,
        /// From which address it was started.
        pub ip: String,
        /// Whether a second factor was given.
        pub second_factor: bool,
        /// When it was started.
        pub created_at: DateTime<Utc>,
        /// When it was refreshed last.
        pub last_seen_at: DateTime<Utc>,
        /// When it ends unless it is refreshed.
        pub expires_at: DateTime<Utc>,
        /// The one that asks.
        pub current: bool,
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// Its user signed out.
    SignedOut,
    /// Its user signed out everywhere.
    Everywhere,
    /// A refresh token was used twice.
    Reuse,
    /// The password was changed.
    Password,
    /// The second factor was changed.
    SecondFactor,
    /// The person was kept out.
    Blocked,
}

impl Because {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Because::SignedOut => "signed_out",
            Because::Everywhere => "everywhere",
            Because::Reuse => "reuse",
            Because::Password => "password",
            Because::SecondFactor => "second_factor",
            Because::Blocked => "blocked",
        }
    }
}

/// Which device this looks like: what the browser calls itself, without version numbers, so that an update is no new one.
pub(crate) fn device(user_agent: &str) -> Vec<u8> {
    let stable: String = user_agent.chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect();
    kernel::crypto::sha256(stable.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_updated_browser_is_the_same_device() {
        assert_eq!(device("Mozilla/5.0 (X11) Firefox/140.0"), device("Mozilla/5.0 (X11) Firefox/141.0.2"));
        assert_ne!(device("Mozilla/5.0 (X11) Firefox/140.0"), device("Mozilla/5.0 (Macintosh) Firefox/140.0"));
    }
}
