//! Statements on trees of companies. Who changes a tree keeps it free of circles; a walk ends on one all the same.
use super::model::{CompanyAbove, MOST, Sums};
use crate::companies::CompanyId;
use contacts::Owners;
use kernel::{Result, Tx, db::Sql, sql};

/// The companies above one, the highest first.
pub(super) async fn above(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<Vec<CompanyAbove>> {
    const ABOVE: Sql = sql!(
        "with recursive up as (
           select c.id, c.parent_id, 0 as step from companies c where c.id = $1
           union all select p.id, p.parent_id, u.step + 1 from up u join companies p on p.id = u.parent_id
         ) cycle id set is_again using way
         select u.id, case when c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2)) then c.name end as name
         from up u join companies c on c.id = u.id where u.step > 0 and not u.is_again order by u.step desc"
    );
    tx.rows(ABOVE, &[&id, owners]).await
}

/// What a company and all below it are worth, by currency. A sum beyond what a number of the API can hold stays below it.
pub(super) async fn below(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<Vec<Sums>> {
    const BELOW: Sql = sql!(
        "with recursive down as (
           select c.id from companies c where c.id = $1
           union all select s.id from down d join companies s on s.parent_id = d.id where s.deleted_at is null
         ) cycle id set is_again using way,
         picked as (select d.id from down d where not d.is_again limit $3::bigint + 2),
         seen as (
           select c.id, c.value_currency, c.lifetime_value, c.contract_value, c.recurring_revenue,
             ($2::uuid[] is null or c.owner_id = any($2)) as is_seen
           from picked s join companies c on c.id = s.id)
         select s.value_currency as currency, count(*) filter (where s.is_seen and s.id <> $1) as companies,
           count(*) filter (where s.id <> $1) as looked_at,
           least(coalesce(sum(s.lifetime_value) filter (where s.is_seen), 0), 9007199254740991)::bigint as lifetime_value,
           least(coalesce(sum(s.contract_value) filter (where s.is_seen), 0), 9007199254740991)::bigint as contract_value,
           least(coalesce(sum(s.recurring_revenue) filter (where s.is_seen), 0), 9007199254740991)::bigint as recurring_revenue
         from seen s group by s.value_currency order by s.value_currency"
    );
    tx.rows(BELOW, &[&id, owners, &MOST]).await
}
