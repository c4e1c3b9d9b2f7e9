//! Statements on `form_stats`.
use super::model::{Count, FormDay, FormName, SentCount};
use crate::{
    forms::{db::Owners, settings::FormId},
    submissions::db::Deleted,
};
use chrono::{Days, NaiveDate};
use kernel::{Result, Tx, db::Sql, sql};

/// Adds what one visitor did. Only steps and fields of the version are counted, so a visitor can fill no table; the rows
/// are touched in one order, so that two visitors never wait for each other in a circle.
pub(crate) async fn count(
    tx: &mut Tx,
    widget: &str,
    version: i32,
    what: &[&str],
    keys: &[&str],
    shard: i16,
) -> Result<u64> {
    const COUNT: Sql = sql!(
        "insert into form_stats as s (form_id, form_version, day, what, key, shard, count)
         select v.form_id, v.number, ($5::timestamptz at time zone $6)::date, e.what, e.key, $7, count(*)
         from forms f join form_versions v on v.form_id = f.id and v.number = $2
         cross join unnest($3::text[], $4::text[]) as e(what, key)
         where f.widget_id = $1 and f.state = 'published' and case
           when e.what = 'start' then e.key = ''
           when e.what = 'step' then jsonb_path_exists(v.definition, '$.steps[*] ? (@.key == $k)', jsonb_build_object('k', e.key))
           when e.what in ('field', 'error') then jsonb_path_exists(v.definition, '$.steps[*].fields[*] ? (@.key == $k)', jsonb_build_object('k', e.key))
           else false end
         group by v.form_id, v.number, e.what, e.key order by e.what, e.key
         on conflict (form_id, form_version, day, what, key, shard) do update set count = s.count + excluded.count"
    );
    let (now, zone) = (tx.now(), tx.tenant().zone.clone());
    tx.exec(COUNT, &[&widget, &version, &what, &keys, &now, &zone, &shard]).await
}

/// Remembers that a submission was there, now that it is deleted.
pub(crate) async fn count_deleted(tx: &mut Tx, gone: &Deleted) -> Result<()> {
    const DELETED: Sql = sql!(
        "insert into form_stats as s (form_id, form_version, day, what, key, shard, count)
         values ($1, $2, ($3::timestamptz at time zone $4)::date, 'deleted', '', 0, 1)
         on conflict (form_id, form_version, day, what, key, shard) do update set count = s.count + 1"
    );
    let zone = tx.tenant().zone.clone();
    tx.exec_one(DELETED, &[&gone.form, &gone.form_version, &gone.created_at, &zone]).await
}

/// Counters of a form, of one version or of all.
pub(crate) async fn counts(
    tx: &mut Tx,
    form: FormId,
    version: Option<i32>,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Count>> {
    const COUNTS: Sql = sql!(
        "select day, what, key, sum(count)::bigint as count from form_stats
         where form_id = $1 and ($2::int is null or form_version = $2) and day between $3 and $4 group by day, what, key"
    );
    tx.rows(COUNTS, &[&form, &version, &from, &to]).await
}

/// What was sent with a form, of one version or of all.
pub(crate) async fn sent(
    tx: &mut Tx,
    form: FormId,
    version: Option<i32>,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<SentCount>> {
    const SENT: Sql = sql!(
        "select (created_at at time zone $5)::date as day, state, count(*) as count, percentile_cont(0.5) within group (order by filled_ms::float8) as median_ms
         from submissions
         where form_id = $1 and ($2::int is null or form_version = $2)
           and created_at >= $3 and created_at < $4
         group by 1, 2"
    );
    let (here, zone) = (tx.here(), tx.tenant().zone.clone());
    tx.rows(SENT, &[&form, &version, &here.begin(from), &here.begin(to + Days::new(1)), &zone]).await
}

/// Forms in reach with what waits for a decision; the latest two hundred.
pub(crate) async fn forms(tx: &mut Tx, owners: &Owners) -> Result<Vec<FormName>> {
    const FORMS: Sql = sql!(
        "select f.id, f.name, f.state, f.widget_id as widget, coalesce(w.waiting, 0) as waiting
         from forms f left join (
           select s.form_id, count(*) as waiting from submissions s where s.state = 'quarantined' group by s.form_id) w on w.form_id = f.id
         where ($1::uuid[] is null or f.responsible = any($1)) order by f.updated_at desc, f.id desc limit 200"
    );
    tx.rows(FORMS, &[owners]).await
}

/// What these forms did since a day, by days in the tenant's time zone.
pub(crate) async fn by_day(tx: &mut Tx, forms: &[uuid::Uuid], from: NaiveDate) -> Result<Vec<FormDay>> {
    const BY_DAY: Sql = sql!(
        "select d.form, d.day, sum(d.starts)::bigint as starts, sum(d.answers)::bigint as answers from (
           select s.form_id as form, s.day, s.count as starts, 0::bigint as answers from form_stats s
           where s.form_id = any($1) and s.day >= $2 and s.what = 'start'
           union all
           select a.form_id, (a.created_at at time zone $3)::date, 0, 1 from submissions a
           where a.form_id = any($1) and a.state <> 'spam' and a.created_at >= $4) d
         group by d.form, d.day"
    );
    let (since, zone) = (tx.here().begin(from), tx.tenant().zone.clone());
    tx.rows(BY_DAY, &[&forms, &from, &zone, &since]).await
}
