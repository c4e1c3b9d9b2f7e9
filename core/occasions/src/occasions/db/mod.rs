//! Every statement on occasions.
pub(super) mod days;
pub(super) mod imports;
pub(super) mod renewals;

pub(crate) use days::Asked;

use super::model::{Draft, Occasion, OccasionId};
use chrono::{DateTime, NaiveDate, Utc};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{
    Result, Tx,
    db::{Change, Clause, Field, FieldKind, ListQuery, ListSpec, Reference, Sql},
    http::Page,
    row, sql,
};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// What is read of an occasion, of the table `occasions o`.
macro_rules! columns {
    () => {
        "o.id, o.contact_id as contact, (select c.display_name from contacts c where c.id = o.contact_id) as contact_name, \
         o.company_id as company, (select m.name from companies m where m.id = o.company_id) as company_name, o.kind, o.label, o.date_kind, \
         o.year, o.month, o.day, o.nth, o.weekday, o.leap_policy, o.notices, null::date as next_on, null::int as next_years, \
         o.created_at, o.updated_at, o.deleted_at, o.version"
    };
}

const FIELDS: &[Field] = &[
    Field { name: "kind", sql: "o.kind", kind: FieldKind::Text, sort: None },
    Field { name: "contact", sql: "o.contact_id", kind: FieldKind::Id("con"), sort: None },
    Field { name: "company", sql: "o.company_id", kind: FieldKind::Id("com"), sort: None },
    Field { name: "date_kind", sql: "o.date_kind", kind: FieldKind::Text, sort: None },
    Field { name: "month", sql: "o.month::bigint", kind: FieldKind::Int, sort: None },
    Field { name: "created_at", sql: "o.created_at", kind: FieldKind::Time, sort: Some("o.created_at") },
    Field { name: "updated_at", sql: "o.updated_at", kind: FieldKind::Time, sort: Some("o.updated_at") },
    Field { name: "deleted_at", sql: "o.deleted_at", kind: FieldKind::Time, sort: Some("o.deleted_at") },
];

/// A day that both have is had once.
const DAYS: Reference = Reference {
    stays: Some(
        "k.kind = l.kind and k.anchor = l.anchor and k.year is not distinct from l.year and k.label is not distinct from l.label
         and k.deleted_at is null",
    ),
    ..Reference::new("occasions", "contact_id", &["id"])
};

/// Days of a company follow it when it becomes part of another one.
pub(crate) const COMPANY_REFERENCES: &[Reference] = &[Reference { column: "company_id", ..DAYS }];

/// Days and greetings follow a contact that becomes part of another one. Who was greeted twice on a day, or for
/// the same, was, so one of the two no longer counts as the only greeting.
pub(crate) const REFERENCES: &[Reference] = &[
    DAYS,
    Reference {
        changes: &[Change {
            of_kept: false,
            when: "l.state = 'sent' and l.exclusive and exists (select from greeting_sends k where k.contact_id = $1
                and (k.day = l.day or k.occurrence = l.occurrence) and k.state = 'sent' and k.exclusive)",
            set: &[("exclusive", "false")],
        }],
        stays: Some(
            "k.greeting_id = l.greeting_id and (k.day = l.day or (k.occurrence = l.occurrence and k.state = 'sent' and l.state = 'sent'))",
        ),
        ..Reference::new("greeting_sends", "contact_id", &["id"])
    },
];

/// Whose contact or company was deleted is not shown either: it may come back with it.
const LIST: ListSpec = ListSpec {
    select: concat!("select ", columns!(), " from occasions o"),
    id: "o.id",
    always: "o.deleted_at is null and not exists (select from contacts c where c.id = o.contact_id and c.deleted_at is not null) \
        and not exists (select from companies m where m.id = o.company_id and m.deleted_at is not null)",
    fields: FIELDS,
    default_sort: "-created_at",
};

const DELETED: ListSpec = ListSpec { always: "o.deleted_at is not null", default_sort: "-deleted_at", ..LIST };

/// Said with what `LIST` holds anyway, so that the indexes of what is there answer it.
const OWNED: &str = "(exists (select from contacts c where c.id = o.contact_id and c.owner_id = any(?) and c.deleted_at is null) \
    or exists (select from companies m where m.id = o.company_id and m.owner_id = any(?) and m.deleted_at is null))";

const DELETED_OWNED: &str = "(exists (select from contacts c where c.id = o.contact_id and c.owner_id = any(?)) \
    or exists (select from companies m where m.id = o.company_id and m.owner_id = any(?)))";

fn within<'a>(owned: &'static str, owners: &'a Owners) -> Vec<Clause<'a>> {
    owners.iter().map(|owners| Clause(owned, owners, Type::UUID_ARRAY)).collect()
}

/// One page of occasions.
pub(super) async fn list(tx: &mut Tx, deleted: bool, query: &ListQuery, owners: &Owners) -> Result<Page<Occasion>> {
    let (spec, owned) = if deleted { (&DELETED, DELETED_OWNED) } else { (&LIST, OWNED) };
    tx.list(spec, query, &within(owned, owners)).await
}

/// Gets those that are not deleted, all of them, ready for a file; how many.
pub(super) async fn open(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<u64> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..LIST };
    tx.open_whole(&SHEET, &[], query, &within(OWNED, owners)).await
}

/// The occasion, if what it is about is in reach.
pub(super) async fn find(tx: &mut Tx, id: OccasionId, owners: &Owners) -> Result<Occasion> {
    const FIND: Sql = sql!(
        "select o.id, o.contact_id as contact, (select c.display_name from contacts c where c.id = o.contact_id) as contact_name,
           o.company_id as company, (select m.name from companies m where m.id = o.company_id) as company_name, o.kind, o.label, o.date_kind,
           o.year, o.month, o.day, o.nth, o.weekday, o.leap_policy, o.notices, null::date as next_on, null::int as next_years,
           o.created_at, o.updated_at, o.deleted_at, o.version
         from occasions o where o.id = $1 and o.deleted_at is null
           and not exists (select from contacts c where c.id = o.contact_id and c.deleted_at is not null)
           and not exists (select from companies m where m.id = o.company_id and m.deleted_at is not null)
           and ($2::uuid[] is null or exists (select from contacts c where c.id = o.contact_id and c.owner_id = any($2))
             or exists (select from companies m where m.id = o.company_id and m.owner_id = any($2)))"
    );
    tx.row(FIND, &[&id, owners]).await
}

/// The occasion, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: OccasionId, owners: &Owners) -> Result<Occasion> {
    const LOCK: Sql = sql!("select o.version from occasions o where o.id = $1 and o.deleted_at is null for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id, owners).await
}

/// A new occasion.
pub(super) async fn insert(
    tx: &mut Tx,
    id: OccasionId,
    (contact, company): (Option<ContactId>, Option<CompanyId>),
    draft: &Draft,
    anchor: &str,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into occasions (id, contact_id, company_id, kind, label, date_kind, year, month, day, nth, weekday, leap_policy, notices,
           anchor, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)"
    );
    let now = tx.now();
    let date = &draft.date;
    let leap = date.leap_policy.map(|policy| policy.as_str());
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &contact,
        &company,
        &draft.kind.as_str(),
        &draft.label,
        &date.date_kind.as_str(),
        &date.year,
        &date.month,
        &date.day,
        &date.nth,
        &date.weekday,
        &leap,
        &draft.notices,
        &anchor,
        &now,
    ];
    tx.exec_one(INSERT, values).await
}

/// Writes a locked occasion.
pub(super) async fn update(tx: &mut Tx, id: OccasionId, draft: &Draft, anchor: &str) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update occasions set kind = $2, label = $3, date_kind = $4, year = $5, month = $6, day = $7, nth = $8, weekday = $9, leap_policy = $10,
           notices = $11, anchor = $12, updated_at = $13, version = version + 1 where id = $1"
    );
    let now = tx.now();
    let date = &draft.date;
    let leap = date.leap_policy.map(|policy| policy.as_str());
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &draft.kind.as_str(),
        &draft.label,
        &date.date_kind.as_str(),
        &date.year,
        &date.month,
        &date.day,
        &date.nth,
        &date.weekday,
        &leap,
        &draft.notices,
        &anchor,
        &now,
    ];
    tx.exec_one(UPDATE, values).await
}

/// Marks a locked occasion as deleted.
pub(super) async fn delete(tx: &mut Tx, id: OccasionId) -> Result<()> {
    const DELETE: Sql =
        sql!("update occasions set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Takes a deletion back.
pub(super) async fn restore(tx: &mut Tx, id: OccasionId, owners: &Owners) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update occasions o set deleted_at = null, updated_at = $2, version = version + 1 where o.id = $1 and o.deleted_at is not null
           and ($3::uuid[] is null or exists (select from contacts c where c.id = o.contact_id and c.owner_id = any($3))
             or exists (select from companies m where m.id = o.company_id and m.owner_id = any($3)))"
    );
    let now = tx.now();
    tx.exec_one(RESTORE, &[&id, &now, owners]).await
}

/// Removes an occasion that has been deleted at this moment; gives whether it was there.
pub(super) async fn purge(tx: &mut Tx, id: OccasionId, deleted_at: DateTime<Utc>) -> Result<bool> {
    const PURGE: Sql = sql!("delete from occasions where id = $1 and deleted_at = $2");
    Ok(tx.exec(PURGE, &[&id, &deleted_at]).await? == 1)
}

/// How many live occasions there are of a contact or a company. Whoever counts waits for others who add to the same one, until
/// the end of the transaction.
pub(super) async fn count_of(tx: &mut Tx, about: Uuid) -> Result<i64> {
    const COUNT: Sql = sql!(
        "select count(*) from occasions o where (o.contact_id = $1 or o.company_id = $1) and o.deleted_at is null"
    );
    tx.lock(&format!("occasions of {about}")).await?;
    tx.value(COUNT, &[&about]).await
}

/// Whether there is any occasion.
pub(crate) async fn any(tx: &mut Tx) -> Result<bool> {
    const ANY: Sql = sql!("select exists (select from occasions where deleted_at is null)");
    tx.value(ANY, &[]).await
}

row! {
    /// Somebody to be told of an occasion.
    #[derive(Debug, Clone)]
    pub(super) struct ToTell {
        pub id: OccasionId,
        pub on: NaiveDate,
        pub contact: Option<ContactId>,
        pub company: Option<CompanyId>,
        pub name: String,
        pub kind: super::model::OccasionKind,
        pub label: Option<String>,
        pub owner: Uuid,
    }
}

/// Occasions of a day so many days ahead whose owners want to be told of them now; `usual` says that the settings do.
pub(super) async fn to_tell(
    tx: &mut Tx,
    asked: &Asked,
    ahead: i32,
    usual: bool,
    after: Option<Uuid>,
) -> Result<Vec<ToTell>> {
    const TO_TELL: Sql = sql!(
        "select o.id, a.day as on, o.contact_id as contact, o.company_id as company, coalesce(c.display_name, m.name, '') as name, o.kind, o.label,
           coalesce(c.owner_id, m.owner_id) as owner
         from unnest($1::date[], $2::text[], $3::int[]) as a(day, anchor, year)
         join occasions o on o.anchor = a.anchor and o.deleted_at is null
         left join contacts c on c.id = o.contact_id and c.deleted_at is null
         left join companies m on m.id = o.company_id and m.deleted_at is null
         where coalesce(c.owner_id, m.owner_id) is not null and ($4 = any(o.notices) or ($5 and o.notices = '{}'))
           and coalesce(o.year <= a.year, true) and ($6::uuid is null or o.id > $6)
         order by o.id limit 200"
    );
    tx.rows(TO_TELL, &[&asked.days, &asked.anchors, &asked.years, &ahead, &usual, &after]).await
}

/// Every occasion of a contact, deleted or not.
pub(super) async fn of_contact(tx: &mut Tx, contact: ContactId) -> Result<Vec<Occasion>> {
    const OF: Sql = sql!(
        "select o.id, o.contact_id as contact, null::text as contact_name, o.company_id as company, null::text as company_name, o.kind, o.label,
           o.date_kind, o.year, o.month, o.day, o.nth, o.weekday, o.leap_policy, o.notices, null::date as next_on, null::int as next_years,
           o.created_at, o.updated_at, o.deleted_at, o.version
         from occasions o where o.contact_id = $1 order by o.created_at, o.id"
    );
    tx.rows(OF, &[&contact]).await
}

/// Removes every occasion of a contact.
pub(super) async fn erase(tx: &mut Tx, contact: ContactId) -> Result<Vec<OccasionId>> {
    const ERASE: Sql = sql!("delete from occasions where contact_id = $1 returning id");
    tx.values(ERASE, &[&contact]).await
}

/// Removes labels of companies' occasions that mention one of these texts.
pub(super) async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<Vec<OccasionId>> {
    const REDACT: Sql = sql!(
        "update occasions o set label = '[erased]', updated_at = $2, version = version + 1
         where o.label is not null and exists (select from unnest($1::text[]) as m(mention) where position(lower(m.mention) in lower(o.label)) > 0)
         returning o.id"
    );
    let now = tx.now();
    tx.values(REDACT, &[&mentions, &now]).await
}

/// How many days before an occasion somebody is told, each once: what the settings say and what occasions say.
pub(super) async fn notices_in_use(tx: &mut Tx, usual: &[i32]) -> Result<Vec<i32>> {
    const IN_USE: Sql = sql!(
        "select n.days from (select unnest($1::int[]) union select unnest(o.notices) from occasions o
           where o.deleted_at is null and o.notices <> '{}') as n(days) order by 1"
    );
    tx.values(IN_USE, &[&usual]).await
}
