//! Every statement on saved views.
use super::model::{NewSavedView, SavedView, SavedViewId};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    sql,
};
use uuid::Uuid;

/// Every view; the caller adds for whom.
pub const LIST: ListSpec = ListSpec {
    select: "select v.id, v.owner_id as owner, v.name, v.is_shared as shared, v.is_default as \"default\", v.q, v.is_deleted as deleted, \
        v.filter, v.sort, v.columns, v.position, v.created_at, v.updated_at, v.version from saved_views v",
    id: "v.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "v.name", kind: FieldKind::Text, sort: None },
        Field { name: "shared", sql: "v.is_shared", kind: FieldKind::Bool, sort: None },
        Field { name: "position", sql: "v.position", kind: FieldKind::Int, sort: Some("v.position") },
    ],
    default_sort: "position",
};

/// The view, if it is the reader's or everybody's.
pub async fn find(tx: &mut Tx, id: SavedViewId, reader: Option<Uuid>) -> Result<SavedView> {
    const FIND: Sql = sql!(
        "select id, owner_id as owner, name, is_shared as shared, is_default as \"default\", q, is_deleted as deleted, filter, sort, columns, position,
           created_at, updated_at, version
         from saved_views where id = $1 and (is_shared or owner_id = $2)"
    );
    tx.row(FIND, &[&id, &reader]).await
}

/// The same, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: SavedViewId, reader: Option<Uuid>) -> Result<SavedView> {
    const LOCK: Sql = sql!(
        "select id, owner_id as owner, name, is_shared as shared, is_default as \"default\", q, is_deleted as deleted, filter, sort, columns, position,
           created_at, updated_at, version
         from saved_views where id = $1 and (is_shared or owner_id = $2) for update"
    );
    tx.row(LOCK, &[&id, &reader]).await
}

/// A new view, at the end when it names no place.
pub async fn insert(tx: &mut Tx, id: SavedViewId, owner: Option<Uuid>, view: &NewSavedView) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into saved_views (id, owner_id, name, is_shared, is_default, q, is_deleted, filter, sort, columns, position, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, (select coalesce(max(position) + 1, 0) from saved_views)), $12, $12)"
    );
    let now = tx.now();
    let NewSavedView { name, shared, default, q, deleted, filter, sort, columns, position } = view;
    let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
        &[&id, &owner, name, shared, default, q, deleted, filter, sort, columns, position, &now];
    named(tx.exec_one(INSERT, values).await)
}

/// Writes a locked view.
pub async fn update(tx: &mut Tx, id: SavedViewId, view: &NewSavedView) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update saved_views set name = $2, is_shared = $3, is_default = $4, q = $5, is_deleted = $6, filter = $7, sort = $8, columns = $9,
           position = coalesce($10, position), updated_at = $11, version = version + 1 where id = $1"
    );
    let now = tx.now();
    let NewSavedView { name, shared, default, q, deleted, filter, sort, columns, position } = view;
    let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
        &[&id, name, shared, default, q, deleted, filter, sort, columns, position, &now];
    named(tx.exec_one(UPDATE, values).await)
}

fn named(done: Result<()>) -> Result<()> {
    let taken = || Error::conflict("view_name_taken", "There is a view of this name already.");
    let chosen = || Error::conflict("view_default_taken", "Somebody chose another view to open first. Try again.");
    done.on_constraint("saved_views_own_name_key", taken)
        .on_constraint("saved_views_shared_name_key", taken)
        .on_constraint("saved_views_own_default_key", chosen)
        .on_constraint("saved_views_shared_default_key", chosen)
}

/// Another view is opened first from now on: among a person's own, or among those everybody has.
pub async fn clear_default(tx: &mut Tx, but: SavedViewId, shared: bool, owner: Option<Uuid>) -> Result<()> {
    const CLEAR: Sql = sql!(
        "update saved_views set is_default = false, updated_at = $4, version = version + 1
         where is_default and id <> $1 and is_shared = $2 and (is_shared or owner_id = $3)"
    );
    let now = tx.now();
    tx.exec(CLEAR, &[&but, &shared, &owner, &now]).await.map(|_| ())
}

/// Makes every view that narrows to a tag of one name narrow to another one.
pub async fn rename_tag(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    const RENAME: Sql = sql!(
        "update saved_views set version = version + 1, updated_at = $3,
           filter = array(select case when f.said = 'tag:has:' || $1::text then 'tag:has:' || $2::text else f.said end
             from unnest(filter) with ordinality as f(said, n) order by f.n)
         where filter @> array['tag:has:' || $1::text]"
    );
    let now = tx.now();
    tx.exec(RENAME, &[&from, &to, &now]).await.map(|_| ())
}

/// Removes a view.
pub async fn delete(tx: &mut Tx, id: SavedViewId) -> Result<()> {
    const DELETE: Sql = sql!("delete from saved_views where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}
