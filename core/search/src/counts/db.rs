//! The one statement that counts, put together from constant pieces: one round trip, and each kind is planned for whose records
//! are meant.
use super::model::{Asked, Counts, MOST};
use contacts::Owners;
use kernel::{Result, Tx, db::Composed};
use tasks::{day_of, day_start, zone_of};
use tokio_postgres::types::Type;

/// What waits, of everything that is asked for.
pub(super) async fn counts(tx: &mut Tx, asked: &Asked) -> Result<Counts> {
    let (now, zone) = (tx.now(), zone_of(&tx.tenant().zone));
    let today = day_of(now, zone);
    let tomorrow = day_start(today + chrono::Days::new(1), zone);
    let mut all =
        Composed::new("select w.name, w.count from (select null::text as name, null::bigint as count where false");
    if let Some(owners) = &asked.tasks {
        all.add(" union all select 'tasks', count(*) from (select from tasks t where t.deleted_at is null and t.status = 'open'");
        all.add(" and coalesce(t.agenda_at, '9999-12-31T00:00:00Z'::timestamptz) < ").bind(tomorrow, Type::TIMESTAMPTZ);
        if let Some(owners) = owners {
            all.add(" and (t.assignee_id = any(").bind(owners.clone(), Type::UUID_ARRAY);
            all.add(") or (t.collaborators <> '{}' and t.collaborators && ");
            all.bind(owners.clone(), Type::UUID_ARRAY).add("))");
        }
        bounded(&mut all);
    }
    if let Some(owners) = &asked.deals {
        // Each half along an index of its own: of hundreds of thousands that are open a few may wait.
        all.add(" union all select 'deals', count(*) from (select from ((select d.id from deals d");
        all.add(" where d.deleted_at is null and d.status = 'open' and d.expected_close < ").bind(today, Type::DATE);
        of_owner(&mut all, " and d.owner_id = any(", owners);
        all.add(" order by d.expected_close limit ").bind(MOST, Type::INT8);
        all.add(") union select q.id from pipelines p cross join lateral (select d.id from deals d");
        all.add(" where d.pipeline_id = p.id and d.deleted_at is null and d.status = 'open' and d.touched_at <= ");
        all.bind(now, Type::TIMESTAMPTZ).add(" - make_interval(days => p.quiet_days::int)");
        of_owner(&mut all, " and d.owner_id = any(", owners);
        all.add(" order by d.touched_at limit ").bind(MOST, Type::INT8).add(") q) w");
        bounded(&mut all);
    }
    if let Some(owners) = &asked.submissions {
        all.add(" union all select 'submissions', count(*) from (select from submissions s join forms f on f.id = s.form_id");
        all.add(" where s.state = 'quarantined'");
        of_owner(&mut all, " and f.responsible = any(", owners);
        bounded(&mut all);
    }
    if let Some(user) = asked.notifications {
        all.add(" union all select 'notifications', count(*) from (select from notifications n where n.user_id = ");
        all.bind(user, Type::UUID).add(" and n.read_at is null and n.archived_at is null and n.shown");
        bounded(&mut all);
    }
    all.add(") w");
    tx.composed_rows(&all).await.map(|counted| Counts::of(&counted))
}

fn bounded(all: &mut Composed) {
    all.add(" limit ").bind(MOST, Type::INT8).add(") x");
}

fn of_owner(all: &mut Composed, condition: &'static str, owners: &Owners) {
    if let Some(owners) = owners {
        all.add(condition).bind(owners.clone(), Type::UUID_ARRAY).add(")");
    }
}
