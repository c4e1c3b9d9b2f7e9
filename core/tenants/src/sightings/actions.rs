//! Reading sightings together with what is allowed.
use super::{
    db,
    model::{Met, Shown, Sightings},
};
use crate::{origins, widgets};
use chrono::{NaiveDate, TimeDelta};
use kernel::{ControlTx, Error, Result, embed::Origin, ids::TenantId};

/// Where a widget was met in the last days.
pub(crate) async fn list(tx: &mut ControlTx, tenant: TenantId, widget: &str, days: u32) -> Result<Sightings> {
    if !(1..=90).contains(&days) {
        return Err(Error::invalid("/days", "days_range", "days goes from 1 to 90."));
    }
    let id = widgets::actions::parse(widget)?;
    widgets::db::get(tx, tenant, id).await?;
    let entries = origins::actions::entries(tx, tenant, id).await?;
    let since = (tx.now() - TimeDelta::days(i64::from(days) - 1)).date_naive();
    let mut sightings = Sightings::default();
    for met in db::met(tx, id, since).await? {
        let allowed = Origin::claim(&met.origin).is_ok_and(|page| entries.iter().any(|entry| entry.matches(&page)));
        let list = if met.outcome == "seen" { &mut sightings.seen } else { &mut sightings.refused };
        list.push(Met { met, allowed });
    }
    Ok(sightings)
}

/// How often a widget was shown from the first to the last day (UTC); days without are left out. Older days than ninety
/// are forgotten.
pub async fn shown(tx: &mut ControlTx, widget: &str, from: NaiveDate, to: NaiveDate) -> Result<Vec<Shown>> {
    db::shown(tx, widget, from, to).await
}
