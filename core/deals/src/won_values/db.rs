//! The statement behind what was won with people.
use super::model::WonValue;
use contacts::{ContactId, Owners};
use kernel::{Result, Tx, db::Sql, sql};

/// Sums of won deals that the owners `reach` have, of contacts that the owners `of` have. A sum beyond what a number of the API
/// can hold stays below it.
pub(super) async fn won(tx: &mut Tx, ids: &[ContactId], of: &Owners, reach: &Owners) -> Result<Vec<WonValue>> {
    const WON: Sql = sql!(
        "select c.id as contact, d.currency, least(sum(d.amount), 9007199254740991)::bigint as amount
         from contacts c join deal_contacts x on x.contact_id = c.id join deals d on d.id = x.deal_id
         where c.id = any($1) and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))
           and d.status = 'won' and d.deleted_at is null and ($3::uuid[] is null or d.owner_id = any($3))
         group by c.id, d.currency having sum(d.amount) > 0 order by c.id, d.currency"
    );
    tx.rows(WON, &[&ids, of, reach]).await
}
