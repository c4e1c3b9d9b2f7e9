//! Every statement on activities.
use super::model::{Activity, ActivityId, ActivityTopic, Draft};
use crate::records::{Reach, Record};
use contacts::ContactId;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql, contains},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Every activity; the caller adds with whom.
pub const LIST: ListSpec = ListSpec {
    select: "select a.id, a.contact_id as contact, a.company_id as company, a.deal_id as deal, a.author_id as author, a.kind, a.direction, \
        a.topic, a.title, a.body, a.outcome, a.duration_seconds, a.occurred_at, a.created_at, a.updated_at, a.version from activities a",
    id: "a.id",
    always: "",
    fields: &[
        Field { name: "kind", sql: "a.kind", kind: FieldKind::Text, sort: None },
        Field { name: "direction", sql: "a.direction", kind: FieldKind::Text, sort: None },
        Field { name: "topic", sql: "a.topic", kind: FieldKind::Text, sort: None },
        Field { name: "author", sql: "a.author_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "occurred_at", sql: "a.occurred_at", kind: FieldKind::Time, sort: Some("a.occurred_at") },
    ],
    default_sort: "-occurred_at",
};

/// What is about a contact that is gone or out of reach is not seen, and with companies and deals likewise.
const OF_CONTACT: &str = "(a.company_id is not null or a.deal_id is not null or exists (select from contacts c where c.id = a.contact_id \
    and c.deleted_at is null and (?::uuid[] is null or c.owner_id = any(?))))";
const OF_COMPANY: &str = "(a.company_id is null or exists (select from companies m where m.id = a.company_id and m.deleted_at is null \
    and (?::uuid[] is null or m.owner_id = any(?))))";
const OF_DEAL: &str = "(a.deal_id is null or exists (select from deals d where d.id = a.deal_id and d.deleted_at is null \
    and (?::uuid[] is null or d.owner_id = any(?))))";

fn within(reach: &Reach) -> [Clause<'_>; 3] {
    [
        Clause(OF_CONTACT, &reach.contacts, Type::UUID_ARRAY),
        Clause(OF_COMPANY, &reach.companies, Type::UUID_ARRAY),
        Clause(OF_DEAL, &reach.deals, Type::UUID_ARRAY),
    ]
}

/// Gets activities in reach, all of them, ready for a file; how many.
pub(super) async fn open(tx: &mut Tx, query: &ListQuery, reach: &Reach) -> Result<u64> {
    const SHEET: ListSpec = ListSpec {
        select: "select a.id, a.contact_id as contact, (select k.display_name from contacts k where k.id = a.contact_id) as contact_name, \
            a.company_id as company, (select o.name from companies o where o.id = a.company_id) as company_name, \
            a.deal_id as deal, (select t.title from deals t where t.id = a.deal_id) as deal_title, \
            a.author_id as author, a.kind, a.direction, a.topic, a.title, a.body, a.outcome, a.duration_seconds, a.occurred_at, a.created_at, \
            a.updated_at from activities a",
        default_sort: "occurred_at",
        ..LIST
    };
    tx.open_whole(&SHEET, &[], query, &within(reach)).await
}

/// One page of activities in reach: all, or those with a contact, or about a company or a deal.
pub async fn list(tx: &mut Tx, record: Option<Record>, query: &ListQuery, reach: &Reach) -> Result<Page<Activity>> {
    let (id, about) = match record {
        None => (None, "?::uuid is null"),
        Some(record @ Record::Contact(_)) => (Some(record.id()), "a.contact_id = ?"),
        Some(record @ Record::Company(_)) => (Some(record.id()), "a.company_id = ?"),
        Some(record @ Record::Deal(_)) => (Some(record.id()), "a.deal_id = ?"),
    };
    let [contacts, companies, deals] = within(reach);
    tx.list(&LIST, query, &[Clause(about, &id, Type::UUID), contacts, companies, deals]).await
}

/// A new activity.
pub async fn insert(
    tx: &mut Tx,
    id: ActivityId,
    (record, with): (Record, Option<ContactId>),
    author: Option<Uuid>,
    draft: &Draft,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into activities (id, contact_id, author_id, kind, direction, title, body, outcome, duration_seconds, occurred_at, created_at, updated_at, topic, company_id, deal_id, search)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14, ' ' || fold(concat_ws(' ', $6::text, $7::text, $8::text)))"
    );
    let now = tx.now();
    let d = draft;
    tx.exec_one(
        INSERT,
        &[
            &id,
            &record.contact().or(with),
            &author,
            &d.kind,
            &d.direction,
            &d.title,
            &d.body,
            &d.outcome,
            &d.duration_seconds,
            &d.occurred_at,
            &now,
            &d.topic.map(ActivityTopic::as_str),
            &record.company(),
            &record.deal(),
        ],
    )
    .await
}

/// The activity, if what it is about is in reach.
pub async fn find(tx: &mut Tx, id: ActivityId, reach: &Reach) -> Result<Activity> {
    const FIND: Sql = sql!(
        "select a.id, a.contact_id as contact, a.company_id as company, a.deal_id as deal, a.author_id as author, a.kind, a.direction,
           a.topic, a.title, a.body, a.outcome, a.duration_seconds, a.occurred_at, a.created_at, a.updated_at, a.version
         from activities a where a.id = $1
           and (a.company_id is not null or a.deal_id is not null or exists (select from contacts c where c.id = a.contact_id
             and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))))
           and (a.company_id is null or exists (select from companies m where m.id = a.company_id and m.deleted_at is null
             and ($3::uuid[] is null or m.owner_id = any($3))))
           and (a.deal_id is null or exists (select from deals d where d.id = a.deal_id and d.deleted_at is null
             and ($4::uuid[] is null or d.owner_id = any($4))))"
    );
    tx.row(FIND, &[&id, &reach.contacts, &reach.companies, &reach.deals]).await
}

/// The activity, locked until the end of the transaction; the deal it is about too, and before it.
pub async fn find_for_update(tx: &mut Tx, id: ActivityId, reach: &Reach) -> Result<Activity> {
    const LOCK: Sql = sql!("select a.version from activities a where a.id = $1 for update");
    if let Some(deal) = find(tx, id, reach).await?.deal {
        deals::hold(tx, deal, &reach.deals).await?;
    }
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id, reach).await
}

/// Writes a locked activity.
pub async fn update(tx: &mut Tx, id: ActivityId, draft: &Draft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update activities set kind = $2, direction = $3, title = $4, body = $5, outcome = $6, duration_seconds = $7, occurred_at = $8,
           updated_at = $9, topic = $10, search = ' ' || fold(concat_ws(' ', $4::text, $5::text, $6::text)), version = version + 1 where id = $1"
    );
    let now = tx.now();
    let d = draft;
    let topic = d.topic.map(ActivityTopic::as_str);
    tx.exec_one(
        UPDATE,
        &[&id, &d.kind, &d.direction, &d.title, &d.body, &d.outcome, &d.duration_seconds, &d.occurred_at, &now, &topic],
    )
    .await
}

/// Removes an activity.
pub async fn delete(tx: &mut Tx, id: ActivityId) -> Result<()> {
    const DELETE: Sql = sql!("delete from activities where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}

/// Every activity with a contact.
pub async fn all_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Activity>> {
    const ALL_OF: Sql = sql!(
        "select a.id, a.contact_id as contact, a.company_id as company, a.deal_id as deal, a.author_id as author, a.kind, a.direction,
           a.topic, a.title, a.body, a.outcome, a.duration_seconds, a.occurred_at, a.created_at, a.updated_at, a.version
         from activities a where a.contact_id = $1 order by a.occurred_at, a.id"
    );
    tx.rows(ALL_OF, &[&contact]).await
}

/// Removes every activity with a contact; gives how many.
pub async fn delete_all_of(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const DELETE_ALL_OF: Sql = sql!("delete from activities where contact_id = $1");
    tx.exec(DELETE_ALL_OF, &[&contact]).await
}

/// Activities with other contacts that mention one of these texts, as their index finds them, lose their words; gives how many.
pub async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    const REDACT: Sql = sql!(
        "update activities set title = '[erased]', body = null, outcome = null, search = '', updated_at = $2, version = version + 1
         where search like any(array(select fold(m.pattern) from unnest($1::text[]) as m(pattern)))"
    );
    let patterns: Vec<String> = mentions.iter().map(|mention| contains(mention)).collect();
    let now = tx.now();
    tx.exec(REDACT, &[&patterns, &now]).await
}
