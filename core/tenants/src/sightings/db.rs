//! Statements on sightings.
use super::model::{Columns, MetRow, RefusedRow, Shown, ShownWidget};
use chrono::NaiveDate;
use kernel::{ControlTx, Result, embed::WidgetId, ids::TenantId, sql};

/// Adds a report. A widget has at most so many different websites a day: made-up ones must not fill the table.
pub(crate) async fn add(tx: &mut ControlTx, columns: &Columns) -> Result<()> {
    tx.exec(
        sql!(
            "insert into control.embed_sightings as s (tenant_id, widget_id, origin, outcome, day, count, first_at, last_at)
             select w.tenant_id, w.id, r.origin, r.outcome, (r.at at time zone 'UTC')::date, sum(r.count)::bigint, min(r.at), max(r.at)
             from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[]) as r (widget, origin, outcome, count, at)
             join control.widgets w on w.id = r.widget
             where (select count(*) from control.embed_sightings d
                 where d.widget_id = r.widget and d.day = (r.at at time zone 'UTC')::date) < 1000
               or exists (select 1 from control.embed_sightings d where d.widget_id = r.widget and d.origin = r.origin
                 and d.outcome = r.outcome and d.day = (r.at at time zone 'UTC')::date)
             group by w.tenant_id, w.id, r.origin, r.outcome, (r.at at time zone 'UTC')::date
             order by w.id, r.origin, r.outcome
             on conflict on constraint embed_sightings_pkey do update set count = s.count + excluded.count,
               first_at = least(s.first_at, excluded.first_at), last_at = greatest(s.last_at, excluded.last_at)"
        ),
        &[&columns.widgets, &columns.origins, &columns.outcomes, &columns.counts, &columns.times],
    )
    .await
    .map(|_| ())
}

/// Where a widget was met since a day, latest first.
pub(crate) async fn met(tx: &mut ControlTx, widget: WidgetId, since: NaiveDate) -> Result<Vec<MetRow>> {
    tx.rows(
        sql!(
            "select origin, outcome, sum(count)::bigint as count, min(first_at) as first_at, max(last_at) as last_at
             from control.embed_sightings where widget_id = $1 and day >= $2
             group by origin, outcome order by max(last_at) desc, origin limit 500"
        ),
        &[&widget.as_str(), &since],
    )
    .await
}

/// How often a widget was shown, by day (UTC).
pub(crate) async fn shown(tx: &mut ControlTx, widget: &str, from: NaiveDate, to: NaiveDate) -> Result<Vec<Shown>> {
    tx.rows(
        sql!(
            "select day, sum(count)::bigint as count from control.embed_sightings
             where widget_id = $1 and outcome = 'seen' and day between $2 and $3 group by day order by day"
        ),
        &[&widget, &from, &to],
    )
    .await
}

/// How often each of a tenant's widgets was shown since a day, by day (UTC).
pub(crate) async fn shown_by_widget(tx: &mut ControlTx, tenant: TenantId, from: NaiveDate) -> Result<Vec<ShownWidget>> {
    tx.rows(
        sql!(
            "select widget_id, day, sum(count)::bigint as count from control.embed_sightings
             where tenant_id = $1 and outcome = 'seen' and day >= $2 group by widget_id, day"
        ),
        &[&tenant, &from],
    )
    .await
}

/// Websites that were refused a tenant's widgets since a day, latest first.
pub(crate) async fn refused(tx: &mut ControlTx, tenant: TenantId, since: NaiveDate) -> Result<Vec<RefusedRow>> {
    tx.rows(
        sql!(
            "select s.widget_id, w.name as widget, s.origin, sum(s.count)::bigint as count, max(s.last_at) as last_at
             from control.embed_sightings s join control.widgets w on w.id = s.widget_id
             where s.tenant_id = $1 and s.outcome = 'refused' and s.day >= $2
             group by s.widget_id, w.name, s.origin order by max(s.last_at) desc, s.origin limit 500"
        ),
        &[&tenant, &since],
    )
    .await
}

/// Forgets what is older than a day.
pub(crate) async fn purge(tx: &mut ControlTx, before: NaiveDate) -> Result<u64> {
    tx.exec(
        sql!(
            "delete from control.embed_sightings where ctid = any (array(
               select ctid from control.embed_sightings where day < $1 limit 5000))"
        ),
        &[&before],
    )
    .await
}
