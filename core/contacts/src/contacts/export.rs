//! Contacts as a file.
use super::{
    actions, db,
    model::{Address, ContactId, ContactTier, ScoreBand},
};
use crate::Export;
use chrono::{DateTime, Utc};
use fields::{Custom, RecordKind};
use kernel::{Cx, Result, db::ListQuery, ids::UserId, row};
use sheets::{Cells, Look, Sheet, SheetFile, SheetLanguage};

const COLUMNS: [&str; 30] = [
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
    "tier",
    "score",
    "band",
    "owner",
    "tags",
    "source",
    "created_at",
    "updated_at",
    "profiles",
    "last_contact_at",
    "first_campaign",
];

row! {
    /// A contact as its line shows it.
    struct ContactLine {
        id: ContactId,
        display_name: String,
        salutation: Option<String>,
        first_name: Option<String>,
        middle_name: Option<String>,
        last_name: Option<String>,
        company_name: Option<String>,
        job_title: Option<String>,
        emails: Vec<String>,
        phones: Vec<String>,
        address: Option<Address>,
        zone: Option<String>,
        language: Option<String>,
        stage: String,
        tier: Option<ContactTier>,
        score: i32,
        band: ScoreBand,
        owner: Option<UserId>,
        tags: Vec<String>,
        source: Option<String>,
        custom: Custom,
        profiles: Vec<String>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
        last_contact_at: Option<DateTime<Utc>>,
        first_campaign: Option<String>,
    }
}

/// The file; that contacts left is recorded.
pub(super) async fn file(cx: &Cx<Export>, words: &str, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let owners = cx.visible_owners();
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = cx.app.whole(&cx.tenant, cx.context(), async |tx| {
        let rows = db::open(tx, &query, words, &owners, &cx.principal).await?;
        Ok((rows, fields::fields_of(tx, RecordKind::Contact).await?))
    });
    let (whole, fields) = open.await?;
    cx.write(async |tx| actions::record_export(tx, &query.filter, whole.count).await).await?;
    let own = fields.active().map(|field| look.own_head(&field.key, &field.label));
    let sheet = Sheet::new("contacts", &COLUMNS, own, look);
    let put = move |contact: &ContactLine, cells: &mut Cells<'_>| {
        line(contact, cells)?;
        fields::cells(&fields, &contact.custom).iter().try_for_each(|cell| cells.text(cell.as_str()))
    };
    sheet.file(&cx.tenant, whole, put).await
}

fn line(contact: &ContactLine, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(contact.id))?;
    cells.text(contact.display_name.as_str())?;
    for text in [
        &contact.salutation,
        &contact.first_name,
        &contact.middle_name,
        &contact.last_name,
        &contact.company_name,
        &contact.job_title,
    ] {
        cells.text(text.as_deref())?;
    }
    cells.texts(&contact.emails)?;
    cells.texts(&contact.phones)?;
    let none = Address::default();
    let Address { line1, line2, city, region, postal_code, country } = contact.address.as_ref().unwrap_or(&none);
    for text in [line1, line2, city, region, postal_code, country, &contact.zone, &contact.language] {
        cells.text(text.as_deref())?;
    }
    cells.text(contact.stage.as_str())?;
    cells.text(contact.tier.map(ContactTier::as_str))?;
    cells.number(Some(i64::from(contact.score)))?;
    cells.text(contact.band.as_str())?;
    cells.shown(contact.owner)?;
    cells.texts(&contact.tags)?;
    cells.text(contact.source.as_deref())?;
    cells.moment(contact.created_at)?;
    cells.moment(contact.updated_at)?;
    cells.texts(&contact.profiles)?;
    cells.moment(contact.last_contact_at)?;
    cells.text(contact.first_campaign.as_deref())
}

/// The column that an export calls so in one of its languages.
pub(crate) fn exported_column(head: &str) -> Option<&'static str> {
    [SheetLanguage::English, SheetLanguage::Arabic].into_iter().find_map(|language| {
        let look = Look::of(None, Some(language));
        COLUMNS.into_iter().find(|column| look.head("contacts", column) == head)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_their_names_in_both_languages() {
        for (head, column) in [
            ("Address line 2", "line2"),
            ("السطر الثاني من العنوان", "line2"),
            ("المسؤول", "owner"),
            ("Score band", "band"),
        ] {
            assert_eq!(exported_column(head), Some(column), "{head}");
        }
        assert_eq!(exported_column("Favourite colour"), None);
    }
}
