use super::model::{Change, Month, RevenueAccount, RevenueMonth};
use kernel::{ControlTx, Result, sql};

/// What became of each of these months, in every currency that anybody paid in.
pub async fn months(tx: &mut ControlTx, of: &[Month]) -> Result<Vec<RevenueMonth>> {
    let sql = sql!(
        "select m.month, v.currency, sum(v.before_minor)::bigint as start_minor,
           coalesce(sum(v.after_minor) filter (where v.change = 'new'), 0)::bigint as new_minor,
           coalesce(sum(v.after_minor - v.before_minor) filter (where v.change = 'expansion'), 0)::bigint as expansion_minor,
           coalesce(sum(v.before_minor - v.after_minor) filter (where v.change = 'contraction'), 0)::bigint as contraction_minor,
           coalesce(sum(v.before_minor) filter (where v.change = 'lost'), 0)::bigint as lost_minor,
           sum(v.after_minor)::bigint as end_minor,
           count(*) filter (where v.before_minor > 0) as start_accounts, count(*) filter (where v.change = 'new') as new_accounts,
           count(*) filter (where v.change = 'expansion') as expansion_accounts,
           count(*) filter (where v.change = 'contraction') as contraction_accounts,
           count(*) filter (where v.change = 'lost') as lost_accounts, count(*) filter (where v.after_minor > 0) as end_accounts,
           bool_or(v.assumed) as assumed
         from unnest($1::date[], $2::timestamptz[], $3::timestamptz[]) as m (month, begins, ends)
         cross join lateral control.plan_moves(m.begins, m.ends) as v
         group by m.month, v.currency order by m.month, v.currency"
    );
    let month: Vec<_> = of.iter().map(|m| m.month).collect();
    let begins: Vec<_> = of.iter().map(|m| m.begins).collect();
    let ends: Vec<_> = of.iter().map(|m| m.ends).collect();
    tx.rows(sql, &[&month, &begins, &ends]).await
}

/// The accounts behind a month's figures, those with most money first: the first five hundred.
pub async fn accounts(
    tx: &mut ControlTx,
    month: Month,
    currency: Option<&str>,
    change: Option<Change>,
) -> Result<Vec<RevenueAccount>> {
    let sql = sql!(
        "select v.tenant_id, t.name, t.kind, a.name as parent_name, v.currency, v.before_minor, v.after_minor, v.change, v.assumed
         from control.plan_moves($1, $2) as v join control.tenants t on t.id = v.tenant_id
         left join control.tenants a on a.id = t.parent_id
         where ($3::text is null or v.currency = $3) and ($4::text is null or v.change = $4)
         order by greatest(v.before_minor, v.after_minor) desc, lower(t.name), t.id, v.currency limit 500"
    );
    tx.rows(sql, &[&month.begins, &month.ends, &currency, &change.map(Change::as_str)]).await
}
