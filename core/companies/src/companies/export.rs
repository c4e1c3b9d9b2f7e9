//! Companies as CSV, a page at a time: memory stays flat and no transaction waits for a slow reader.
use super::{db, model::Company};
use crate::Export;
use contacts::Address;
use fields::{Fields, RecordKind};
use futures_util::{Stream, stream};
use kernel::http::csv;
use kernel::{Cx, db::ListQuery};
use std::io;

const COLUMNS: [&str; 29] = [
    "id",
    "name",
    "legal_name",
    "industry",
    "size",
    "website",
    "profiles",
    "email",
    "phone",
    "line1",
    "line2",
    "city",
    "region",
    "postal_code",
    "country",
    "tax_id",
    "description",
    "status",
    "tier",
    "parent",
    "owner",
    "annual_value",
    "monthly_revenue",
    "currency",
    "client_since",
    "renews_on",
    "cancel_by",
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
            let fields = cx.read(async |tx| fields::fields_of(tx, RecordKind::Company).await).await;
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
            let lines = page.items.iter().flat_map(|company| line(company, &fields)).collect();
            let next = page.next_cursor.map_or(Step::End, |cursor| Step::Page(Some(cursor), fields));
            Ok(Some((lines, (cx, words, filter, next))))
        }
        Step::End => Ok(None),
    })
}

fn line(company: &Company, fields: &Fields) -> Vec<u8> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    fn shown<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let address = company.address.clone().unwrap_or_default();
    let Address { line1, line2, city, region, postal_code, country } = &address;
    let own = [
        company.id.to_string(),
        company.name.clone(),
        text(&company.legal_name),
        text(&company.industry),
        shown(company.size.map(|size| size.as_str())),
        text(&company.website),
        company.profiles.join("; "),
        text(&company.email),
        text(&company.phone),
        text(line1),
        text(line2),
        text(city),
        text(region),
        text(postal_code),
        text(country),
        text(&company.tax_id),
        text(&company.description),
        company.status.as_str().to_owned(),
        shown(company.tier.map(|tier| tier.as_str())),
        shown(company.parent),
        shown(company.owner),
        shown(company.annual_value),
        shown(company.monthly_revenue),
        text(&company.currency),
        shown(company.client_since),
        shown(company.renews_on),
        shown(company.cancel_by),
        company.created_at.to_rfc3339(),
        company.updated_at.to_rfc3339(),
    ];
    csv::line(own.into_iter().chain(fields::cells(fields, &company.custom)))
}
