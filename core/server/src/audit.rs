//! Checking the audit logs from the command line.
use kernel::{App, Result, ids::TenantId};
use privacy::Verification;
use std::sync::Arc;

/// A tenant with what the check of its log found.
pub struct Checked {
    /// Whose log.
    pub tenant: TenantId,
    /// What was found.
    pub found: Verification,
}

impl Checked {
    /// One line for people: what holds, or where it breaks first.
    pub fn line(&self) -> String {
        let Verification { checked, root, broken_at, problem, .. } = &self.found;
        match problem {
            None => format!("{} ok {checked} {}", self.tenant, root.as_deref().unwrap_or("-")),
            Some(problem) => format!("{} BROKEN at {} ({problem})", self.tenant, broken_at.unwrap_or(checked + 1)),
        }
    }
}

/// Recomputes the hash chain of one tenant's log, or of every tenant's.
pub async fn verify(app: &Arc<App>, only: Option<TenantId>) -> Result<Vec<Checked>> {
    let tenants = match only {
        Some(tenant) => vec![tenant],
        None => app.control(app.system("verify-audit"), async |tx| tenants::tenants::all(tx).await).await?,
    };
    let mut checked = vec![];
    for id in tenants {
        let tenant = app.tenant(id).await?;
        checked.push(Checked { tenant: id, found: privacy::verify_audit(app, &tenant, None).await? });
    }
    Ok(checked)
}
