use crate::access;
use identity::admins::model::{Admin, AdminPrincipal};
use kernel::{App, auth::Level};
use poem_openapi::Object;

/// Who works here, and where the consoles of others are.
#[derive(Object, Debug, Clone)]
pub struct CurrentSession {
    /// Who.
    pub admin: Admin,
    /// Permissions of the platform that his role has.
    pub permissions: Vec<String>,
    /// Where agencies and clients work: an impersonation goes on there.
    pub console_url: String,
    /// Version of this program.
    pub version: String,
}

impl CurrentSession {
    /// What a principal may, of what this program asks for.
    pub fn of(admin: Admin, principal: &AdminPrincipal, app: &App) -> Self {
        let may = |name: &str| principal.grants.level(name) > Level::No;
        let permissions = access::PERMISSIONS.iter().map(|p| p.name.to_owned()).filter(|name| may(name)).collect();
        let console_url = app.config.server.dashboard_url.clone();
        CurrentSession { admin, permissions, console_url, version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}
