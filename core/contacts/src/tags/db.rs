//! Every statement on tags.
use super::model::{NewTag, Tag, TagId};
use crate::contacts::{ContactId, Owners};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListQuery, ListSpec, Sql},
    ids::new_uuid,
    row, sql,
};
use std::collections::HashMap;

/// Every tag.
pub const LIST: ListSpec = ListSpec {
    select: "select t.id, t.name, t.colour, t.description, \
        array(select a.name from tag_aliases a where a.tag_id = t.id order by a.name collate \"C\") as aliases, \
        null::bigint as contacts, t.created_at, t.updated_at, t.version from tags t",
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
        "select t.id, t.name, t.colour, t.description,
           array(select a.name from tag_aliases a where a.tag_id = t.id order by a.name collate \"C\") as aliases,
           null::bigint as contacts, t.created_at, t.updated_at, t.version from tags t where t.id = $1"
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

/// Gets the whole list ready for a file, by name, with how many contacts in reach carry each tag, by its name or by one that they
/// carry still: in one look through the contacts, however many tags there are.
pub async fn open(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<(u64, HashMap<TagId, i64>)> {
    const CARRIED: Sql = sql!(
        "select n.id, count(distinct c.id) as contacts from contacts c cross join lateral unnest(c.tags) as w(name)
           join (select t.id, t.name from tags t union all select r.tag_id, r.name from tag_runs r where r.tag_id is not null) n on n.name = w.name
         where c.deleted_at is null and ($1::uuid[] is null or c.owner_id = any($1)) group by n.id"
    );
    let rows = tx.open_whole(&LIST, &[], query, &[]).await?;
    let carried: Vec<Carried> = tx.rows(CARRIED, &[owners]).await?;
    Ok((rows, carried.into_iter().map(|tag| (tag.id, tag.contacts)).collect()))
}

row! {
    struct Carried { id: TagId, contacts: i64 }
}

/// The tag, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: TagId) -> Result<Tag> {
    tx.value::<TagId>(sql!("select id from tags where id = $1 for update"), &[&id]).await?;
    find(tx, id).await
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

/// Adds the names that no tag has, and gives what was made; a name that somebody else adds at the same time is his.
pub async fn insert_missing(tx: &mut Tx, ids: &[TagId], names: &[&String]) -> Result<Vec<TagId>> {
    const INSERT_MISSING: Sql = sql!(
        "insert into tags (id, name, created_at, updated_at) select w.id, w.name, $3, $3 from unnest($1::uuid[], $2::text[]) as w(id, name)
         on conflict (lower(name)) do nothing returning id"
    );
    let now = tx.now();
    tx.values(INSERT_MISSING, &[&ids, &names, &now]).await
}

row! {
    /// What a name means.
    #[derive(Debug)]
    pub struct Word {
        pub said: String,
        /// The tag that is or was called so; none when there is no such tag.
        pub id: Option<TagId>,
        /// What it is called.
        pub name: Option<String>,
        /// Whether contacts carry the name still, although they are to carry another one or none.
        pub is_leaving: bool,
    }
}

/// What names mean, in any spelling.
pub async fn meant(tx: &mut Tx, names: &[&String]) -> Result<Vec<Word>> {
    const MEANT: Sql = sql!(
        "select w.name as said, coalesce(t.id, k.id) as id, coalesce(t.name, k.name) as name,
           exists (select from tag_runs r where lower(r.name) = lower(w.name)) as is_leaving
         from unnest($1::text[]) as w(name)
           left join tags t on lower(t.name) = lower(w.name)
           left join tag_aliases a on lower(a.name) = lower(w.name)
           left join tags k on k.id = a.tag_id"
    );
    tx.rows(MEANT, &[&names]).await
}

/// Lets a name mean a tag that is called otherwise now. A new spelling is no other name.
pub async fn keep_alias(tx: &mut Tx, name: &str, tag: TagId) -> Result<()> {
    const KEEP: Sql = sql!(
        "insert into tag_aliases (id, name, tag_id, created_at)
         select $1::uuid, $2::text, $3::uuid, $4::timestamptz
         where not exists (select from tags t where lower(t.name) = lower($2))
         on conflict (lower(name)) do update set tag_id = excluded.tag_id"
    );
    let now = tx.now();
    tx.exec(KEEP, &[&new_uuid(now), &name, &tag, &now]).await.map(|_| ())
}

/// Takes a name from the tag that it means, for one that is to be called so.
pub async fn drop_alias(tx: &mut Tx, name: &str) -> Result<()> {
    tx.exec(sql!("delete from tag_aliases where lower(name) = lower($1)"), &[&name]).await.map(|_| ())
}

/// Whatever means one tag means another one.
pub async fn pass_aliases(tx: &mut Tx, from: TagId, to: TagId) -> Result<()> {
    tx.exec(sql!("update tag_aliases set tag_id = $2 where tag_id = $1"), &[&from, &to]).await.map(|_| ())
}

/// Names that some contacts carry and no tag has.
pub async fn lost(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<String>> {
    const LOST: Sql = sql!(
        "select distinct n.name from contacts c, unnest(c.tags) as n(name)
         where c.id = any($1) and not exists (select from tags t where t.name = n.name)"
    );
    tx.values(LOST, &[&contacts]).await
}

/// Lets locked contacts that carry one of some names carry another one instead, or with `None` none. Their versions stay: whoever put the
/// names back has said what those are.
pub async fn replace(tx: &mut Tx, contacts: &[ContactId], names: &[String], by: &[Option<&String>]) -> Result<()> {
    const REPLACE: Sql = sql!(
        "update contacts c set tags = array(
           select distinct coalesce(w.given, n.name) collate \"C\" from unnest(c.tags) as n(name)
             left join unnest($2::text[], $3::text[]) as w(said, given) on w.said = n.name
           where w.said is null or w.given is not null order by 1)
         where c.id = any($1) and c.tags && $2"
    );
    tx.exec(REPLACE, &[&contacts, &names, &by]).await.map(|_| ())
}
