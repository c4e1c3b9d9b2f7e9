//! Reading sightings together with what is allowed.
use super::{
    db,
    model::{Met, Shown, ShownWidget, Sightings, WidgetFigures},
};
use crate::{origins, widgets};
use chrono::{Days, NaiveDate, TimeDelta};
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

/// How often each of a tenant's widgets was shown since a day, by days in UTC; days without are left out.
pub async fn shown_by_widget(tx: &mut ControlTx, tenant: TenantId, from: NaiveDate) -> Result<Vec<ShownWidget>> {
    db::shown_by_widget(tx, tenant, from).await
}

/// How all of a tenant's widgets were met lately: three statements, however many there are.
pub(crate) async fn figures(tx: &mut ControlTx, tenant: TenantId) -> Result<WidgetFigures> {
    let today = tx.now().date_naive();
    let shown = db::shown_by_widget(tx, tenant, today - Days::new(13)).await?;
    let mut refused = db::refused(tx, tenant, today - Days::new(6)).await?;
    let allowed = origins::actions::entries_of_all(tx, tenant).await?;
    refused.retain(|met| {
        let page = Origin::claim(&met.origin);
        let mut ours = allowed.iter().filter(|(widget, _)| widget.as_ref().is_none_or(|id| *id == met.widget_id));
        !page.is_ok_and(|page| ours.any(|(_, entry)| entry.matches(&page)))
    });
    refused.truncate(50);
    Ok(WidgetFigures::of(today, &shown, refused))
}
