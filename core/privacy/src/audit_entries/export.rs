//! The audit log as CSV, a page at a time.
use super::{actions, model::AuditEntry};
use crate::ExportAudit;
use futures_util::{Stream, stream};
use kernel::{Cx, db::ListQuery};
use sheets::csv;
use std::io;

const COLUMNS: [&str; 17] = [
    "seq",
    "occurred_at",
    "kind",
    "title",
    "subject",
    "subject_id",
    "contact",
    "actor_kind",
    "actor",
    "on_behalf_of",
    "request_id",
    "payload",
    "event",
    "hash",
    "client",
    "client_name",
    "client_gone",
];

enum Step {
    Header,
    Page(Option<String>),
    End,
}

/// The file, as chunks of lines, oldest entry first.
pub(crate) fn stream(
    cx: Cx<ExportAudit>,
    filter: Vec<String>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    stream::try_unfold((cx, filter, Step::Header), async |(cx, filter, step)| match step {
        Step::Header => Ok(Some((csv::line(COLUMNS), (cx, filter, Step::Page(None))))),
        Step::Page(cursor) => {
            let query = ListQuery { limit: Some(200), cursor, sort: Some("seq".into()), filter: filter.clone() };
            let page = actions::list(&cx, &query).await.map_err(io::Error::other)?;
            let lines = page.items.iter().flat_map(line).collect();
            let next = page.next_cursor.map_or(Step::End, |cursor| Step::Page(Some(cursor)));
            Ok(Some((lines, (cx, filter, next))))
        }
        Step::End => Ok(None),
    })
}

fn line(entry: &AuditEntry) -> Vec<u8> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    csv::line([
        entry.seq.to_string(),
        entry.occurred_at.to_rfc3339(),
        entry.kind.clone(),
        entry.title.clone(),
        entry.subject.clone(),
        entry.subject_id.clone(),
        text(&entry.contact),
        entry.actor_kind.clone(),
        text(&entry.actor),
        entry.on_behalf_of.map(|id| id.to_string()).unwrap_or_default(),
        text(&entry.request_id),
        entry.payload.to_string(),
        entry.id.to_string(),
        entry.hash.clone(),
        entry.client.as_ref().map(|client| client.id.to_string()).unwrap_or_default(),
        entry.client.as_ref().and_then(|client| client.name.clone()).unwrap_or_default(),
        entry.client.as_ref().and_then(|client| client.gone).map(|gone| gone.as_str().to_owned()).unwrap_or_default(),
    ])
}
