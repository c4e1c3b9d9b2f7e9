//! Every statement on tags.
use super::model::{NewTag, Tag, TagId};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    row, sql,
};
use std::collections::BTreeSet;

/// Every tag.
pub const LIST: ListSpec = ListSpec {
    select: "select t.id, t.name, t.colour, t.description, null::bigint as contacts, t.created_at, t.updated_at, t.version from tags t",
    id: "t.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "t.name", kind: FieldKind::Text, sort: Some("t.name collate \"C\"") },
        Field { name: "created_at", sql: "t.created_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    ],
    default_sort: "name",
};

/// The tag.
pub async fn find(tx: &mut Tx, id: TagId) -> Result<Tag> {
    const FIND: Sql = sql!(
        "select id, name, colour, description, null::bigint as contacts, created_at, updated_at, version from tags where id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// How many contacts carry the tag, by its name or by one that they carry still.
pub async fn count(tx: &mut Tx, id: TagId) -> Result<i64> {
    const COUNT: Sql = sql!(
        "select count(*) from contacts c where c.deleted_at is null and c.tags && array(
           select t.name from tags t where t.id = $1 union all select r.name from tag_runs r where r.tag_id = $1)"
    );
    tx.value(COUNT, &[&id]).await
}

/// The tag, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: TagId) -> Result<Tag> {
    const LOCK: Sql = sql!(
        "select id, name, colour, description, null::bigint as contacts, created_at, updated_at, version from tags where id = $1 for update"
    );
    tx.row(LOCK, &[&id]).await
}

/// A new tag.
pub async fn insert(tx: &mut Tx, id: TagId, tag: &NewTag) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into tags (id, name, colour, description, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)"
    );
    let now = tx.now();
    tx.exec_one(INSERT, &[&id, &tag.name, &tag.colour, &tag.description, &now])
        .await
        .on_constraint("tags_name_key", taken)
}

/// Writes a locked tag.
pub async fn update(tx: &mut Tx, id: TagId, tag: &NewTag) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update tags set name = $2, colour = $3, description = $4, updated_at = $5, version = version + 1 where id = $1"
    );
    let now = tx.now();
    tx.exec_one(UPDATE, &[&id, &tag.name, &tag.colour, &tag.description, &now])
        .await
        .on_constraint("tags_name_key", taken)
}

fn taken() -> Error {
    Error::conflict("tag_name_taken", "There is a tag of this name already.")
}

/// Removes a tag from the vocabulary.
pub async fn delete(tx: &mut Tx, id: TagId) -> Result<()> {
    const DELETE: Sql = sql!("delete from tags where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}

/// The names as the vocabulary spells them; unknown ones are missing.
pub async fn known(tx: &mut Tx, names: &[String]) -> Result<Vec<String>> {
    const KNOWN: Sql = sql!(
        "select distinct t.name collate \"C\" from unnest($1::text[]) as w(name) join tags t on lower(t.name) = lower(w.name) order by 1"
    );
    tx.values(KNOWN, &[&names]).await
}

/// Adds the names that no tag has; a name that somebody else adds at the same time is his.
pub async fn insert_missing(tx: &mut Tx, ids: &[TagId], names: &[String]) -> Result<()> {
    const INSERT_MISSING: Sql = sql!(
        "insert into tags (id, name, created_at, updated_at) select w.id, w.name, $3, $3 from unnest($1::uuid[], $2::text[]) as w(id, name)
         on conflict (lower(name)) do nothing"
    );
    let now = tx.now();
    tx.exec(INSERT_MISSING, &[&ids, &names, &now]).await.map(|_| ())
}

/// Ids of tags by their names, or by names that contacts carry still.
pub async fn ids(tx: &mut Tx, names: &[&String]) -> Result<Vec<TagId>> {
    Ok(by_name(tx, names).await?.into_iter().map(|word| word.id).collect::<BTreeSet<_>>().into_iter().collect())
}

row! {
    /// A tag and what it is called.
    pub struct Word {
        pub id: TagId,
        pub name: String,
    }
}

/// Tags of these names, in any spelling, and of names that contacts carry still.
pub async fn by_name(tx: &mut Tx, names: &[&String]) -> Result<Vec<Word>> {
    const BY_NAME: Sql = sql!(
        "select t.id, t.name from tags t where lower(t.name) in (select lower(w.name) from unnest($1::text[]) as w(name))
         union all
         select r.tag_id, r.name from tag_runs r where r.tag_id is not null
           and lower(r.name) in (select lower(w.name) from unnest($1::text[]) as w(name))
           and not exists (select from tags t where lower(t.name) = lower(r.name))"
    );
    tx.rows(BY_NAME, &[&names]).await
}
