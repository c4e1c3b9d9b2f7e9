//! Every statement on segments and their members.
pub(crate) mod catalogue;
pub(crate) mod conditions;
mod seen;

pub(crate) use seen::Seen;

use super::{
    model::{NewSegment, RelatedRecord, Segment, SegmentId, SegmentRule, SegmentSample},
    names::Names,
    tree::{Known, KnownField, Read, Tree},
};
use chrono::{DateTime, Utc};
use conditions::At;
use contacts::{ContactId, Owners};
use fields::{CustomFieldShape, RecordKind};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Clause, Composed, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select s.id, s.name, s.description, s.kind, s.definition, '{}'::jsonb[] as broken, s.member_count as members, s.is_building as building, \
        s.owner_id as owner, s.changed_at, s.created_at, s.updated_at, s.deleted_at, s.version from segments s",
    id: "s.id",
    always: "s.deleted_at is null",
    fields: &[
        Field { name: "name", sql: "s.name_key", kind: FieldKind::Folded, sort: Some("s.name_key") },
        Field { name: "kind", sql: "s.kind", kind: FieldKind::Text, sort: None },
        Field { name: "owner", sql: "s.owner_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "created_at", sql: "s.created_at", kind: FieldKind::Time, sort: Some("s.created_at") },
        Field { name: "updated_at", sql: "s.updated_at", kind: FieldKind::Time, sort: Some("s.updated_at") },
    ],
    default_sort: "name",
};

/// One page of segments; with a contact those that he is in.
pub async fn list(tx: &mut Tx, query: &ListQuery, contact: Option<ContactId>) -> Result<Page<Segment>> {
    let mut clauses = vec![];
    if contact.is_some() {
        const IN: &str = "exists (select from segment_members m where m.segment_id = s.id and m.contact_id = ?)";
        clauses.push(Clause(IN, &contact, Type::UUID));
    }
    tx.list(&LIST, query, &clauses).await
}

/// The segment.
pub async fn find(tx: &mut Tx, id: SegmentId) -> Result<Segment> {
    const FIND: Sql = sql!(
        "select s.id, s.name, s.description, s.kind, s.definition, '{}'::jsonb[] as broken, s.member_count as members, s.is_building as building,
           s.owner_id as owner, s.changed_at, s.created_at, s.updated_at, s.deleted_at, s.version
         from segments s where s.id = $1 and s.deleted_at is null"
    );
    tx.row(FIND, &[&id]).await
}

/// The segment, locked until the end of the transaction; `deleted` for one that can be restored.
pub async fn find_for_update(tx: &mut Tx, id: SegmentId, deleted: bool) -> Result<Segment> {
    const LOCK: Sql = sql!(
        "select s.id, s.name, s.description, s.kind, s.definition, '{}'::jsonb[] as broken, s.member_count as members, s.is_building as building,
           s.owner_id as owner, s.changed_at, s.created_at, s.updated_at, s.deleted_at, s.version
         from segments s where s.id = $1 and (s.deleted_at is not null) = $2 for no key update"
    );
    tx.row(LOCK, &[&id, &deleted]).await
}

/// How many members of segments the reader may see.
pub async fn count_in_reach(tx: &mut Tx, ids: &[SegmentId], owners: &Owners) -> Result<Vec<(SegmentId, i64)>> {
    const COUNT: Sql = sql!(
        "select m.segment_id, count(*) as members from contacts c join segment_members m on m.contact_id = c.id
         where c.deleted_at is null and c.owner_id = any($1) and m.segment_id = any($2) group by m.segment_id"
    );
    row! { struct Counted { segment_id: SegmentId, members: i64 } }
    let counted: Vec<Counted> = tx.rows(COUNT, &[owners, &ids]).await?;
    Ok(counted.into_iter().map(|row| (row.segment_id, row.members)).collect())
}

/// A new segment; its members are to be found.
pub async fn insert(tx: &mut Tx, id: SegmentId, owner: Option<Uuid>, new: &NewSegment, read: &Read) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into segments (id, name, description, kind, definition, refs, uses_days, uses_moments, as_of, zone, is_building, owner_id, name_key,
           created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $4 = 'dynamic', $11, fold($2), $9, $9)"
    );
    let (now, zone, refs) = (tx.now(), tx.tenant().zone.clone(), refs(read));
    let NewSegment { name, description, kind, definition } = new;
    let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] = &[
        &id,
        name,
        description,
        &kind.as_str(),
        definition,
        &refs,
        &read.uses_days,
        &read.uses_moments,
        &now,
        &zone,
        &owner,
    ];
    named(tx.exec_one(INSERT, values).await)
}

/// Writes a locked segment. With `rebuild` its members are to be found anew.
pub async fn update(tx: &mut Tx, id: SegmentId, next: &NewSegment, read: &Read, rebuild: bool) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update segments set name = $2, description = $3, definition = $4, refs = $5, uses_days = $6, uses_moments = $7, name_key = fold($2),
           is_building = is_building or $8, built_to = case when $8 then null else built_to end, updated_at = $9, version = version + 1
         where id = $1"
    );
    let (now, refs) = (tx.now(), refs(read));
    let NewSegment { name, description, definition, .. } = next;
    let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
        &[&id, name, description, definition, &refs, &read.uses_days, &read.uses_moments, &rebuild, &now];
    named(tx.exec_one(UPDATE, values).await)
}

fn refs(read: &Read) -> Vec<Uuid> {
    read.refs.iter().copied().collect()
}

fn named(done: Result<()>) -> Result<()> {
    let taken = || Error::conflict("segment_name_taken", "There is a segment of this name already.");
    done.on_constraint("segments_name_key", taken)
}

/// Marks a locked segment as deleted.
pub async fn delete(tx: &mut Tx, id: SegmentId) -> Result<()> {
    const DELETE: Sql =
        sql!("update segments set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Takes the deletion of a locked segment back; its members are to be found anew.
pub async fn restore(tx: &mut Tx, id: SegmentId) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update segments set deleted_at = null, is_building = true, built_to = null, updated_at = $2, version = version + 1 where id = $1"
    );
    let now = tx.now();
    named(tx.exec_one(RESTORE, &[&id, &now]).await)
}

/// Removes some members of a segment that was deleted at this moment; gives how many.
pub async fn purge_members(tx: &mut Tx, id: SegmentId, deleted_at: DateTime<Utc>, limit: i64) -> Result<u64> {
    const PURGE: Sql = sql!(
        "delete from segment_members m using (
           select k.contact_id from segment_members k join segments s on s.id = k.segment_id
           where k.segment_id = $1 and s.deleted_at = $2 limit $3) gone
         where m.segment_id = $1 and m.contact_id = gone.contact_id"
    );
    tx.exec(PURGE, &[&id, &deleted_at, &limit]).await
}

/// Removes a segment that was deleted at this moment; gives whether it was there.
pub async fn purge(tx: &mut Tx, id: SegmentId, deleted_at: DateTime<Utc>) -> Result<bool> {
    Ok(tx.exec(sql!("delete from segments where id = $1 and deleted_at = $2"), &[&id, &deleted_at]).await? == 1)
}

row! {
    /// What is looked at when members are found.
    #[derive(Debug, Clone)]
    pub struct Watched {
        pub id: SegmentId,
        pub definition: Option<SegmentRule>,
        pub uses_days: bool,
        pub uses_moments: bool,
        pub as_of: DateTime<Utc>,
        pub zone: String,
        pub is_building: bool,
        pub built_to: Option<Uuid>,
    }
}

/// Every segment, locked in one order until the end of the transaction, as it is when the lock is had.
pub async fn lock_all(tx: &mut Tx) -> Result<Vec<Watched>> {
    const LOCK_ALL: Sql = sql!(
        "select s.id, s.definition, s.uses_days, s.uses_moments, s.as_of, s.zone, s.is_building, s.built_to
         from segments s where s.deleted_at is null order by s.id for no key update"
    );
    tx.rows(LOCK_ALL, &[]).await
}

/// The segment, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: SegmentId) -> Result<Option<Watched>> {
    const LOCK: Sql = sql!(
        "select s.id, s.definition, s.uses_days, s.uses_moments, s.as_of, s.zone, s.is_building, s.built_to
         from segments s where s.id = $1 and s.deleted_at is null for no key update"
    );
    tx.opt(LOCK, &[&id]).await
}

/// Segments that name one of these, which are to be found anew; gives which.
pub async fn mark_building(tx: &mut Tx, refs: &[Uuid]) -> Result<Vec<SegmentId>> {
    const MARK: Sql = sql!(
        "update segments set is_building = true, built_to = null where deleted_at is null and refs && $1 returning id"
    );
    tx.values(MARK, &[&refs]).await
}

/// Segments whose definitions hold one of these words, which are to be found anew; gives which.
pub async fn mark_saying(tx: &mut Tx, words: &[String]) -> Result<Vec<SegmentId>> {
    const MARK: Sql = sql!(
        "update segments s set is_building = true, built_to = null where s.deleted_at is null
           and exists (select from unnest($1::text[]) as w(word) where position(w.word in s.definition::text) > 0) returning s.id"
    );
    tx.values(MARK, &[&words]).await
}

/// These segments are to be found anew.
pub async fn mark_these(tx: &mut Tx, ids: &[SegmentId]) -> Result<()> {
    tx.exec(sql!("update segments set is_building = true, built_to = null where id = any($1)"), &[&ids])
        .await
        .map(|_| ())
}

/// Segments that depend on the day, which are to be found anew; gives which.
pub async fn mark_days(tx: &mut Tx) -> Result<Vec<SegmentId>> {
    const MARK: Sql = sql!(
        "update segments set is_building = true, built_to = null where deleted_at is null and uses_days returning id"
    );
    tx.values(MARK, &[]).await
}

/// Segments whose definitions name this, locked.
pub async fn naming(tx: &mut Tx, named: Uuid) -> Result<Vec<SegmentId>> {
    const NAMING: Sql = sql!(
        "select id from segments where deleted_at is null and refs @> array[$1::uuid] order by id for no key update"
    );
    tx.values(NAMING, &[&named]).await
}

/// Writes another definition of a locked segment, because what it names has changed.
pub async fn redefine(tx: &mut Tx, id: SegmentId, rule: &SegmentRule, read: &Read) -> Result<()> {
    const REDEFINE: Sql =
        sql!("update segments set definition = $2, refs = $3, updated_at = $4, version = version + 1 where id = $1");
    let (now, refs) = (tx.now(), refs(read));
    tx.exec_one(REDEFINE, &[&id, rule, &refs, &now]).await
}

/// Notes how far a segment is built; `None` when it is.
pub async fn set_built(tx: &mut Tx, id: SegmentId, to: Option<Uuid>) -> Result<()> {
    const SET: Sql = sql!("update segments set built_to = $2, is_building = $2::uuid is not null where id = $1");
    tx.exec_one(SET, &[&id, &to]).await
}

/// Notes as of when members are right.
pub async fn set_as_of(tx: &mut Tx, id: SegmentId, as_of: DateTime<Utc>, zone: &str) -> Result<()> {
    tx.exec_one(sql!("update segments set as_of = $2, zone = $3 where id = $1"), &[&id, &as_of, &zone]).await
}

/// Whether a segment depends on the day, and whether one depends on the moment.
pub async fn clocks(tx: &mut Tx) -> Result<(bool, bool)> {
    const CLOCKS: Sql = sql!(
        "select coalesce(bool_or(uses_days), false) as days, coalesce(bool_or(uses_moments), false) as moments from segments where deleted_at is null"
    );
    row! { struct Clocks { days: bool, moments: bool } }
    let clocks: Clocks = tx.row(CLOCKS, &[]).await?;
    Ok((clocks.days, clocks.moments))
}

/// When the next open task of a contact falls due.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    const NEXT: Sql = sql!(
        "select t.due_at from tasks t where t.due_at > $1 and t.deleted_at is null and t.status = 'open' and t.contact_id is not null
         order by t.due_at limit 1"
    );
    let now = tx.now();
    tx.value_opt(NEXT, &[&now]).await
}

/// Notes that something happened to contacts; nothing when there is no segment. Gives how many were noted.
pub async fn note(tx: &mut Tx, contacts: &[Uuid], quiet: bool) -> Result<u64> {
    const NOTE: Sql = sql!(
        "insert into segment_dirty (contact_id, is_quiet) select n.id, $2 from unnest($1::uuid[]) as n(id)
         where exists (select from segments s where s.deleted_at is null)"
    );
    tx.exec(NOTE, &[&contacts, &quiet]).await
}

/// The same for the people of deals.
pub async fn note_deals(tx: &mut Tx, deals: &[Uuid]) -> Result<u64> {
    const NOTE: Sql = sql!(
        "insert into segment_dirty (contact_id, is_quiet) select dc.contact_id, false from deal_contacts dc
         where dc.deal_id = any($1) and exists (select from segments s where s.deleted_at is null)"
    );
    tx.exec(NOTE, &[&deals]).await
}

/// The same for the people of companies.
pub async fn note_companies(tx: &mut Tx, companies: &[Uuid]) -> Result<u64> {
    const NOTE: Sql = sql!(
        "insert into segment_dirty (contact_id, is_quiet) select fc.contact_id, false from company_contacts fc
         where fc.company_id = any($1) and exists (select from segments s where s.deleted_at is null)"
    );
    tx.exec(NOTE, &[&companies]).await
}

/// Notes the contacts that may have come or gone between two times; gives how many.
pub async fn note_passed(tx: &mut Tx, tree: &Tree, old: &At, new: &At) -> Result<i64> {
    let mut asked = Composed::new("with passed as (");
    if !conditions::passed(&mut asked, tree, old, new) {
        return Ok(0);
    }
    asked.add(
        "), noted as (insert into segment_dirty (contact_id, is_quiet) select distinct p.id, false from passed as p(id) returning contact_id)
         select count(*) from noted",
    );
    Ok(tx.composed_values::<i64>(&asked).await?.into_iter().sum())
}

row! {
    /// A contact that something happened to.
    #[derive(Debug, Clone)]
    pub struct Noted { pub contact_id: Uuid, pub is_quiet: bool }
}

/// Takes some of the contacts that something happened to: whatever happens to them from now on is noted again.
pub async fn take(tx: &mut Tx, limit: i64) -> Result<Vec<Noted>> {
    // By place: a plan made while the table was empty would read all of it for every batch.
    const TAKE: Sql = sql!(
        "delete from segment_dirty d where d.ctid = any(array(select k.ctid from segment_dirty k limit $1 for update skip locked))
         returning d.contact_id, d.is_quiet"
    );
    tx.rows(TAKE, &[&limit]).await
}

/// The last contact of a page of all contacts in the order of their ids, deleted ones too; `None` when it is the last page.
pub async fn page_end(tx: &mut Tx, after: Option<Uuid>, size: i64) -> Result<Option<Uuid>> {
    const END: Sql = sql!("select id from contacts where $1::uuid is null or id > $1 order by id offset $2 limit 1");
    tx.value_opt(END, &[&after, &(size - 1)]).await
}

/// Contacts whose membership is found.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// These.
    These(&'a [Uuid]),
    /// Those after an id, up to another one.
    Page(Option<Uuid>, Option<Uuid>),
}

row! {
    /// Who came or went.
    #[derive(Debug, Clone)]
    pub struct Moved { pub contact_id: Uuid, pub entered: bool }
}

/// Makes the members of a locked segment, as far as the scope goes, what its conditions say; gives who came and went.
pub async fn settle(tx: &mut Tx, id: SegmentId, tree: &Tree, at: &At, scope: Scope<'_>) -> Result<Vec<Moved>> {
    let mut s = Composed::new("with fits as materialized (select c.id from contacts c where c.deleted_at is null");
    within(&mut s, "c.id", scope);
    s.add(" and ");
    conditions::condition(&mut s, tree, at);
    s.add("), gone as (delete from segment_members m where m.segment_id = ").bind(id.0, Type::UUID);
    within(&mut s, "m.contact_id", scope);
    s.add(
        " and not exists (select from fits g where g.id = m.contact_id) returning m.contact_id), \
        come as (insert into segment_members (segment_id, contact_id, entered_at) select ",
    );
    s.bind(id.0, Type::UUID).add(", g.id, ").bind(tx.now(), Type::TIMESTAMPTZ);
    s.add(" from fits g where not exists (select from segment_members k where k.segment_id = ").bind(id.0, Type::UUID);
    s.add(
        " and k.contact_id = g.id) returning contact_id) \
        select g.contact_id, false as entered from gone g union all select n.contact_id, true from come n",
    );
    tx.composed_rows(&s).await
}

fn within(s: &mut Composed, column: &'static str, scope: Scope<'_>) {
    match scope {
        Scope::These(ids) => {
            s.add(" and ").add(column).add(" = any(").bind(ids.to_vec(), Type::UUID_ARRAY).add(")");
        }
        Scope::Page(after, to) => {
            if let Some(after) = after {
                s.add(" and ").add(column).add(" > ").bind(after, Type::UUID);
            }
            if let Some(to) = to {
                s.add(" and ").add(column).add(" <= ").bind(to, Type::UUID);
            }
        }
    }
}

/// Notes how many members came and went.
pub async fn count(tx: &mut Tx, id: SegmentId, more: i64) -> Result<()> {
    const COUNT: Sql = sql!("update segments set member_count = member_count + $2, changed_at = $3 where id = $1");
    let now = tx.now();
    tx.exec_one(COUNT, &[&id, &more, &now]).await
}

/// How many contacts in reach fit, without keeping anything.
pub async fn count_fitting(tx: &mut Tx, tree: &Tree, at: &At, owners: &Owners) -> Result<i64> {
    let mut s = Composed::new("select count(*) from contacts c where c.deleted_at is null and ");
    conditions::condition(&mut s, tree, at);
    in_reach(&mut s, owners);
    Ok(tx.composed_values::<i64>(&s).await?.into_iter().sum())
}

/// Rows looked at along the order of creation before everything that fits is collected.
const NEAREST: i64 = 2_000;
/// Contacts shown.
const SHOWN: i64 = 10;

/// The newest contacts in reach that fit, of `count` that do.
pub async fn sample(tx: &mut Tx, tree: &Tree, at: &At, owners: &Owners, count: i64) -> Result<Vec<SegmentSample>> {
    const COLUMNS: &str = "select c.id, c.display_name, c.email, c.company_name from ";
    let mut near = Composed::new(COLUMNS);
    near.add("(select n.* from contacts n where n.deleted_at is null order by n.created_at desc, n.id desc limit ");
    near.bind(NEAREST, Type::INT8).add(") c where ");
    finish_sample(&mut near, tree, at, owners);
    let found: Vec<SegmentSample> = tx.composed_rows(&near).await?;
    if found.len() as i64 >= count.min(SHOWN) {
        return Ok(found);
    }
    // `offset 0` keeps the planner from walking along the order.
    let mut whole = Composed::new(COLUMNS);
    whole.add("(select c.id, c.display_name, c.email, c.company_name, c.created_at from contacts c where c.deleted_at is null and ");
    conditions::condition(&mut whole, tree, at);
    in_reach(&mut whole, owners);
    whole.add(" offset 0) c order by c.created_at desc, c.id desc limit ").bind(SHOWN, Type::INT8);
    tx.composed_rows(&whole).await
}

fn finish_sample(s: &mut Composed, tree: &Tree, at: &At, owners: &Owners) {
    conditions::condition(s, tree, at);
    in_reach(s, owners);
    s.add(" order by c.created_at desc, c.id desc limit ").bind(SHOWN, Type::INT8);
}

fn in_reach(s: &mut Composed, owners: &Owners) {
    if let Some(owners) = owners {
        s.add(" and c.owner_id = any(").bind(owners.clone(), Type::UUID_ARRAY).add(")");
    }
}

/// Which of these contacts are there and in reach.
pub async fn reached(tx: &mut Tx, ids: &[ContactId], owners: &Owners) -> Result<Vec<ContactId>> {
    const REACHED: Sql = sql!(
        "select c.id from contacts c where c.id = any($1) and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2)) order by c.id"
    );
    tx.values(REACHED, &[&ids, owners]).await
}

/// Puts contacts into a locked static segment, and takes others out of it.
pub async fn pick(tx: &mut Tx, id: SegmentId, add: &[ContactId], remove: &[ContactId]) -> Result<()> {
    const ADD: Sql = sql!(
        "insert into segment_picks (segment_id, contact_id, picked_at) select $1, n.id, $3 from unnest($2::uuid[]) as n(id)
         on conflict on constraint segment_picks_pkey do nothing"
    );
    const REMOVE: Sql = sql!("delete from segment_picks where segment_id = $1 and contact_id = any($2)");
    let now = tx.now();
    tx.exec(REMOVE, &[&id, &remove]).await?;
    tx.exec(ADD, &[&id, &add, &now]).await.map(|_| ())
}

/// Those of these contacts that are not in a static segment.
pub async fn not_picked(tx: &mut Tx, id: SegmentId, contacts: &[Uuid]) -> Result<Vec<Uuid>> {
    const NOT_PICKED: Sql = sql!(
        "select n.id from unnest($2::uuid[]) as n(id)
         where not exists (select from segment_picks p where p.segment_id = $1 and p.contact_id = n.id)"
    );
    tx.values(NOT_PICKED, &[&id, &contacts]).await
}

/// What definitions may name: things of these ids, stages, and the tenant's own fields of contacts.
pub async fn known(tx: &mut Tx, names: &Names) -> Result<Known> {
    // By what contacts carry still, too, while they follow a new name.
    const TAGS: Sql = sql!(
        "select t.id, array[t.name] || array(select r.name from tag_runs r where r.tag_id = t.id order by r.name) as names
         from tags t where t.id = any($1)"
    );
    const STAGES: Sql = sql!("select key from contact_stages where removed_at is null");
    const OTHERS: Sql = sql!(
        "select id from pipelines where id = any($1) union all select id from pipeline_stages where id = any($1)
         union all select id from forms where id = any($1)"
    );
    const MERGED: Sql = sql!(
        "select 'con' as prefix, id, merged_into as kept from contacts where id = any($1) and merged_into is not null
         union all select 'com', id, merged_into from companies where id = any($1) and merged_into is not null"
    );
    row! { struct Tag { id: Uuid, names: Vec<String> } }
    row! { struct Merged { prefix: String, id: Uuid, kept: Uuid } }
    let Names { tags, linked, others } = names;
    let mut known = Known { country: tx.tenant().country.clone(), ..Known::default() };
    if !tags.is_empty() {
        let rows: Vec<Tag> = tx.rows(TAGS, &[tags]).await?;
        known.tags = rows.into_iter().map(|tag| (tag.id, tag.names)).collect();
    }
    if !others.is_empty() {
        known.others = tx.values::<Uuid>(OTHERS, &[others]).await?.into_iter().collect();
    }
    if !linked.is_empty() {
        let rows: Vec<Merged> = tx.rows(MERGED, &[linked]).await?;
        let wire = |prefix: &str, id| format!("{prefix}_{}", kernel::ids::encode(id));
        known.merged = rows.iter().map(|row| (wire(&row.prefix, row.id), wire(&row.prefix, row.kept))).collect();
    }
    known.stages = tx.values::<String>(STAGES, &[]).await?.into_iter().collect();
    for (kind, record) in [
        (RecordKind::Contact, None),
        (RecordKind::Deal, Some(RelatedRecord::Deal)),
        (RecordKind::Company, Some(RelatedRecord::Company)),
    ] {
        let own = fields::fields_of(tx, kind).await?;
        let known_ones =
            own.0.iter().map(|f| KnownField { id: f.id.0, record, key: f.key.clone(), shape: shape(f.shape()) });
        known.fields.extend(known_ones);
    }
    Ok(known)
}

fn shape(shape: CustomFieldShape) -> catalogue::Custom {
    use catalogue::Custom;
    match shape {
        CustomFieldShape::Text => Custom::Text,
        CustomFieldShape::LongText => Custom::LongText,
        CustomFieldShape::Number => Custom::Number,
        CustomFieldShape::Money => Custom::Money,
        CustomFieldShape::Date => Custom::Date,
        CustomFieldShape::Select => Custom::Select,
        CustomFieldShape::MultiSelect => Custom::MultiSelect,
        CustomFieldShape::Checkbox => Custom::Checkbox,
        CustomFieldShape::Id => Custom::Id,
    }
}

row! {
    /// A segment that a person is in, as it is handed out.
    pub struct MembershipRow { pub segment: String, pub entered_at: DateTime<Utc> }
}

/// Segments that a contact is in, by name.
pub async fn of_person(tx: &mut Tx, contact: ContactId) -> Result<Vec<MembershipRow>> {
    const OF: Sql = sql!(
        "select s.name as segment, m.entered_at from segment_members m join segments s on s.id = m.segment_id
         where m.contact_id = $1 and s.deleted_at is null order by s.name_key, s.id"
    );
    tx.rows(OF, &[&contact]).await
}

row! {
    /// Whatever people wrote into a segment.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Words {
        pub id: SegmentId,
        pub name: String,
        pub description: Option<String>,
        pub definition: Option<SegmentRule>,
    }
}

/// Segments that a contact is in, and those that may mention one of these lower-case texts or ask for a phone number, deleted ones too;
/// all locked in one order until the end of the transaction.
pub async fn concerning(tx: &mut Tx, contact: ContactId, mentions: &[String]) -> Result<Vec<Words>> {
    const CONCERNING: Sql = sql!(
        "select s.id, s.name, s.description, s.definition from segments s
         where s.id in (select m.segment_id from segment_members m where m.contact_id = $1) or position('\"phone\"' in s.definition::text) > 0
           or exists (select from unnest($2::text[]) as t(mention)
             where position(t.mention in lower(concat_ws(' ', s.name, s.description, s.definition::text))) > 0)
         order by s.id for no key update"
    );
    tx.rows(CONCERNING, &[&contact, &mentions]).await
}

/// Writes the words of locked segments; members of those that are defined otherwise are to be found anew.
pub async fn reword(tx: &mut Tx, words: &[Words]) -> Result<()> {
    const REWORD: Sql = sql!(
        "update segments s set name = r.name, name_key = fold(r.name), description = r.description, definition = r.definition,
           is_building = s.is_building or r.definition is distinct from s.definition,
           built_to = case when r.definition is distinct from s.definition then null else s.built_to end, updated_at = $2, version = s.version + 1
         from jsonb_to_recordset($1) as r(id uuid, name text, description text, definition jsonb) where s.id = r.id"
    );
    let row = |words: &Words| json!({ "id": words.id.0, "name": words.name, "description": words.description, "definition": words.definition });
    let (rows, now) = (Value::Array(words.iter().map(row).collect()), tx.now());
    tx.exec(REWORD, &[&rows, &now]).await.map(|_| ())
}

/// Takes a contact out of every segment, which are locked; gives which, and how many lines there were.
pub async fn forget(tx: &mut Tx, contact: ContactId) -> Result<(Vec<SegmentId>, u64)> {
    const MEMBERS: Sql = sql!("delete from segment_members where contact_id = $1 returning segment_id");
    const PICKS: Sql = sql!("delete from segment_picks where contact_id = $1");
    const NOTED: Sql = sql!("delete from segment_dirty where contact_id = $1");
    let left: Vec<SegmentId> = tx.values(MEMBERS, &[&contact]).await?;
    let picks = tx.exec(PICKS, &[&contact]).await?;
    let noted = tx.exec(NOTED, &[&contact]).await?;
    let lines = left.len() as u64 + picks + noted;
    Ok((left, lines))
}
