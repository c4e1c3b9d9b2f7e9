//! A timeline as CSV, a page at a time: memory stays flat and no transaction waits for a slow reader.
use super::{
    db,
    model::{Ask, TimelineEntry},
};
use crate::Export;
use futures_util::{Stream, stream};
use kernel::{Cx, db::ListQuery};
use sheets::csv;
use std::io;

const COLUMNS: [&str; 15] = [
    "moment",
    "recorded_at",
    "type",
    "event",
    "what",
    "by",
    "contact",
    "deal",
    "direction",
    "title",
    "text",
    "outcome",
    "duration_seconds",
    "private",
    "id",
];

enum Step {
    Header,
    Page(Option<String>),
    End,
}

/// The file, as chunks of lines. A failure in the middle breaks the download off instead of ending it early.
pub(super) fn stream(
    cx: Cx<Export>,
    ask: Ask,
    filter: Vec<String>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    stream::try_unfold((cx, ask, filter, Step::Header), async |(cx, ask, filter, step)| match step {
        Step::Header => Ok(Some((csv::line(COLUMNS), (cx, ask, filter, Step::Page(None))))),
        Step::Page(cursor) => {
            let query = ListQuery { limit: Some(200), cursor, sort: Some("-moment".into()), filter: filter.clone() };
            let page = cx.read(async |tx| db::list(tx, &ask, &query).await).await.map_err(io::Error::other)?;
            let lines = page.items.iter().flat_map(line).collect();
            let next = page.next_cursor.map_or(Step::End, |cursor| Step::Page(Some(cursor)));
            Ok(Some((lines, (cx, ask, filter, next))))
        }
        Step::End => Ok(None),
    })
}

fn line(entry: &TimelineEntry) -> Vec<u8> {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let logged = entry.activity.as_ref().filter(|_| entry.kind == "activity.logged");
    let named = entry.named.as_ref();
    let note = entry.note.as_ref().filter(|_| entry.kind == "note.created");
    csv::line([
        logged.map_or(entry.occurred_at, |activity| activity.occurred_at).to_rfc3339(),
        entry.occurred_at.to_rfc3339(),
        entry.what.clone(),
        entry.kind.clone(),
        entry.title.clone(),
        text(entry.actor.as_ref()),
        text(entry.contact_name.as_ref()),
        text(entry.deal_title.as_ref()),
        text(logged.and_then(|activity| activity.direction.as_ref())),
        text(logged.map(|activity| &activity.title).or(named.map(|named| &named.name))),
        text(note.map(|note| &note.body).or(logged.and_then(|activity| activity.body.as_ref()))),
        text(logged.and_then(|activity| activity.outcome.as_ref()).or(named.and_then(|named| named.outcome.as_ref()))),
        logged.and_then(|activity| activity.duration_seconds).map(|seconds| seconds.to_string()).unwrap_or_default(),
        note.map(|note| note.private.to_string()).unwrap_or_default(),
        entry.id.to_string(),
    ])
}
