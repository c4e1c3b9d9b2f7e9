//! Tasks as CSV, a page at a time: memory stays flat and no transaction waits for a slow reader.
use super::{db, model::Task};
use crate::Export;
use futures_util::{Stream, stream};
use kernel::http::csv;
use kernel::{Cx, db::ListQuery};
use std::io;

const COLUMNS: [&str; 18] = [
    "id",
    "title",
    "kind",
    "priority",
    "status",
    "due_on",
    "due_time",
    "zone",
    "assignee",
    "contact",
    "company",
    "deal",
    "rule",
    "outcome",
    "description",
    "created_at",
    "updated_at",
    "closed_at",
];

enum Step {
    Header,
    Page(Option<String>),
    End,
}

/// The file, as chunks of lines. A failure in the middle breaks the download off instead of ending it early.
pub(super) fn stream(
    cx: Cx<Export>,
    words: Option<String>,
    filter: Vec<String>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    let wish = db::Wish::new(words, cx.visible_owners());
    stream::try_unfold((cx, wish, filter, Step::Header), async |(cx, wish, filter, step)| match step {
        Step::Header => Ok(Some((csv::line(COLUMNS), (cx, wish, filter, Step::Page(None))))),
        Step::Page(cursor) => {
            let query = ListQuery { limit: Some(200), cursor, sort: Some("created_at".into()), filter: filter.clone() };
            let page =
                cx.read(async |tx| db::list(tx, &db::LIST, &query, &wish).await).await.map_err(io::Error::other)?;
            let lines = page.items.iter().flat_map(line).collect();
            let next = page.next_cursor.map_or(Step::End, |cursor| Step::Page(Some(cursor)));
            Ok(Some((lines, (cx, wish, filter, next))))
        }
        Step::End => Ok(None),
    })
}

fn line(task: &Task) -> Vec<u8> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    csv::line([
        task.id.to_string(),
        task.title.clone(),
        task.kind.as_str().to_owned(),
        task.priority.as_str().to_owned(),
        task.status.as_str().to_owned(),
        task.due_on.map(|day| day.to_string()).unwrap_or_default(),
        text(&task.due_time),
        task.zone.clone(),
        task.assignee.map(|user| user.to_string()).unwrap_or_default(),
        text(&task.contact_name),
        text(&task.company_name),
        text(&task.deal_title),
        text(&task.rule),
        text(&task.outcome),
        text(&task.description),
        task.created_at.to_rfc3339(),
        task.updated_at.to_rfc3339(),
        task.closed_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
    ])
}
