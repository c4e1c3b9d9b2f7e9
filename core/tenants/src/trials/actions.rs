//! Giving days to try a plan, and telling of their end.
use super::{
    db,
    model::{Ending, TrialChoice},
};
use crate::{
    clients::{self, model::Client},
    tenants::{actions::tell, db::lock},
};
use kernel::{ControlTx, Result, ids::TenantId, tenancy::Tenant};
use serde_json::json;

/// Gives an account days of its own to try its plan, or those of its plan again.
pub async fn set(tx: &mut ControlTx, id: TenantId, choice: &TrialChoice) -> Result<()> {
    let tenant = lock(tx, id).await?;
    db::set(tx, id, choice.days).await?;
    tell(tx, &tenant, "tenant.trial_changed", "Days to try the plan changed", json!({"days": choice.days})).await
}

/// Gives one of an agency's clients days to try its plan.
pub(crate) async fn set_for_client(
    tx: &mut ControlTx,
    agency: &Tenant,
    id: TenantId,
    choice: &TrialChoice,
) -> Result<Client> {
    clients::db::get(tx, agency.id, id).await?;
    set(tx, id, choice).await?;
    clients::actions::get(tx, agency, id).await
}

/// Accounts whose owners should be told of their trial.
pub(crate) async fn due(tx: &mut ControlTx) -> Result<Vec<TenantId>> {
    let now = tx.now();
    let ending = db::ending(tx).await?;
    Ok(ending.into_iter().filter(|trial| trial.due(now).is_some()).map(|trial| trial.id).collect())
}

/// Tells of an account's trial, unless somebody did meanwhile or it ends at another time by now. Its log says so, and its
/// agency's; its owners are told by whoever knows them.
pub(crate) async fn tell_one(tx: &mut ControlTx, id: TenantId) -> Result<()> {
    let (tenant, now) = (lock(tx, id).await?, tx.now());
    let trial: Ending = db::get(tx, id).await?;
    let Some(days) = trial.due(now) else { return Ok(()) };
    db::set_told(tx, id, days).await?;
    let payload = json!({"days": days, "on": trial.day});
    match days {
        0 => tell(tx, &tenant, "tenant.trial_ended", "Trial over", payload).await,
        _ => tell(tx, &tenant, "tenant.trial_ending", "Trial ends soon", payload).await,
    }
}
