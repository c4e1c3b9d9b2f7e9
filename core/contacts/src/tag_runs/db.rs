//! Every statement on runs, and on the contacts that follow.
use super::model::TagRunId;
use crate::{contacts::ContactId, tags::TagId};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    row, sql,
};
use uuid::Uuid;

/// Every run.
pub const LIST: ListSpec = ListSpec {
    select: "select r.id, r.name, r.tag_id as tag, (select t.name from tags t where t.id = r.tag_id) as becomes, r.total, r.done, r.created_by, r.created_at from tag_runs r",
    id: "r.id",
    always: "",
    fields: &[Field { name: "created_at", sql: "r.created_at", kind: FieldKind::Time, sort: Some("r.created_at") }],
    default_sort: "-created_at",
};

/// What tags are called.
const NAMES: &str = "names of tags";

/// Keeps what tags are called until the end of the transaction: whoever gives names to contacts holds this, and looks afterwards what
/// they are. Those who do wait for nobody but for who changes names.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    tx.share_lock(NAMES).await
}

/// Waits for everybody who gives names to contacts, and lets nobody begin, until the end of the transaction. No contact is locked by
/// who has it, so nobody waits in a circle.
pub async fn close(tx: &mut Tx) -> Result<()> {
    tx.lock(NAMES).await
}

/// Every name by which contacts carry tags of these names, themselves among them: what a tag is called, and what those carry still who
/// have not followed it.
pub async fn carried_as(tx: &mut Tx, tags: &[String]) -> Result<Vec<String>> {
    const CARRIED_AS: Sql = sql!(
        "with meant as (
           select w.name, coalesce(t.id, a.tag_id) as id from unnest($1::text[]) as w(name)
             left join tags t on lower(t.name) = lower(w.name)
             left join tag_aliases a on lower(a.name) = lower(w.name))
         select name from meant
         union select t.name from meant m join tags t on t.id = m.id
         union select r.name from meant m join tag_runs r on r.tag_id = m.id"
    );
    tx.values(CARRIED_AS, &[&tags]).await
}

/// Whether contacts may carry this name, in any spelling, from another tag or from one that was deleted.
pub async fn is_leaving(tx: &mut Tx, name: &str, tag: TagId) -> Result<bool> {
    const LEAVING: Sql =
        sql!("select exists (select from tag_runs where lower(name) = lower($1) and tag_id is distinct from $2)");
    tx.value(LEAVING, &[&name, &tag]).await
}

/// Whether a contact carries this name, a deleted one too.
pub async fn is_carried(tx: &mut Tx, name: &str) -> Result<bool> {
    const CARRIED: Sql = sql!(
        "select exists (select from contacts where deleted_at is null and tags @> array[$1::text])
           or exists (select from contacts where deleted_at is not null and tags @> array[$1::text])"
    );
    tx.value(CARRIED, &[&name]).await
}

/// A new run; contacts are to carry the tag instead, or nothing.
pub async fn insert(tx: &mut Tx, id: TagRunId, name: &str, into: Option<TagId>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into tag_runs (id, name, tag_id, created_by, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)"
    );
    let (now, by) = (tx.now(), tx.context().actor.id);
    tx.exec_one(INSERT, &[&id, &name, &into, &by, &now]).await.on_constraint("tag_runs_name_key", leaving)
}

/// Contacts carry the name still.
pub fn leaving() -> Error {
    Error::conflict(
        "tag_name_leaving",
        "A tag had this name, and its contacts are still being changed. Wait until they are through.",
    )
}

/// Ends the run that takes this name off the contacts of a tag which gets it back; theirs is right already.
pub async fn call_off(tx: &mut Tx, name: &str, tag: TagId) -> Result<()> {
    tx.exec(sql!("delete from tag_runs where name = $1 and tag_id = $2"), &[&name, &tag]).await.map(|_| ())
}

/// Whoever was to carry one tag carries another one instead.
pub async fn pass_on(tx: &mut Tx, from: TagId, to: TagId) -> Result<()> {
    const PASS: Sql = sql!("update tag_runs set tag_id = $2, updated_at = $3, version = version + 1 where tag_id = $1");
    let now = tx.now();
    tx.exec(PASS, &[&from, &to, &now]).await.map(|_| ())
}

row! {
    /// How far a run is.
    #[derive(Debug)]
    pub struct Run {
        pub name: String,
        pub tag: Option<TagId>,
        pub becomes: Option<String>,
        pub place: Option<Uuid>,
        pub done: i64,
    }
}

/// The run, unless it is through.
pub async fn find(tx: &mut Tx, id: TagRunId) -> Result<Option<Run>> {
    const FIND: Sql = sql!(
        "select r.name, r.tag_id as tag, t.name as becomes, r.place, r.done
         from tag_runs r left join tags t on t.id = r.tag_id where r.id = $1"
    );
    tx.opt(FIND, &[&id]).await
}

/// Notes how many contacts a run has, once.
pub async fn count(tx: &mut Tx, id: TagRunId) -> Result<()> {
    const COUNT: Sql = sql!(
        "update tag_runs r set version = version + 1, total = r.done
           + (select count(*) from contacts c where c.deleted_at is null and c.tags @> array[r.name])
           + (select count(*) from contacts c where c.deleted_at is not null and c.tags @> array[r.name])
         where r.id = $1 and r.total is null"
    );
    tx.exec(COUNT, &[&id]).await.map(|_| ())
}

/// Contacts that carry the name, deleted ones too, in no order; at most so many.
pub async fn some_of(tx: &mut Tx, name: &str, most: i64) -> Result<Vec<ContactId>> {
    const SOME: Sql = sql!(
        "(select id from contacts where deleted_at is null and tags @> array[$1::text] limit $2::bigint)
         union all (select id from contacts where deleted_at is not null and tags @> array[$1::text] limit $2::bigint) limit $2::bigint"
    );
    tx.values(SOME, &[&name, &most]).await
}

/// The last of the next contacts after one; none at the end.
pub async fn page_end(tx: &mut Tx, after: Uuid, page: i64) -> Result<Option<Uuid>> {
    const END: Sql = sql!("select id from contacts where id > $1 order by id offset $2::bigint - 1 limit 1");
    tx.value_opt(END, &[&after, &page]).await
}

/// Contacts after one, up to another one, that carry the name.
pub async fn between(tx: &mut Tx, after: Uuid, to: Option<Uuid>, name: &str) -> Result<Vec<ContactId>> {
    const BETWEEN: Sql = sql!("select id from contacts where id > $1 and id <= $2 and tags @> array[$3::text]");
    let to = to.unwrap_or(Uuid::max());
    tx.values(BETWEEN, &[&after, &to, &name]).await
}

/// Makes contacts that carry one name carry another, or with `None` none; gives who did. They are locked in the order of their ids, as
/// everybody does who changes many.
pub async fn replace(tx: &mut Tx, ids: &[ContactId], from: &str, to: Option<&str>) -> Result<Vec<Uuid>> {
    const LOCK: Sql =
        sql!("select id from contacts where id = any($1) and tags @> array[$2::text] order by id for update");
    const REPLACE: Sql = sql!(
        "update contacts set version = version + 1, derived = derived + 1, updated_at = $4,
           tags = array(select distinct t.tag collate \"C\"
             from unnest(array_remove(tags, $2) || case when $3::text is null then '{}'::text[] else array[$3] end) as t(tag) order by 1)
         where id = any($1)"
    );
    let held: Vec<Uuid> = tx.values(LOCK, &[&ids, &from]).await?;
    let now = tx.now();
    tx.exec(REPLACE, &[&held, &from, &to, &now]).await?;
    Ok(held)
}

/// Notes how far a run is.
pub async fn advance(tx: &mut Tx, id: TagRunId, place: Option<Uuid>, done: i64) -> Result<()> {
    const ADVANCE: Sql =
        sql!("update tag_runs set place = $2, done = done + $3, updated_at = $4, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec(ADVANCE, &[&id, &place, &done, &now]).await.map(|_| ())
}

/// Removes a run that is through.
pub async fn delete(tx: &mut Tx, id: TagRunId) -> Result<()> {
    tx.exec_one(sql!("delete from tag_runs where id = $1"), &[&id]).await
}
