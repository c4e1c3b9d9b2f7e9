//! Counting anew from the command line.
use kernel::{App, Result, ids::TenantId};
use std::sync::Arc;

/// Counts the logs of one tenant or of all anew; gives how many tenants were counted. One that stands still is left as
/// it is: nothing happens there.
pub async fn activity(app: &Arc<App>, only: Option<TenantId>) -> Result<usize> {
    let tenants = match only {
        Some(tenant) => vec![tenant],
        None => app.control(app.system("recount"), async |tx| tenants::tenants::all(tx).await).await?,
    };
    let mut counted = 0;
    for id in tenants {
        let tenant = app.tenant(id).await?;
        if tenant.check_state(true).is_err() {
            continue;
        }
        app.write(&tenant, app.system("recount"), async |tx| {
            let contacts = contacts::count(tx).await?;
            tenants::activity::recount(tx, contacts).await?;
            files::recount(tx).await
        })
        .await?;
        counted += 1;
    }
    Ok(counted)
}
