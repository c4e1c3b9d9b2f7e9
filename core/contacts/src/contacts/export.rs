//! Contacts as CSV, a page at a time: memory stays flat and no transaction waits for a slow reader.
use super::{
    db,
    model::{Address, Contact},
};
use crate::Export;
use fields::{Fields, RecordKind};
use futures_util::{Stream, stream};
use kernel::http::csv;
use kernel::{Cx, db::ListQuery};
use std::io;

const COLUMNS: [&str; 24] = [
    "id",
    "display_name",
    "salutation",
    "first_name",
    "middle_name",
    "last_name",
    "company_name",
    "job_title",
    "emails",
    "phones",
    "line1",
    "line2",
    "city",
    "region",
    "postal_code",
    "country",
    "zone",
    "language",
    "stage",
    "owner",
    "tags",
    "source",
    "created_at",
    "updated_at",
];

enum Step {
    Header,
    Page(Option<String>, Fields),
    End,
}

/// The file, as chunks of lines. A failure in the middle breaks the download off instead of ending it early.
pub(crate) fn stream(
    cx: Cx<Export>,
    words: String,
    filter: Vec<String>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    stream::try_unfold((cx, words, filter, Step::Header), async |(cx, words, filter, step)| match step {
        Step::Header => {
            let fields = cx.read(async |tx| fields::fields_of(tx, RecordKind::Contact).await).await;
            let fields = fields.map_err(io::Error::other)?;
            let own = fields.active().map(|field| format!("custom.{}", field.key));
            let header = csv::line(COLUMNS.into_iter().map(str::to_owned).chain(own));
            Ok(Some((header, (cx, words, filter, Step::Page(None, fields)))))
        }
        Step::Page(cursor, fields) => {
            let query = ListQuery { limit: Some(200), cursor, sort: Some("created_at".into()), filter: filter.clone() };
            let owners = cx.visible_owners();
            let page = cx.read(async |tx| db::list(tx, &db::LIST, &query, &words, &owners).await).await;
            let page = page.map_err(io::Error::other)?;
            let lines = page.items.iter().flat_map(|contact| line(contact, &fields)).collect();
            let next = page.next_cursor.map_or(Step::End, |cursor| Step::Page(Some(cursor), fields));
            Ok(Some((lines, (cx, words, filter, next))))
        }
        Step::End => Ok(None),
    })
}

fn line(contact: &Contact, fields: &Fields) -> Vec<u8> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let address = contact.address.clone().unwrap_or_default();
    let Address { line1, line2, city, region, postal_code, country } = &address;
    let emails: Vec<&str> = contact.emails.iter().map(|e| e.address.as_str()).collect();
    let phones: Vec<&str> = contact.phones.iter().map(|p| p.e164.as_deref().unwrap_or(&p.number)).collect();
    let own = [
        contact.id.to_string(),
        contact.display_name.clone(),
        text(&contact.salutation),
        text(&contact.first_name),
        text(&contact.middle_name),
        text(&contact.last_name),
        text(&contact.company_name),
        text(&contact.job_title),
        emails.join("; "),
        phones.join("; "),
        text(line1),
        text(line2),
        text(city),
        text(region),
        text(postal_code),
        text(country),
        text(&contact.zone),
        text(&contact.language),
        contact.stage.clone(),
        contact.owner.map(|o| o.to_string()).unwrap_or_default(),
        contact.tags.join("; "),
        text(&contact.source),
        contact.created_at.to_rfc3339(),
        contact.updated_at.to_rfc3339(),
    ];
    csv::line(own.into_iter().chain(fields::cells(fields, &contact.custom)))
}
