//! An impersonation.
use chrono::{DateTime, Utc};
use kernel::{
    error::FieldProblem,
    ids::{TenantId, UserId},
    row,
};
use poem_openapi::Object;

kernel::id!(ImpersonationId, "imp", "An impersonation's id.");

/// Longest impersonation, in minutes.
pub const LONGEST_MINUTES: i64 = 60;

row! {
    /// Somebody worked in a tenant in the place of one of its members.
    #[derive(Object, Debug, Clone)]
    pub struct Impersonation {
        /// Its id.
        pub id: ImpersonationId,
        /// Where.
        pub tenant: TenantId,
        /// The agency he came from; absent for the platform.
        pub home: Option<TenantId>,
        /// `user` or `admin` (of the platform).
        pub impersonator_kind: String,
        /// His name.
        pub impersonator: String,
        /// In whose place; absent: of the tenant as a whole.
        pub member: Option<UserId>,
        /// Why.
        pub reason: String,
        /// Whether he might change things; otherwise he only looked.
        pub may_act: bool,
        /// When it began.
        pub created_at: DateTime<Utc>,
        /// When it ends by itself.
        pub expires_at: DateTime<Utc>,
        /// When somebody ended it.
        pub ended_at: Option<DateTime<Utc>>,
    }
}

row! {
    /// An impersonation, as the platform sees it.
    #[derive(Object, Debug, Clone)]
    pub struct ImpersonationView {
        /// Its id.
        pub id: ImpersonationId,
        /// Where.
        pub tenant: TenantId,
        /// The name of the account.
        pub tenant_name: String,
        /// `user` (of the account's agency) or `admin` (of the platform).
        pub impersonator_kind: String,
        /// His name.
        pub impersonator: String,
        /// In whose place; absent: of the account as a whole.
        pub member: Option<String>,
        /// Why.
        pub reason: String,
        /// Whether he might change things; otherwise he only looked.
        pub may_act: bool,
        /// When it began.
        pub created_at: DateTime<Utc>,
        /// When it ends by itself.
        pub expires_at: DateTime<Utc>,
        /// When somebody ended it.
        pub ended_at: Option<DateTime<Utc>>,
    }
}

/// An impersonation to start.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewImpersonation {
    /// Where: one of your clients.
    pub tenant: TenantId,
    /// In whose place; of the tenant as a whole when absent.
    pub member: Option<UserId>,
    /// Why, for the tenant to read: at least 10 characters.
    pub reason: String,
    /// Whether you mean to change things; otherwise you only look.
    #[oai(default)]
    pub may_act: bool,
    /// For how long: 1 to 60.
    pub minutes: i64,
}

/// A started impersonation. The token cannot be renewed.
#[derive(Object, Clone)]
pub struct Started {
    /// The impersonation.
    pub impersonation: Impersonation,
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// How long it is valid, in seconds.
    pub expires_in: i64,
}

/// Checks what was asked for.
pub(crate) fn check(new: &NewImpersonation) -> Vec<FieldProblem> {
    let mut problems = vec![];
    let mut refuse = |field: &str, code: &str, detail: &str| {
        problems.push(FieldProblem { field: field.into(), code: code.into(), detail: detail.into() });
    };
    let reason = new.reason.trim().chars().count();
    if reason < 10 {
        refuse("/reason", "reason_short", "Say why, in at least 10 characters.");
    }
    if reason > 1000 {
        refuse("/reason", "too_long", "Take at most 1000 characters.");
    }
    if !(1..=LONGEST_MINUTES).contains(&new.minutes) {
        refuse("/minutes", "minutes_range", "Take 1 to 60 minutes.");
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_and_a_limit_are_needed() {
        let new = |reason: &str, minutes| NewImpersonation {
            tenant: TenantId(kernel::uuid::Uuid::nil()),
            member: None,
            reason: reason.into(),
            may_act: false,
            minutes,
        };
        assert!(check(&new("Ticket 4711: form", 60)).is_empty());
        assert_eq!(check(&new("  because   ", 61)).len(), 2);
        assert_eq!(check(&new("Ticket 4711: form", 0)).len(), 1);
    }
}
