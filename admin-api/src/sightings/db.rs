use super::model::{RefusedOrigin, SightingDay};
use chrono::NaiveDate;
use kernel::{ControlTx, Result, sql};

/// Days since one, oldest first.
pub async fn days(tx: &mut ControlTx, from: NaiveDate) -> Result<Vec<SightingDay>> {
    let sql = sql!(
        "select day, coalesce(sum(count) filter (where outcome = 'seen'), 0)::bigint as seen,
           coalesce(sum(count) filter (where outcome = 'refused'), 0)::bigint as refused
         from control.embed_sightings where day >= $1 group by day order by day"
    );
    tx.rows(sql, &[&from]).await
}

/// Websites that were refused most since a day.
pub async fn refused(tx: &mut ControlTx, from: NaiveDate) -> Result<Vec<RefusedOrigin>> {
    let sql = sql!(
        "select s.origin, s.tenant_id, t.name as tenant, w.name as widget, sum(s.count)::bigint as count, max(s.last_at) as last_at
         from control.embed_sightings s join control.tenants t on t.id = s.tenant_id join control.widgets w on w.id = s.widget_id
         where s.outcome = 'refused' and s.day >= $1
         group by s.origin, s.tenant_id, t.name, w.name order by sum(s.count) desc, s.origin, s.tenant_id limit 8"
    );
    tx.rows(sql, &[&from]).await
}
