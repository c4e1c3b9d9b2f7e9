//! Kinds of events this module records. Payloads carry ids and names of fields only.

/// Somebody signed in on a device.
pub const SESSION_STARTED: &str = "session.started";
/// A session was ended; payload `because`.
pub const SESSION_ENDED: &str = "session.ended";
/// A refresh token was used twice, so its session was ended.
pub const SESSION_REUSE_DETECTED: &str = "session.reuse_detected";
/// A user exists.
pub const USER_CREATED: &str = "user.created";
/// A user's own data changed; payload `fields`.
pub const USER_UPDATED: &str = "user.updated";
/// Somebody asked for another address to sign in with.
pub const USER_EMAIL_CHANGE_ASKED: &str = "user.email_change_asked";
/// He wants to keep his address after all.
pub const USER_EMAIL_CHANGE_CANCELLED: &str = "user.email_change_cancelled";
/// Somebody signs in with another address from now on.
pub const USER_EMAIL_CHANGED: &str = "user.email_changed";
/// The address of before is in force again: its reader said that it was not him who changed it.
pub const USER_EMAIL_REVERTED: &str = "user.email_reverted";
/// A password was changed; payload `by` (`user` or `reset`).
pub const USER_PASSWORD_CHANGED: &str = "user.password_changed";
/// The second factor was switched on, off, or got new recovery codes; payload `change`.
pub const USER_SECOND_FACTOR_CHANGED: &str = "user.second_factor_changed";
/// A passkey was added.
pub const PASSKEY_ADDED: &str = "passkey.added";
/// A passkey got another name.
pub const PASSKEY_RENAMED: &str = "passkey.renamed";
/// A passkey was removed.
pub const PASSKEY_REMOVED: &str = "passkey.removed";
/// A passkey's counter went back: a copy of it may exist.
pub const PASSKEY_COPIED: &str = "passkey.copied";
/// A person was kept out everywhere.
pub const USER_BLOCKED: &str = "user.blocked";
/// A person was let in again.
pub const USER_UNBLOCKED: &str = "user.unblocked";
/// Somebody became a member.
pub const MEMBER_ADDED: &str = "member.added";
/// A member's roles, teams, name or state changed; payload `fields`.
pub const MEMBER_UPDATED: &str = "member.updated";
/// A member was removed.
pub const MEMBER_REMOVED: &str = "member.removed";
/// A team exists.
pub const TEAM_CREATED: &str = "team.created";
/// A team's name or members changed; payload `fields`.
pub const TEAM_UPDATED: &str = "team.updated";
/// A team was deleted.
pub const TEAM_DELETED: &str = "team.deleted";
/// A role exists.
pub const ROLE_CREATED: &str = "role.created";
/// A role changed; payload `fields`.
pub const ROLE_UPDATED: &str = "role.updated";
/// A role was deleted.
pub const ROLE_DELETED: &str = "role.deleted";
/// Somebody was invited.
pub const INVITATION_CREATED: &str = "invitation.created";
/// An invitation was accepted.
pub const INVITATION_ACCEPTED: &str = "invitation.accepted";
/// An invitation got a new link, and the one before ended.
pub const INVITATION_RESENT: &str = "invitation.resent";
/// An invitation was taken back.
pub const INVITATION_REVOKED: &str = "invitation.revoked";
/// An API key exists.
pub const API_KEY_CREATED: &str = "api_key.created";
/// An API key's name changed.
pub const API_KEY_UPDATED: &str = "api_key.updated";
/// An API key was revoked.
pub const API_KEY_REVOKED: &str = "api_key.revoked";
/// Somebody works in somebody else's place from now on.
pub const IMPERSONATION_STARTED: &str = "impersonation.started";
/// An impersonation was ended.
pub const IMPERSONATION_ENDED: &str = "impersonation.ended";
/// A platform admin exists.
pub const ADMIN_CREATED: &str = "admin.created";
/// A platform admin signed in.
pub const ADMIN_SIGNED_IN: &str = "admin.signed_in";
/// A platform admin signed out.
pub const ADMIN_SIGNED_OUT: &str = "admin.signed_out";
/// A platform admin was kept out.
pub const ADMIN_BLOCKED: &str = "admin.blocked";
/// A platform admin was let in again.
pub const ADMIN_UNBLOCKED: &str = "admin.unblocked";
