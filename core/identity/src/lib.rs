//! # Purpose
//! Who people and programs are and what they may do: sign-up, sign-in, sessions, second factors, members, teams, roles,
//! API keys and impersonation. Everything lives in the control plane, because a person belongs to several tenants.
//!
//! # Tables
//! control: users, sign_ups, sessions, refresh_tokens, known_devices, password_resets, email_changes, totp, recovery_codes, passkeys,
//! passkey_ceremonies, roles,
//! memberships, member_roles, teams, team_members, invitations, api_keys, impersonations, platform_admins,
//! admin_sessions.
//!
//! # Permissions
//! `identity.members.*`, `identity.teams.write`, `identity.roles.write`, `identity.api_keys.*`,
//! `identity.impersonate`, `identity.impersonations.*`. Special rights of other modules (`contacts.export`,
//! `contacts.mass_update`, …) are given or withheld everywhere at once by the patterns `*.export`, `*.mass_update`.
//!
//! # Events
//! `session.*`, `user.*`, `member.*`, `team.*`, `role.*`, `invitation.*`, `api_key.*`, `impersonation.*`; see
//! [`events`]. They are recorded in the control plane and carry ids only.
//!
//! # Invariants
//! - A refresh token works once; using it again ends its session.
//! - A session, key, membership or impersonation that ended stops working at once in this process and within milliseconds in
//!   the others; within ten seconds where a process lost its line to the database.
//! - Secrets are stored as hashes, or sealed when they must be read again; answers and timing do not tell whether an
//!   address is known.
//! - A challenge for a passkey is answered once, rightly or wrongly. Signing in with one always checks the person.
//! - An address becomes somebody's once its link was followed and the password given; of two who want one, a constraint decides.
//!   The link in the mail to the address before brings that one back for a week, with a new password, whatever happened since.
//! - Nobody gives more than he has; a tenant never loses its last owner through its own members.
//! - An impersonation never touches credentials, never starts another one and names both people on every event.
pub mod access;
pub mod admins;
pub mod api_keys;
pub mod email_changes;
pub mod events;
pub mod impersonations;
pub mod invitations;
pub mod members;
pub(crate) mod notices;
pub mod passkeys;
pub mod password_resets;
pub mod passwords;
pub mod principals;
pub mod roles;
pub mod sessions;
pub mod sign_ups;
pub mod teams;
pub mod totp;
pub mod users;

use kernel::{
    App, Module,
    jobs::{JobKind, Schedule},
};
use std::sync::Arc;

kernel::permissions! {
    /// See members, teams and roles.
    MembersRead = "identity.members.read",
    /// Invite members, change their roles and teams, remove them.
    MembersWrite = "identity.members.write",
    /// Make and change teams.
    TeamsWrite = "identity.teams.write",
    /// Make and change roles.
    RolesWrite = "identity.roles.write",
    /// See API keys (never their secrets).
    ApiKeysRead = "identity.api_keys.read",
    /// Make and revoke API keys.
    ApiKeysWrite = "identity.api_keys.write",
    /// Work in a client's account in the place of one of its members.
    Impersonate = "identity.impersonate",
    /// See who worked in this account in somebody's place, when and why.
    ImpersonationsRead = "identity.impersonations.read",
    /// End an impersonation of this account.
    ImpersonationsEnd = "identity.impersonations.end",
}

kernel::notices! {
    /// The account's trial ends soon.
    TRIAL_ENDING = "trial.ending" [InApp, Email, Push],
    /// The account's trial is over.
    TRIAL_ENDED = "trial.ended" [InApp, Email, Push],
    /// The console is served at an own domain.
    DOMAIN_ACTIVE = "domain.active" [InApp, Email, Push],
    /// The records of an own domain are gone: it is served for a week more.
    DOMAIN_FAILING = "domain.failing" always,
    /// An own domain is not looked for any more, and not served.
    DOMAIN_GIVEN_UP = "domain.given_up" always,
}

/// This module.
pub fn module() -> Module {
    Module {
        name: "identity",
        permissions: PERMISSIONS,
        notices: NOTICES,
        subscriptions: vec![notices::jobs::TRIALS, notices::jobs::DOMAINS],
        jobs: vec![
            JobKind::of::<sign_ups::SendSignUpMail>(),
            JobKind::of::<password_resets::SendPasswordReset>(),
            JobKind::of::<email_changes::SendEmailChange>(),
            JobKind::of::<sessions::SweepIdentity>(),
            JobKind::of::<notices::jobs::TellOfTrial>(),
            JobKind::of::<notices::jobs::TellOfDomain>(),
        ],
        schedules: vec![Schedule { name: "identity.sweep", every_seconds: 3600, kind: "SweepIdentity" }],
        ..Module::default()
    }
}

/// Makes the program know who asks. Call it once, before it serves.
pub fn install(app: &Arc<App>) {
    let principals = Arc::new(principals::actions::Principals::new(app));
    app.provide(principals.clone());
    app.provide(Arc::new(passwords::model::Hasher::default()));
    app.set_authenticator(principals);
}

/// The API of this module.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        (sign_ups::SignUpsApi, sessions::SessionsApi, password_resets::PasswordResetsApi, passwords::PasswordsApi),
        (totp::TotpApi, passkeys::PasskeysApi, users::UsersApi, members::MembersApi, teams::TeamsApi),
        (roles::RolesApi, access::AccessApi, invitations::InvitationsApi),
        (api_keys::ApiKeysApi, impersonations::ImpersonationsApi, email_changes::EmailChangesApi),
    )
}

/// Headings of this module's operations.
#[derive(Debug, poem_openapi::Tags)]
pub(crate) enum Tags {
    /// People, sign-in, members, roles, keys.
    Identity,
}
