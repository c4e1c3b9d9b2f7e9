//! Every statement on the audit log.
use super::model::{AuditEntry, AuditRow, Link};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, \
        e.request_id, e.occurred_at, encode(l.hash, 'hex') as hash from event_log l join events e on e.id = l.event_id",
    id: "e.id",
    always: "",
    fields: &[
        Field { name: "seq", sql: "l.seq", kind: FieldKind::Int, sort: Some("l.seq") },
        Field { name: "kind", sql: "e.kind", kind: FieldKind::Text, sort: None },
        Field { name: "subject", sql: "e.subject", kind: FieldKind::Text, sort: None },
        Field { name: "contact", sql: "e.contact_id", kind: FieldKind::Id("con"), sort: None },
        Field { name: "actor_kind", sql: "e.actor_kind", kind: FieldKind::Text, sort: None },
        Field { name: "actor", sql: "e.actor_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "on_behalf_of", sql: "e.on_behalf_of", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "request_id", sql: "e.request_id", kind: FieldKind::Text, sort: None },
        Field { name: "occurred_at", sql: "e.occurred_at", kind: FieldKind::Time, sort: None },
    ],
    default_sort: "-seq",
};

/// One page of the log.
pub async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Page<AuditEntry>> {
    let page: Page<AuditRow> = tx.list(&LIST, query, &[]).await?;
    Ok(Page { items: page.items.into_iter().map(AuditEntry::from).collect(), next_cursor: page.next_cursor })
}

/// The links after a place, in order.
pub async fn links(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Link>> {
    const LINKS: Sql = sql!(
        "select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at, l.hash
         from event_log l join events e on e.id = l.event_id where l.seq > $1 order by l.seq limit $2"
    );
    tx.rows(LINKS, &[&after, &limit]).await
}

row! {
    /// What a look along the events found.
    pub struct Unlogged {
        /// Events that are neither in the chain nor on their way into it.
        pub count: i64,
        /// The last event that was looked at; none behind the last of all.
        pub last: Option<Uuid>,
    }
}

/// Counts the next events after one that are missing in the chain: what is left when the end of the chain was cut off.
pub async fn count_unlogged(tx: &mut Tx, after: Option<Uuid>) -> Result<Unlogged> {
    const COUNT_UNLOGGED: Sql = sql!(
        "with next as materialized (
           select e.id from events e where e.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by e.id limit 10000)
         select count(*) filter (where not exists (select from event_log l where l.event_id = n.id)
             and not exists (select from ops.outbox o where o.event_id = n.id)) as count,
           (select m.id from next m order by m.id desc limit 1) as last
         from next n"
    );
    tx.row(COUNT_UNLOGGED, &[&after]).await
}
