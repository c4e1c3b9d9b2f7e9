//! Every statement on saved views.
use super::model::{NewSavedView, Reader, SavedView, SavedViewId, ViewAudience, ViewOptions};
use kernel::{
    Error, OnConstraint, Result, Tx, ViewedList,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use serde_json::{Value, json};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// Every view; the caller adds for whom.
const LIST: ListSpec = ListSpec {
    select: "select v.id, v.list, v.kind, v.owner_id as owner, v.name, case when v.is_shared then 'everyone' when v.is_team then 'team' else 'private' end as audience, \
        v.is_shared as shared, v.is_default as \"default\", v.q, v.is_deleted as deleted, \
        v.filter, v.sort, v.options, v.columns, v.position, v.created_at, v.updated_at, v.version from saved_views v",
    id: "v.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "v.name", kind: FieldKind::Text, sort: None },
        Field { name: "kind", sql: "v.kind", kind: FieldKind::Text, sort: None },
        Field { name: "shared", sql: "v.is_shared", kind: FieldKind::Bool, sort: None },
        Field { name: "position", sql: "v.position", kind: FieldKind::Int, sort: Some("v.position") },
    ],
    default_sort: "position",
};

/// Views of a list that the reader has.
pub async fn list(tx: &mut Tx, query: &ListQuery, list: &str, reader: &Reader) -> Result<Page<SavedView>> {
    let his: Vec<Uuid> = reader.user.into_iter().collect();
    let near = [&his[..], &reader.team].concat();
    let clauses = [
        Clause("v.list = ?", &list, Type::TEXT),
        Clause("(v.is_shared or v.is_team or v.owner_id = any(?))", &his, Type::UUID_ARRAY),
        Clause("(not v.is_team or v.owner_id = any(?))", &near, Type::UUID_ARRAY),
    ];
    tx.list(&LIST, query, &clauses).await
}

/// The view, if the reader has it.
pub async fn find(tx: &mut Tx, id: SavedViewId, reader: &Reader) -> Result<SavedView> {
    const FIND: Sql = sql!(
        "select id, list, kind, owner_id as owner, name, case when is_shared then 'everyone' when is_team then 'team' else 'private' end as audience,
           is_shared as shared, is_default as \"default\", q, is_deleted as deleted, filter, sort, options, columns, position, created_at, updated_at, version
         from saved_views where id = $1 and (is_shared or owner_id = $2 or is_team and owner_id = any($3))"
    );
    tx.row(FIND, &[&id, &reader.user, &reader.team]).await
}

/// The same, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: SavedViewId, reader: &Reader) -> Result<SavedView> {
    const LOCK: Sql = sql!("select version from saved_views where id = $1 for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id, reader).await
}

/// A new view, at the end of its list when it names no place.
pub async fn insert(
    tx: &mut Tx,
    id: SavedViewId,
    owner: Option<Uuid>,
    list: &ViewedList,
    view: &NewSavedView,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into saved_views (id, owner_id, name, is_shared, is_default, q, is_deleted, filter, sort, columns, position, created_at, updated_at,
           list, kind, is_team, options)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
           coalesce($11, (select coalesce(max(position) + 1, 0) from saved_views where list = $13)), $12, $12, $13, $14, $15, $16)"
    );
    let now = tx.now();
    let (shared, team) = told(view);
    let NewSavedView { name, default, q, deleted, filter, sort, columns, position, options, .. } = view;
    let kind = kind_of(view, list);
    let values: &[&(dyn ToSql + Sync)] = &[
        &id, &owner, name, &shared, default, q, deleted, filter, sort, columns, position, &now, &list.name, &kind,
        &team, options,
    ];
    named(tx.exec_one(INSERT, values).await)
}

/// Writes a locked view.
pub async fn update(tx: &mut Tx, id: SavedViewId, list: &ViewedList, view: &NewSavedView) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update saved_views set name = $2, is_shared = $3, is_default = $4, q = $5, is_deleted = $6, filter = $7, sort = $8, columns = $9,
           position = coalesce($10, position), updated_at = $11, kind = $12, is_team = $13, options = $14, version = version + 1 where id = $1"
    );
    let now = tx.now();
    let (shared, team) = told(view);
    let NewSavedView { name, default, q, deleted, filter, sort, columns, position, options, .. } = view;
    let kind = kind_of(view, list);
    let values: &[&(dyn ToSql + Sync)] =
        &[&id, name, &shared, default, q, deleted, filter, sort, columns, position, &now, &kind, &team, options];
    named(tx.exec_one(UPDATE, values).await)
}

/// Whether everybody has it, and whether a team does.
fn told(view: &NewSavedView) -> (bool, bool) {
    (view.audience() == ViewAudience::Everyone, view.audience() == ViewAudience::Team)
}

/// How it is drawn: the first way of the list when nothing is said.
fn kind_of<'a>(view: &'a NewSavedView, list: &ViewedList) -> &'a str {
    view.kind.as_deref().or(list.kinds.first().copied()).unwrap_or("table")
}

fn named(done: Result<()>) -> Result<()> {
    let taken = || Error::conflict("view_name_taken", "There is a view of this name already.");
    let chosen = || Error::conflict("view_default_taken", "Somebody chose another view to open first. Try again.");
    done.on_constraint("saved_views_own_name_key", taken)
        .on_constraint("saved_views_shared_name_key", taken)
        .on_constraint("saved_views_own_default_key", chosen)
        .on_constraint("saved_views_shared_default_key", chosen)
}

/// Another view of the list is opened first from now on: among a person's own, or among those everybody has.
pub async fn clear_default(
    tx: &mut Tx,
    but: SavedViewId,
    list: &str,
    audience: ViewAudience,
    owner: Option<Uuid>,
) -> Result<()> {
    const CLEAR: Sql = sql!(
        "update saved_views set is_default = false, updated_at = $4, version = version + 1
         where is_default and id <> $1 and list = $5 and is_shared = $2 and (is_shared or owner_id = $3)"
    );
    let (now, shared) = (tx.now(), audience == ViewAudience::Everyone);
    tx.exec(CLEAR, &[&but, &shared, &owner, &now, &list]).await.map(|_| ())
}

/// Makes every view that narrows contacts to a tag of one name narrow to another one.
pub async fn rename_tag(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    const RENAME: Sql = sql!(
        "update saved_views set version = version + 1, updated_at = $3,
           filter = array(select case when f.said = 'tag:has:' || $1::text then 'tag:has:' || $2::text else f.said end
             from unnest(filter) with ordinality as f(said, n) order by f.n)
         where list = 'contacts' and filter @> array['tag:has:' || $1::text]"
    );
    let now = tx.now();
    tx.exec(RENAME, &[&from, &to, &now]).await.map(|_| ())
}

/// Makes every view that asks for a stage of contacts ask for another one in its place.
pub async fn replace_stage(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    const REPLACE: Sql = sql!(
        "update saved_views set version = version + 1, updated_at = $3,
           filter = array(
             select case
               when f.said in ('stage:eq:' || $1::text, 'stage:ne:' || $1::text) then left(f.said, 9) || $2::text
               when f.said like 'stage:in:%' then 'stage:in:' || (
                 select string_agg(k.key, ',' order by k.n) from (
                   select case when s.key = $1::text then $2::text else s.key end as key, min(s.n) as n
                   from unnest(string_to_array(substr(f.said, 10), ',')) with ordinality as s(key, n) group by 1) k)
               else f.said end
             from unnest(filter) with ordinality as f(said, n) order by f.n)
         where list = 'contacts' and exists (
           select from unnest(filter) as f(said) where f.said in ('stage:eq:' || $1::text, 'stage:ne:' || $1::text)
             or f.said like 'stage:in:%' and $1::text = any(string_to_array(substr(f.said, 10), ',')))"
    );
    let now = tx.now();
    tx.exec(REPLACE, &[&from, &to, &now]).await.map(|_| ())
}

row! {
    /// The filters of a view.
    pub struct Filters { pub id: SavedViewId, pub filter: Vec<String> }
}

/// Filters of the views of a list that have one which begins so, locked until the end of the transaction.
pub async fn beginning(tx: &mut Tx, list: &str, begin: &str) -> Result<Vec<Filters>> {
    const BEGINNING: Sql = sql!(
        "select v.id, v.filter from saved_views v where v.list = $1
           and exists (select from unnest(v.filter) as f(said) where starts_with(f.said, $2)) order by v.id for update"
    );
    tx.rows(BEGINNING, &[&list, &begin]).await
}

/// Writes the filters of a locked view.
pub async fn set_filter(tx: &mut Tx, id: SavedViewId, filter: &[String]) -> Result<()> {
    const SET: Sql = sql!("update saved_views set filter = $2, updated_at = $3, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(SET, &[&id, &filter, &now]).await
}

/// Holds every view that names one of these records, in one order: for whoever lets views name other records one after the other.
pub async fn hold(tx: &mut Tx, named: &[String]) -> Result<()> {
    const HOLD: Sql = sql!(
        "select s.id from saved_views s where exists (select from unnest($1::text[]) as n(id)
           where position(n.id in concat_ws(' ', s.options::text, array_to_string(s.filter, ' '))) > 0)
         order by s.id for update"
    );
    tx.exec(HOLD, &[&named]).await.map(|_| ())
}

/// Makes every view that names a record name another one in its place, among its filters and what else its list is asked for; gives `id`,
/// `before` and `after` of the views that are different now.
pub async fn relink(tx: &mut Tx, from: &str, to: &str) -> Result<Value> {
    const RELINK: Sql = sql!(
        "with v as (
           select s.id, s.filter, s.options from saved_views s
           where position($1 in s.options::text) > 0 or exists (select from unnest(s.filter) as f(said) where position($1 in f.said) > 0)
           order by s.id for update),
         u as (
           update saved_views s set version = s.version + 1, updated_at = $3, options = replace(v.options::text, $1, $2)::jsonb,
             filter = array(select replace(f.said, $1, $2) from unnest(v.filter) with ordinality as f(said, n) order by f.n)
           from v where s.id = v.id
           returning s.id, jsonb_build_object('filter', v.filter, 'options', v.options) as before,
             jsonb_build_object('filter', s.filter, 'options', s.options) as after)
         select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'before', u.before, 'after', u.after)), '[]') from u"
    );
    let now = tx.now();
    tx.value(RELINK, &[&from, &to, &now]).await
}

/// Takes that back where the views are still the same. What was noted before views were noted whole is their filters alone.
pub async fn relink_back(tx: &mut Tx, changed: &Value) -> Result<()> {
    const BACK: Sql = sql!(
        "update saved_views s set version = s.version + 1, updated_at = $2, options = coalesce(r.before -> 'options', s.options),
           filter = array(select jsonb_array_elements_text(coalesce(r.before -> 'filter', r.before)))
         from jsonb_to_recordset($1) as r(id uuid, before jsonb, after jsonb)
         where s.id = r.id and r.after in (to_jsonb(s.filter), jsonb_build_object('filter', s.filter, 'options', s.options))"
    );
    let now = tx.now();
    tx.exec(BACK, &[changed, &now]).await.map(|_| ())
}

row! {
    /// Whatever people wrote into a view.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Words {
        pub id: SavedViewId,
        pub list: String,
        pub name: String,
        pub q: Option<String>,
        pub filter: Vec<String>,
        pub options: ViewOptions,
    }
}

/// Views that may mention one of these lower-case texts, or that search for a number; locked until the end of the transaction.
pub async fn mentioning(tx: &mut Tx, mentions: &[String]) -> Result<Vec<Words>> {
    const MENTIONING: Sql = sql!(
        "select v.id, v.list, v.name, v.q, v.filter, v.options from saved_views v
         where v.q ~ '^[0-9+ ()./-]{6,}$' or exists (select from unnest($1::text[]) as m(mention) where position(m.mention in
           lower(concat_ws(' ', v.name, v.q, array_to_string(v.filter, ' '), v.options::text))) > 0)
         order by v.id for update"
    );
    tx.rows(MENTIONING, &[&mentions]).await
}

/// Writes the words of locked views.
pub async fn reword(tx: &mut Tx, words: &[Words]) -> Result<()> {
    const REWORD: Sql = sql!(
        "update saved_views v set name = r.name, q = r.q, filter = array(select jsonb_array_elements_text(r.filter)), options = r.options,
           updated_at = $2, version = v.version + 1
         from jsonb_to_recordset($1) as r(id uuid, name text, q text, filter jsonb, options jsonb) where v.id = r.id"
    );
    let row = |words: &Words| json!({ "id": words.id.0, "name": words.name, "q": words.q, "filter": words.filter, "options": words.options });
    let (rows, now) = (Value::Array(words.iter().map(row).collect()), tx.now());
    tx.exec(REWORD, &[&rows, &now]).await.map(|_| ())
}

/// Removes a view.
pub async fn delete(tx: &mut Tx, id: SavedViewId) -> Result<()> {
    const DELETE: Sql = sql!("delete from saved_views where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}
