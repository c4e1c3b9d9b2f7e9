//! The statement behind the timeline: a projection of the event log.
use super::model::{TimelineEntry, TimelineRow};
use contacts::ContactId;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    http::Page,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select e.id, e.kind, e.title, e.subject, e.subject_id, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at, \
        case when n.id is not null then jsonb_build_object('body', n.body, 'private', n.is_private, 'pinned', n.is_pinned) end as note, \
        case when a.id is not null then jsonb_build_object('kind', a.kind, 'direction', a.direction, 'title', a.title, 'body', a.body, \
          'outcome', a.outcome, 'duration_seconds', a.duration_seconds, 'occurred_at', a.occurred_at) end as activity \
        from events e left join notes n on e.subject = 'notes' and n.id = e.subject_id left join activities a on e.subject = 'activities' and a.id = e.subject_id",
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
    let about = Clause("e.contact_id = ?", &contact, Type::UUID);
    // A note that is gone cannot say whether it was private, its events can.
    let readable = Clause(
        "case when n.id is not null then not n.is_private or n.author_id = ? else e.payload -> 'private' is distinct from 'true' or e.actor_id = ? end",
        &reader,
        Type::UUID,
    );
    let page: Page<TimelineRow> = tx.list(&LIST, query, &[about, readable]).await?;
    Ok(Page { items: page.items.into_iter().map(TimelineEntry::from).collect(), next_cursor: page.next_cursor })
}
