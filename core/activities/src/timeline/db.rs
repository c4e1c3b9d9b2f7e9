//! The statement behind the timeline: a projection of the event log.
use super::model::{TimelineEntry, TimelineRow};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    http::Page,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select e.id, e.kind, e.title, e.subject, e.subject_id, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at, \
        c.id as contact, c.display_name as contact_name, \
        case when n.id is not null then jsonb_build_object('body', n.body, 'private', n.is_private, 'pinned', n.is_pinned) end as note, \
        case when a.id is not null then jsonb_build_object('kind', a.kind, 'direction', a.direction, 'title', a.title, 'body', a.body, \
          'outcome', a.outcome, 'duration_seconds', a.duration_seconds, 'occurred_at', a.occurred_at) end as activity, \
        case when i.id is not null then jsonb_build_object('file', i.file_name, 'undone', i.state = 'undone') end as import \
        from events e left join contacts c on c.id = e.contact_id and c.deleted_at is null left join notes n on e.subject = 'notes' and n.id = e.subject_id left join activities a on e.subject = 'activities' and a.id = e.subject_id \
        left join contact_imports i on e.subject = 'contact_imports' and i.id = e.subject_id",
    id: "e.id",
    always: "",
    fields: &[
        Field { name: "kind", sql: "e.kind", kind: FieldKind::Text, sort: None },
        Field { name: "subject", sql: "e.subject", kind: FieldKind::Text, sort: None },
        Field { name: "occurred_at", sql: "e.occurred_at", kind: FieldKind::Time, sort: Some("e.occurred_at") },
    ],
    default_sort: "-occurred_at",
};

/// What happened with a contact, without what concerns private notes of others.
pub async fn list(tx: &mut Tx, contact: ContactId, query: &ListQuery, reader: Uuid) -> Result<Page<TimelineEntry>> {
    // An import is one event, however many contacts came with it; an array, because an index finds its members.
    let about = Clause(
        "(e.contact_id = any(array(select ?::uuid union all select m.id from contacts m where m.merged_into = ?)) or e.kind = 'contact_import.started' and e.subject = 'contact_imports' and e.subject_id = any(array( \
           select r.import_id from contact_import_rows r where r.contact_id = ? and r.outcome in ('created', 'updated'))))",
        &contact,
        Type::UUID,
    );
    page(tx, vec![about], query, reader).await
}

/// What happened with a company and with its people who are in reach, without what concerns private notes of others.
pub async fn list_of_company(
    tx: &mut Tx,
    company: CompanyId,
    query: &ListQuery,
    owners: &Owners,
    reader: Uuid,
) -> Result<Page<TimelineEntry>> {
    // An array, because an index finds its members and not those of a subquery.
    let about = Clause(
        "(e.subject = 'companies' and e.subject_id = ? or e.subject = 'tasks' and e.subject_id = any(array(select t.id from tasks t where t.company_id = ?)) or e.contact_id = any(array(select x.contact_id from company_contacts x where x.company_id = ?)))",
        &company,
        Type::UUID,
    );
    let mut clauses = vec![about];
    if owners.is_some() {
        clauses.push(Clause("(e.contact_id is null or c.owner_id = any(?))", owners, Type::UUID_ARRAY));
    }
    page(tx, clauses, query, reader).await
}

async fn page(
    tx: &mut Tx,
    mut clauses: Vec<Clause<'_>>,
    query: &ListQuery,
    reader: Uuid,
) -> Result<Page<TimelineEntry>> {
    // A note that is gone cannot say whether it was private, its events can.
    clauses.push(Clause(
        "case when n.id is not null then not n.is_private or n.author_id = ? else e.payload -> 'private' is distinct from 'true' or e.actor_id = ? end",
        &reader,
        Type::UUID,
    ));
    let page: Page<TimelineRow> = tx.list(&LIST, query, &clauses).await?;
    Ok(Page { items: page.items.into_iter().map(TimelineEntry::from).collect(), next_cursor: page.next_cursor })
}
