//! Every statement of the radar.
use super::model::{QuietCompany, QuietContact};
use chrono::{DateTime, Utc};
use contacts::{ContactId, Owners};
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    events::NewEvent,
    http::Page,
    sql,
};
use tokio_postgres::types::Type;

/// What counts as being in touch.
pub(crate) const KINDS: &[&str] =
    &["activity.logged", "activity.updated", "activity.deleted", "form.submitted", "contact.merge_undone"];

/// Keeps when somebody was last in touch with a contact, in the transaction in which that changes. It is counted anew each
/// time, with the contact locked, so it is right whatever was changed or removed at the same time. The contact's version
/// stays: nothing that anybody edits has changed.
pub(crate) async fn note(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    const LOCK: Sql = sql!("select c.version from contacts c where c.id = $1 for no key update");
    const LAST: Sql = sql!(
        "select greatest((select max(a.occurred_at) from activities a where a.contact_id = $1 and a.kind <> 'other'),
           (select max(s.accepted_at) from submissions s where s.contact_id = $1 and s.accepted_at is not null), $2::timestamptz)"
    );
    let Some(contact) = event.contact_id else { return Ok(()) };
    // A submission gets its contact after its event.
    let at = (event.kind == "form.submitted").then(|| tx.now());
    tx.value_opt::<i64>(LOCK, &[&contact]).await?;
    let last = tx.value(LAST, &[&contact, &at]).await?;
    contacts::set_last_contact(tx, ContactId(contact), last).await
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

/// One page of companies none of whose people somebody was in touch with since a moment.
pub(super) async fn companies(
    tx: &mut Tx,
    query: &ListQuery,
    before: DateTime<Utc>,
    owners: &Owners,
) -> Result<Page<QuietCompany>> {
    const BEFORE: &str = "o.created_at < ? and not exists (select from company_contacts cc join contacts c on c.id = cc.contact_id \
        where cc.company_id = o.id and c.deleted_at is null and c.last_contact_at >= ?)";
    let mut clauses = vec![Clause(BEFORE, &before, Type::TIMESTAMPTZ)];
    clauses.extend(owners.iter().map(|_| Clause("o.owner_id = any(?)", owners, Type::UUID_ARRAY)));
    tx.list(&COMPANIES, query, &clauses).await
}
