//! Deals as CSV, a page at a time: memory stays flat and no transaction waits for a slow reader.
use super::{
    db::{self, Narrow, StageName},
    model::Deal,
};
use crate::Export;
use fields::{Fields, RecordKind};
use futures_util::{Stream, stream};
use kernel::http::csv;
use kernel::{Cx, db::ListQuery};
use std::io;

const COLUMNS: [&str; 19] = [
    "id",
    "title",
    "pipeline",
    "stage",
    "status",
    "reason",
    "amount_minor",
    "currency",
    "expected_close",
    "owner",
    "company",
    "contacts",
    "source",
    "next_step",
    "next_step_on",
    "stage_since",
    "created_at",
    "updated_at",
    "closed_at",
];

enum Step {
    Header,
    Page(Option<String>, Vec<StageName>, Fields),
    End,
}

/// The file, as chunks of lines. A failure in the middle breaks the download off instead of ending it early.
pub(super) fn stream(
    cx: Cx<Export>,
    narrow: Narrow,
    filter: Vec<String>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    stream::try_unfold((cx, narrow, filter, Step::Header), async |(cx, narrow, filter, step)| match step {
        Step::Header => {
            let read =
                cx.read(async |tx| Ok((db::stage_names(tx).await?, fields::fields_of(tx, RecordKind::Deal).await?)));
            let (names, fields) = read.await.map_err(io::Error::other)?;
            let own = fields.active().map(|field| format!("custom.{}", field.key));
            let header = csv::line(COLUMNS.into_iter().map(str::to_owned).chain(own));
            Ok(Some((header, (cx, narrow, filter, Step::Page(None, names, fields)))))
        }
        Step::Page(cursor, names, fields) => {
            let query = ListQuery { limit: Some(200), cursor, sort: Some("created_at".into()), filter: filter.clone() };
            let owners = cx.visible_owners();
            let page = cx.read(async |tx| db::list(tx, &db::LIST, &query, &narrow, &owners).await).await;
            let page = page.map_err(io::Error::other)?;
            let lines = page.items.iter().flat_map(|deal| line(deal, &names, &fields)).collect();
            let next = page.next_cursor.map_or(Step::End, |cursor| Step::Page(Some(cursor), names, fields));
            Ok(Some((lines, (cx, narrow, filter, next))))
        }
        Step::End => Ok(None),
    })
}

fn line(deal: &Deal, names: &[StageName], fields: &Fields) -> Vec<u8> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<chrono::NaiveDate>| value.map(|day| day.to_string()).unwrap_or_default();
    let stage = names.iter().find(|stage| stage.id == deal.stage);
    let contacts: Vec<&str> = deal.contacts.iter().map(|c| c.name.as_str()).collect();
    let own = [
        deal.id.to_string(),
        deal.title.clone(),
        stage.map(|s| s.pipeline.clone()).unwrap_or_default(),
        stage.map(|s| s.name.clone()).unwrap_or_default(),
        deal.status.as_str().to_owned(),
        text(&deal.reason),
        deal.amount.to_string(),
        deal.currency.clone(),
        day(deal.expected_close),
        deal.owner.map(|o| o.to_string()).unwrap_or_default(),
        text(&deal.company_name),
        contacts.join("; "),
        text(&deal.source),
        text(&deal.next_step),
        day(deal.next_step_on),
        deal.stage_since.to_rfc3339(),
        deal.created_at.to_rfc3339(),
        deal.updated_at.to_rfc3339(),
        deal.closed_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
    ];
    csv::line(own.into_iter().chain(fields::cells(fields, &deal.custom)))
}
