//! Every statement on custom fields and the index of their values.
use super::model::{CustomField, CustomFieldId, RecordKind};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, KeyedField, KeyedSort, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select f.id, f.record, f.key, f.label, f.help, f.type as kind, f.options, f.decimals, f.currency, f.target, f.expression, f.result, \
        f.blank_as_zero, f.is_required as required, f.is_unique as unique, f.default_value as default, f.section, f.position, f.archived_at, \
        f.deleting_at, f.work_state, f.work_done, f.work_total, f.created_at, f.updated_at, f.version from custom_fields f",
    id: "f.id",
    always: "",
    fields: &[
        Field { name: "record", sql: "f.record", kind: FieldKind::Text, sort: None },
        Field { name: "key", sql: "f.key", kind: FieldKind::Text, sort: None },
        Field { name: "type", sql: "f.type", kind: FieldKind::Text, sort: None },
        Field { name: "section", sql: "f.section", kind: FieldKind::Text, sort: None },
        Field { name: "archived_at", sql: "f.archived_at", kind: FieldKind::Time, sort: None },
        Field { name: "position", sql: "f.position", kind: FieldKind::Int, sort: Some("f.position") },
        Field { name: "created_at", sql: "f.created_at", kind: FieldKind::Time, sort: Some("f.created_at") },
    ],
    default_sort: "position",
};

pub async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Page<CustomField>> {
    tx.list(&LIST, query, &[]).await
}

pub async fn find(tx: &mut Tx, id: CustomFieldId) -> Result<CustomField> {
    const FIND: Sql = sql!(
        "select f.id, f.record, f.key, f.label, f.help, f.type as kind, f.options, f.decimals, f.currency, f.target, f.expression, f.result,
           f.blank_as_zero, f.is_required as required, f.is_unique as unique, f.default_value as default, f.section, f.position, f.archived_at,
           f.deleting_at, f.work_state, f.work_done, f.work_total, f.created_at, f.updated_at, f.version
         from custom_fields f where f.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// The field, locked until the end of the transaction: nobody writes a value of it meanwhile.
pub async fn find_for_update(tx: &mut Tx, id: CustomFieldId) -> Result<CustomField> {
    const LOCK: Sql = sql!("select f.version from custom_fields f where f.id = $1 for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id).await
}

/// The fields of a kind in their order, without those that are being deleted.
pub async fn of_record(tx: &mut Tx, record: RecordKind) -> Result<Vec<CustomField>> {
    const OF: Sql = sql!(
        "select f.id, f.record, f.key, f.label, f.help, f.type as kind, f.options, f.decimals, f.currency, f.target, f.expression, f.result,
           f.blank_as_zero, f.is_required as required, f.is_unique as unique, f.default_value as default, f.section, f.position, f.archived_at,
           f.deleting_at, f.work_state, f.work_done, f.work_total, f.created_at, f.updated_at, f.version
         from custom_fields f where f.record = $1 and f.deleting_at is null order by f.position, f.id"
    );
    tx.rows(OF, &[&record.as_str()]).await
}

/// Serialises everybody who changes definitions of the tenant, until the end of the transaction.
pub async fn lock_definitions(tx: &mut Tx) -> Result<()> {
    tx.lock("custom fields").await
}

/// Whether a field of this key is there, one that is being deleted included.
pub async fn has_key(tx: &mut Tx, record: RecordKind, key: &str) -> Result<bool> {
    const HAS: Sql = sql!("select exists (select from custom_fields where record = $1 and key = $2)");
    tx.value(HAS, &[&record.as_str(), &key]).await
}

pub async fn insert(tx: &mut Tx, field: &CustomField) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into custom_fields (id, record, key, label, help, type, options, decimals, currency, target, expression, result, blank_as_zero,
           is_required, is_unique, default_value, section, position, created_at, updated_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
           coalesce((select max(f.position) + 1 from custom_fields f where f.record = $2), 0), $18, $18"
    );
    let now = tx.now();
    tx.exec_one(
        INSERT,
        &[
            &field.id,
            &field.record.as_str(),
            &field.key,
            &field.label,
            &field.help,
            &field.kind.as_str(),
            &field.options,
            &field.decimals,
            &field.currency,
            &field.target.map(RecordKind::as_str),
            &field.expression,
            &field.result.map(super::model::FormulaResult::as_str),
            &field.blank_as_zero,
            &field.required,
            &field.unique,
            &field.default,
            &field.section,
            &now,
        ],
    )
    .await
}

/// Writes a locked field.
pub async fn update(tx: &mut Tx, field: &CustomField) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update custom_fields set label = $2, help = $3, options = $4, decimals = $5, expression = $6, blank_as_zero = $7, is_required = $8,
           is_unique = $9, default_value = $10, section = $11, archived_at = $12, updated_at = $13, version = version + 1
         where id = $1"
    );
    let now = tx.now();
    tx.exec_one(
        UPDATE,
        &[
            &field.id,
            &field.label,
            &field.help,
            &field.options,
            &field.decimals,
            &field.expression,
            &field.blank_as_zero,
            &field.required,
            &field.unique,
            &field.default,
            &field.section,
            &field.archived_at,
            &now,
        ],
    )
    .await
}

/// Makes the values of a locked field unique, or lets them be equal; fails on the index when two are.
pub async fn set_unique(tx: &mut Tx, id: CustomFieldId, unique: bool) -> Result<()> {
    const SET: Sql = sql!(
        "update custom_field_values set unique_key = case when $2 then coalesce(text_key, number_key::text, date_key::text) end where field_id = $1"
    );
    tx.exec(SET, &[&id, &unique]).await.map(|_| ())
}

/// Gives fields their places.
pub async fn set_positions(tx: &mut Tx, ids: &[CustomFieldId]) -> Result<()> {
    const SET: Sql = sql!(
        "update custom_fields f set position = (p.n - 1)::int, updated_at = $2, version = version + 1
         from unnest($1::uuid[]) with ordinality as p(id, n) where f.id = p.id and f.position <> p.n - 1"
    );
    let now = tx.now();
    tx.exec(SET, &[&ids, &now]).await.map(|_| ())
}

/// How many records have a value.
pub async fn count_records(tx: &mut Tx, id: CustomFieldId) -> Result<i64> {
    const COUNT: Sql = sql!("select count(distinct record_id) from custom_field_values where field_id = $1");
    tx.value(COUNT, &[&id]).await
}

/// Notes that records are to be gone through; `deleting` for the last time.
pub async fn request_work(tx: &mut Tx, id: CustomFieldId, total: i64, deleting: Option<DateTime<Utc>>) -> Result<()> {
    const REQUEST: Sql = sql!(
        "update custom_fields set work_state = 'waiting', work_done = 0, work_total = $2, deleting_at = coalesce($3, deleting_at),
           version = version + 1 where id = $1"
    );
    tx.exec_one(REQUEST, &[&id, &total, &deleting]).await
}

/// Notes how far the work has come.
pub async fn advance(tx: &mut Tx, id: CustomFieldId, done: i64, total: Option<i64>) -> Result<()> {
    const ADVANCE: Sql = sql!(
        "update custom_fields set work_state = 'running', work_total = greatest(coalesce($3, work_total), work_done + $2), work_done = work_done + $2
         where id = $1"
    );
    tx.exec(ADVANCE, &[&id, &done, &total]).await.map(|_| ())
}

/// Notes that the work is done.
pub async fn finish(tx: &mut Tx, id: CustomFieldId) -> Result<()> {
    const FINISH: Sql = sql!("update custom_fields set work_state = 'idle', work_total = work_done where id = $1");
    tx.exec(FINISH, &[&id]).await.map(|_| ())
}

/// Some records that have a value of a field.
pub async fn some_records(tx: &mut Tx, id: CustomFieldId, limit: i64) -> Result<Vec<Uuid>> {
    const SOME: Sql = sql!(
        "select distinct s.record_id from (select record_id from custom_field_values where field_id = $1 order by record_id limit $2) s order by 1"
    );
    tx.values(SOME, &[&id, &limit]).await
}

/// Removes a field that has no value any more.
pub async fn delete(tx: &mut Tx, id: CustomFieldId) -> Result<()> {
    tx.exec_one(sql!("delete from custom_fields where id = $1"), &[&id]).await
}

/// Removes the rows of values; `records` and `fields` pair up.
pub async fn clear(tx: &mut Tx, records: &[Uuid], fields: &[Uuid]) -> Result<()> {
    const CLEAR: Sql = sql!(
        "delete from custom_field_values v using unnest($1::uuid[], $2::uuid[]) as g(record_id, field_id)
         where v.record_id = g.record_id and v.field_id = g.field_id"
    );
    tx.exec(CLEAR, &[&records, &fields]).await.map(|_| ())
}

/// Removes every row of records.
pub async fn forget(tx: &mut Tx, records: &[Uuid]) -> Result<u64> {
    tx.exec(sql!("delete from custom_field_values where record_id = any($1)"), &[&records]).await
}

/// Lets links to a record lead to another one; a unique link that is taken stays. Gives record and field of each.
pub async fn relink(tx: &mut Tx, target: RecordKind, from: &str, to: &str) -> Result<Vec<Relinked>> {
    const RELINK: Sql = sql!(
        "update custom_field_values v set text_key = $2, unique_key = case when v.unique_key is not null then $2 end from custom_fields f
         where f.id = v.field_id and f.type = 'link' and f.target = $3 and f.deleting_at is null and v.text_key = $1
           and (v.unique_key is null or not exists (select from custom_field_values o where o.field_id = v.field_id and o.unique_key = $2))
         returning v.record_id as record, v.field_id as field"
    );
    tx.rows(RELINK, &[&from, &to, &target.as_str()]).await
}

/// Takes that back where it still is so; `records` and `fields` pair up.
pub async fn relink_back(tx: &mut Tx, (records, fields): (&[Uuid], &[Uuid]), from: &str, to: &str) -> Result<()> {
    const BACK: Sql = sql!(
        "update custom_field_values v set text_key = $3, unique_key = case when v.unique_key is not null then $3 end
         from unnest($1::uuid[], $2::uuid[]) as l(record_id, field_id)
         where v.record_id = l.record_id and v.field_id = l.field_id and v.text_key = $4"
    );
    tx.exec(BACK, &[&records, &fields, &from, &to]).await.map(|_| ())
}

row! {
    /// A link that leads elsewhere now.
    pub struct Relinked {
        /// The record that has it.
        pub record: Uuid,
        /// The field it is in.
        pub field: Uuid,
    }
}

/// Rows of the index, as the columns of an `unnest`.
#[derive(Debug, Default)]
pub struct Rows {
    pub records: Vec<Uuid>,
    pub fields: Vec<Uuid>,
    pub positions: Vec<i16>,
    pub texts: Vec<Option<String>>,
    pub folded: Vec<bool>,
    pub searches: Vec<Option<String>>,
    pub numbers: Vec<Option<i64>>,
    pub dates: Vec<Option<NaiveDate>>,
}

/// Adds rows; gives the number of those it added. A row is missing when its unique value is another record's, or when its
/// field was put away or deleted meanwhile: the lock on the field waits for whoever does that. In the order of fields, so
/// that two who add several unique values seldom wait for each other.
pub async fn add(tx: &mut Tx, rows: &Rows) -> Result<Vec<String>> {
    const ADD: Sql = sql!(
        "with f as (select c.id, c.is_unique from custom_fields c where c.id = any($2) and c.deleting_at is null order by c.id for key share),
         added as (
           insert into custom_field_values (record_id, field_id, position, text_key, search_key, number_key, date_key, unique_key)
           select g.record_id, g.field_id, g.position, g.key, g.search, g.number, g.day,
             case when f.is_unique then coalesce(g.key, g.number::text, g.day::text) end
           from (
             select u.record_id, u.field_id, u.position, case when u.folds then left(fold(u.text), 255) else u.text end as key,
               case when u.folds then left(fold(u.text), 255) else fold(u.search) end as search, u.number, u.day
             from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::bool[], $6::text[], $7::bigint[], $8::date[])
               as u(record_id, field_id, position, text, folds, search, number, day)) g
           join f on f.id = g.field_id order by g.field_id, g.record_id, g.position
           on conflict (field_id, unique_key) where unique_key is not null do nothing
           returning record_id, field_id)
         select a.record_id::text || ' ' || a.field_id::text from added a"
    );
    tx.values(
        ADD,
        &[
            &rows.records,
            &rows.fields,
            &rows.positions,
            &rows.texts,
            &rows.folded,
            &rows.searches,
            &rows.numbers,
            &rows.dates,
        ],
    )
    .await
}

row! {
    /// Who has a unique value.
    pub struct Holder {
        /// Its place among the values that were asked for, from 1.
        pub n: i64,
        /// The value as it is compared.
        pub unique_key: String,
        /// The record that has it.
        pub record: Option<Uuid>,
    }
}

/// Who has these values of unique fields.
pub async fn holders(tx: &mut Tx, rows: &Rows) -> Result<Vec<Holder>> {
    const HOLDERS: Sql = sql!(
        "select k.n, k.unique_key, v.record_id as record from (
           select u.n, u.field_id, coalesce(left(fold(u.text), 255), u.number::text, u.day::text) as unique_key
           from unnest($1::uuid[], $2::text[], $3::bigint[], $4::date[]) with ordinality as u(field_id, text, number, day, n)) k
         left join custom_field_values v on v.field_id = k.field_id and v.unique_key = k.unique_key
         where k.unique_key is not null order by k.n"
    );
    tx.rows(HOLDERS, &[&rows.fields, &rows.texts, &rows.numbers, &rows.dates]).await
}

/// Which of these records are there and not deleted.
pub async fn existing(tx: &mut Tx, contacts: &[Uuid], companies: &[Uuid], deals: &[Uuid]) -> Result<Vec<Uuid>> {
    const EXISTING: Sql = sql!(
        "select id from contacts where id = any($1) and deleted_at is null
         union all select id from companies where id = any($2) and deleted_at is null
         union all select id from deals where id = any($3) and deleted_at is null"
    );
    tx.values(EXISTING, &[&contacts, &companies, &deals]).await
}

row! {
    /// A record that a text leads to.
    pub struct Lead { pub said: String, pub record: Uuid }
}

/// Records in reach that texts lead to, by id, name or address; of each text a few at most. The lists pair up.
pub async fn leads(
    tx: &mut Tx,
    target: RecordKind,
    said: &[&str],
    ids: &[Option<Uuid>],
    addresses: &[String],
    owners: &Option<Vec<Uuid>>,
) -> Result<Vec<Lead>> {
    const CONTACTS: Sql = sql!(
        "select distinct s.said, r.id as record from unnest($1::text[], $2::uuid[], $3::text[]) as s(said, id, address) cross join lateral (
           (select c.id from contacts c where c.id = s.id and c.deleted_at is null and ($4::uuid[] is null or c.owner_id = any($4)))
           union all (select c.id from contacts c where c.name_key = fold(s.said) and c.deleted_at is null
             and ($4::uuid[] is null or c.owner_id = any($4)) limit 2)
           union all (select c.id from contact_emails e join contacts c on c.id = e.contact_id where e.canonical = s.address
             and c.deleted_at is null and ($4::uuid[] is null or c.owner_id = any($4)) limit 2)) r"
    );
    const COMPANIES: Sql = sql!(
        "select distinct s.said, r.id as record from unnest($1::text[], $2::uuid[], $3::text[]) as s(said, id, address) cross join lateral (
           (select c.id from companies c where c.id = s.id and c.deleted_at is null and ($4::uuid[] is null or c.owner_id = any($4)))
           union all (select c.id from companies c where c.name_key = fold(s.said) and c.deleted_at is null
             and ($4::uuid[] is null or c.owner_id = any($4)) limit 2)
           union all (select c.id from companies c where c.domain = s.address and c.deleted_at is null
             and ($4::uuid[] is null or c.owner_id = any($4)) limit 2)) r"
    );
    const DEALS: Sql = sql!(
        "select distinct s.said, r.id as record from unnest($1::text[], $2::uuid[]) as s(said, id) cross join lateral (
           (select d.id from deals d where d.id = s.id and d.deleted_at is null and ($3::uuid[] is null or d.owner_id = any($3)))
           union all (select d.id from deals d where d.name_key = fold(s.said) and d.deleted_at is null
             and ($3::uuid[] is null or d.owner_id = any($3)) limit 2)) r"
    );
    match target {
        RecordKind::Contact => tx.rows(CONTACTS, &[&said, &ids, &addresses, owners]).await,
        RecordKind::Company => tx.rows(COMPANIES, &[&said, &ids, &addresses, owners]).await,
        RecordKind::Deal => tx.rows(DEALS, &[&said, &ids, owners]).await,
    }
}

/// Which of these files are attached to the record.
pub async fn attached(tx: &mut Tx, files: &[Uuid], record: Uuid) -> Result<Vec<Uuid>> {
    const ATTACHED: Sql = sql!("select id from files where id = any($1) and owner_id = $2 and state = 'attached'");
    tx.values(ATTACHED, &[&files, &record]).await
}

/// A field as lists of its records ask for it.
pub fn keyed(field: &CustomField, kind: FieldKind, key: &'static str, sorted: Option<&'static str>) -> KeyedField {
    let (rows, join) = match field.record {
        RecordKind::Contact | RecordKind::Company => (
            "custom_field_values v where v.record_id = c.id and v.field_id =",
            "join custom_field_values s on s.record_id = c.id and s.field_id =",
        ),
        RecordKind::Deal => (
            "custom_field_values v where v.record_id = d.id and v.field_id =",
            "join custom_field_values s on s.record_id = d.id and s.field_id =",
        ),
    };
    KeyedField {
        name: format!("custom.{}", field.key),
        id: field.id.0,
        kind,
        rows,
        key,
        search: "v.search_key",
        sort: sorted.map(|key| KeyedSort { join, key, record: "s.record_id" }),
    }
}
