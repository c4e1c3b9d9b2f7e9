//! Deals gone through for custom fields.
use super::LIST;
use crate::deals::model::{Deal, DealId};
use fields::Custom;
use kernel::{
    Result, Tx,
    db::{Clause, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// How many there are; deleted ones are not.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.value(sql!("select count(*) from deals where deleted_at is null"), &[]).await
}

/// The next deals in the order of their ids, deleted ones too, locked.
pub async fn after(tx: &mut Tx, after: Option<Uuid>, limit: i64) -> Result<Vec<Deal>> {
    const LOCK: Sql =
        sql!("select d.id from deals d where $1::uuid is null or d.id > $1 order by d.id limit $2 for update");
    const ANY: ListSpec = ListSpec { always: "", default_sort: "created_at", ..LIST };
    let ids: Vec<DealId> = tx.values(LOCK, &[&after, &limit]).await?;
    let all = ListQuery { limit: Some(200), ..ListQuery::default() };
    let page: Page<Deal> = tx.list(&ANY, &all, &[Clause("d.id = any(?)", &ids, Type::UUID_ARRAY)]).await?;
    Ok(page.items)
}

/// Writes values of custom fields of locked deals; `ids` and `customs` pair up.
pub async fn set_custom(tx: &mut Tx, ids: &[Uuid], customs: &[Custom]) -> Result<()> {
    const SET: Sql = sql!(
        "update deals d set custom = n.custom, version = d.version + 1 from unnest($1::uuid[], $2::jsonb[]) as n(id, custom) where d.id = n.id"
    );
    tx.exec(SET, &[&ids, &customs]).await.map(|_| ())
}

/// Takes a value of a custom field away from deals.
pub async fn strip_custom(tx: &mut Tx, ids: &[Uuid], key: &str) -> Result<()> {
    const STRIP: Sql = sql!("update deals set custom = custom - $2::text, version = version + 1 where id = any($1)");
    tx.exec(STRIP, &[&ids, &key]).await.map(|_| ())
}
