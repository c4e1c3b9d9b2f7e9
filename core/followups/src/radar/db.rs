//! Every statement of the radar.
use super::model::{Met, QuietCompany, QuietContact, Touches};
use chrono::{DateTime, Utc};
use companies::CompanyId;
use contacts::Owners;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Waits for whoever counts when somebody was in touch with the contact, and makes others wait.
pub(super) async fn lock_contact(tx: &mut Tx, contact: Uuid) -> Result<()> {
    const LOCK: Sql = sql!("select c.version from contacts c where c.id = $1 for no key update");
    tx.value_opt::<i64>(LOCK, &[&contact]).await.map(drop)
}

/// When somebody was last in touch with a locked contact, and whether more of it is planned: with him or, while nobody looks
/// for that, with anybody. `at` is what happens now and is not written yet.
pub(super) async fn touches(tx: &mut Tx, contact: Uuid, at: Option<DateTime<Utc>>) -> Result<Touches> {
    const TOUCHES: Sql = sql!(
        "select greatest((select max(a.occurred_at) from activities a where a.contact_id = $1 and a.kind <> 'other' and a.occurred_at <= $3),
             (select max(s.accepted_at) from submissions s where s.contact_id = $1 and s.accepted_at is not null), $2::timestamptz) as last,
           exists (select from activities a where a.contact_id = $1 and a.kind <> 'other' and a.occurred_at > $3)
             or exists (select from activities a where a.occurred_at > $3 and a.kind <> 'other' and a.contact_id is not null
               and exists (select from working_time w where w.key = 1 and w.touch_at is null)) as is_planned"
    );
    let now = tx.now();
    tx.row(TOUCHES, &[&contact, &at, &now]).await
}

/// As of when somebody looks for what was planned.
pub(super) async fn watched(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.value(sql!("select w.touch_at from working_time w where w.key = 1"), &[]).await
}

/// The same, locked until the end of the transaction: whoever plans and whoever looks wait for each other.
pub(super) async fn watched_for_update(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.value(sql!("select w.touch_at from working_time w where w.key = 1 for no key update"), &[]).await
}

/// Writes it.
pub(super) async fn watch(tx: &mut Tx, at: Option<DateTime<Utc>>) -> Result<()> {
    tx.exec_one(sql!("update working_time set touch_at = $1 where key = 1"), &[&at]).await
}

/// When the next planned contact of all happens.
pub(super) async fn next_planned(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    const NEXT: Sql = sql!(
        "select a.occurred_at from activities a where a.occurred_at > $1 and a.kind <> 'other' and a.contact_id is not null
         order by a.occurred_at limit 1"
    );
    let now = tx.now();
    tx.value_opt(NEXT, &[&now]).await
}

/// Contacts with whom something planned has happened since a moment that does not count yet, in the order of their ids.
pub(super) async fn came(tx: &mut Tx, since: DateTime<Utc>, limit: i64) -> Result<Vec<Uuid>> {
    const CAME: Sql = sql!(
        "select distinct c.id from activities a join contacts c on c.id = a.contact_id
         where a.occurred_at >= $1 and a.occurred_at <= $2 and a.kind <> 'other' and (c.last_contact_at is null or c.last_contact_at < a.occurred_at)
         order by c.id limit $3"
    );
    let now = tx.now();
    tx.values(CAME, &[&since, &now, &limit]).await
}

const CONTACTS: ListSpec = ListSpec {
    select: "select c.id, c.display_name as name, c.company_name, c.stage, c.owner_id as owner, c.last_contact_at, \
        case when c.last_contact_at is not null then coalesce((select a.kind from activities a where a.contact_id = c.id and a.kind <> 'other' \
          and a.occurred_at = c.last_contact_at order by a.id desc limit 1), 'form') end as last_kind, \
        coalesce(c.last_contact_at, c.created_at) as quiet_since, \
        (select count(*) from deal_contacts dc join deals d on d.id = dc.deal_id where dc.contact_id = c.id and d.status = 'open' \
          and d.deleted_at is null) as open_deals from contacts c",
    id: "c.id",
    always: "c.deleted_at is null",
    fields: &[
        Field { name: "owner", sql: "c.owner_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "stage", sql: "c.stage", kind: FieldKind::Text, sort: None },
        Field {
            name: "quiet_since",
            sql: "coalesce(c.last_contact_at, c.created_at)",
            kind: FieldKind::Time,
            sort: Some("coalesce(c.last_contact_at, c.created_at)"),
        },
    ],
    default_sort: "quiet_since",
};

/// One page of contacts that are quiet since before a moment: those in reach, without those who asked not to be contacted
/// and those who are lost, unless they are wanted too.
pub(super) async fn contacts(
    tx: &mut Tx,
    query: &ListQuery,
    before: DateTime<Utc>,
    everybody: bool,
    owners: &Owners,
) -> Result<Page<QuietContact>> {
    const BEFORE: &str = "coalesce(c.last_contact_at, c.created_at) < ?";
    const WANTED: &str = "(? or (c.stage not in (select s.key from contact_stages s where s.outcome = 'lost') \
        and not exists (select from do_not_contact n where n.contact_id = c.id and n.direction = 'outbound' and n.channel = 'all')))";
    let mut clauses = vec![Clause(BEFORE, &before, Type::TIMESTAMPTZ), Clause(WANTED, &everybody, Type::BOOL)];
    clauses.extend(owners.iter().map(|_| Clause("c.owner_id = any(?)", owners, Type::UUID_ARRAY)));
    tx.list(&CONTACTS, query, &clauses).await
}

const COMPANIES: ListSpec = ListSpec {
    select: "select o.id, o.name, o.owner_id as owner, \
        (select max(c.last_contact_at) from company_contacts cc join contacts c on c.id = cc.contact_id \
          where cc.company_id = o.id and c.deleted_at is null) as last_contact_at, \
        (select count(*) from company_contacts cc where cc.company_id = o.id) as people, o.created_at from companies o",
    id: "o.id",
    always: "o.deleted_at is null and o.status in ('prospect', 'active', 'inactive')",
    fields: &[
        Field { name: "owner", sql: "o.owner_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "status", sql: "o.status", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "o.created_at", kind: FieldKind::Time, sort: Some("o.created_at") },
    ],
    default_sort: "created_at",
};

/// One page of companies that nobody was in touch with since a moment: with none of their people, nor with the company itself.
pub(super) async fn companies(
    tx: &mut Tx,
    query: &ListQuery,
    before: DateTime<Utc>,
    owners: &Owners,
) -> Result<Page<QuietCompany>> {
    const BEFORE: &str = "o.created_at < ? and not exists (select from company_contacts cc join contacts c on c.id = cc.contact_id \
        where cc.company_id = o.id and c.deleted_at is null and c.last_contact_at >= ?)";
    // What is planned is no contact yet.
    const ITSELF: &str = "not exists (select from activities a where a.company_id = o.id and a.kind <> 'other' \
        and a.occurred_at >= (?::timestamptz[])[1] and a.occurred_at <= (?::timestamptz[])[2])";
    let since = vec![before, tx.now()];
    let mut clauses = vec![Clause(BEFORE, &before, Type::TIMESTAMPTZ), Clause(ITSELF, &since, Type::TIMESTAMPTZ_ARRAY)];
    clauses.extend(owners.iter().map(|_| Clause("o.owner_id = any(?)", owners, Type::UUID_ARRAY)));
    let mut page: Page<QuietCompany> = tx.list(&COMPANIES, query, &clauses).await?;
    let ids: Vec<CompanyId> = page.items.iter().map(|company| company.id).collect();
    let met = met(tx, &ids).await?;
    for company in &mut page.items {
        let itself = met.iter().find(|met| met.company == company.id).map(|met| met.at);
        company.last_contact_at = company.last_contact_at.max(itself);
    }
    Ok(page)
}

/// When somebody was last in touch with companies themselves.
async fn met(tx: &mut Tx, ids: &[CompanyId]) -> Result<Vec<Met>> {
    const MET: Sql = sql!(
        "select o.id as company, a.occurred_at as at from companies o cross join lateral (
           select l.occurred_at from activities l where l.company_id = o.id and l.kind <> 'other' and l.occurred_at <= $2
           order by l.occurred_at desc limit 1) a
         where o.id = any($1)"
    );
    let now = tx.now();
    tx.rows(MET, &[&ids, &now]).await
}
