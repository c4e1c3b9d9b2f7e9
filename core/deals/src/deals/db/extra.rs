//! Statements on next steps and on where deals come from.
use crate::deals::{
    attribution::Touches,
    model::{DealId, DealRole},
};
use chrono::NaiveDate;
use contacts::ContactId;
use kernel::{Result, Tx, db::Sql, sql};

/// How these contacts came, in their order.
pub(in crate::deals) async fn touches(tx: &mut Tx, contacts: &[(ContactId, DealRole)]) -> Result<Vec<Touches>> {
    const TOUCHES: Sql = sql!(
        "select c.first_touch, c.last_touch from unnest($1::uuid[]) with ordinality as n(id, n) join contacts c on c.id = n.id order by n.n"
    );
    if contacts.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<ContactId> = contacts.iter().map(|(contact, _)| *contact).collect();
    tx.rows(TOUCHES, &[&ids]).await
}

/// The last day of which an owner was told, with the deal locked until the end of the transaction; nothing when it is gone.
pub(in crate::deals) async fn step_for_update(tx: &mut Tx, id: DealId) -> Result<Option<Option<NaiveDate>>> {
    const LOCK: Sql =
        sql!("select d.step_told_on from deals d where d.id = $1 and d.deleted_at is null for no key update");
    tx.value_opt(LOCK, &[&id]).await
}

/// The owner of a locked deal has been told of this day. Its version stays: nothing that anybody edits has changed.
pub(in crate::deals) async fn step_told(tx: &mut Tx, id: DealId, on: NaiveDate) -> Result<()> {
    const TOLD: Sql = sql!("update deals set step_told_on = $2 where id = $1");
    tx.exec_one(TOLD, &[&id, &on]).await
}
