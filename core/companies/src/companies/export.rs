//! Companies as a file.
use super::{actions, db, model::Company};
use crate::Export;
use contacts::Address;
use fields::RecordKind;
use kernel::{Cx, Result, db::ListQuery};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 33] = [
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
    "lifetime_value",
    "contract_value",
    "recurring_revenue",
    "value_currency",
    "client_since",
    "renews_on",
    "cancel_by",
    "created_at",
    "updated_at",
];

/// The file; that companies left is recorded.
pub(super) async fn file(cx: &Cx<Export>, words: &str, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let owners = cx.visible_owners();
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = cx.app.whole(&cx.tenant, cx.context(), async |tx| {
        let rows = db::open(tx, &query, words, &owners).await?;
        Ok((rows, fields::fields_of(tx, RecordKind::Company).await?))
    });
    let (whole, fields) = open.await?;
    cx.write(async |tx| actions::record_export(tx, &query.filter, whole.count).await).await?;
    let own = fields.active().map(|field| look.own_head(&field.key, &field.label));
    let sheet = Sheet::new("companies", &COLUMNS, own, look);
    let put = move |company: &Company, cells: &mut Cells<'_>| {
        line(company, cells)?;
        fields::cells(&fields, &company.custom).iter().try_for_each(|cell| cells.text(cell.as_str()))
    };
    sheet.file(&cx.tenant, whole, put).await
}

fn line(company: &Company, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(company.id))?;
    cells.text(company.name.as_str())?;
    cells.text(company.legal_name.as_deref())?;
    cells.text(company.industry.as_deref())?;
    cells.text(company.size.map(|size| size.as_str()))?;
    cells.text(company.website.as_deref())?;
    cells.texts(&company.profiles)?;
    cells.text(company.email.as_deref())?;
    cells.text(company.phone.as_deref())?;
    let none = Address::default();
    let Address { line1, line2, city, region, postal_code, country } = company.address.as_ref().unwrap_or(&none);
    for text in [line1, line2, city, region, postal_code, country, &company.tax_id, &company.description] {
        cells.text(text.as_deref())?;
    }
    cells.text(company.status.as_str())?;
    cells.text(company.tier.map(|tier| tier.as_str()))?;
    cells.shown(company.parent)?;
    cells.shown(company.owner)?;
    cells.number(company.annual_value)?;
    cells.number(company.monthly_revenue)?;
    cells.text(company.currency.as_deref())?;
    // Nothing was counted for whom nothing was won: that is no zero of a currency.
    let counted = company.value_currency.as_deref();
    for amount in [company.lifetime_value, company.contract_value, company.recurring_revenue] {
        cells.number(counted.map(|_| amount))?;
    }
    cells.text(counted)?;
    for day in [company.client_since, company.renews_on, company.cancel_by] {
        cells.day(day)?;
    }
    cells.moment(company.created_at)?;
    cells.moment(company.updated_at)
}
