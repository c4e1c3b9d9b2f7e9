//! Deals as a file.
use super::{
    actions,
    db::{
        Narrow,
        sheet::{self, StageName},
    },
    model::Deal,
};
use crate::{
    Export,
    exchange_rates::{all_rates, today},
    pipelines::StageId,
};
use fields::RecordKind;
use kernel::{Cx, Result, db::ListQuery};
use sheets::{Cells, Look, Sheet, SheetFile};
use std::collections::HashMap;

const COLUMNS: [&str; 28] = [
    "id",
    "title",
    "pipeline",
    "stage",
    "status",
    "reason",
    "amount_minor",
    "currency",
    "home_amount_minor",
    "home_currency",
    "expected_close",
    "starts_on",
    "ends_on",
    "owner",
    "company",
    "contacts",
    "source",
    "first_source",
    "first_campaign",
    "last_source",
    "last_campaign",
    "next_step",
    "next_step_on",
    "stage_since",
    "created_at",
    "updated_at",
    "closed_at",
    "closed_on",
];

/// The file; that deals left is recorded.
pub(super) async fn file(cx: &Cx<Export>, narrow: &Narrow, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let owners = cx.visible_owners();
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = cx.app.whole(&cx.tenant, cx.context(), async |tx| {
        let rows = sheet::open(tx, &query, narrow, &owners).await?;
        let (names, fields) = (sheet::stage_names(tx).await?, fields::fields_of(tx, RecordKind::Deal).await?);
        Ok((rows, (names, fields, all_rates(tx).await?, today(tx))))
    });
    let (whole, (names, fields, rates, today)) = open.await?;
    cx.write(async |tx| actions::record_export(tx, &query.filter, whole.count).await).await?;
    let own = fields.active().map(|field| look.own_head(&field.key, &field.label));
    let sheet = Sheet::new("deals", &COLUMNS, own, look);
    let names: HashMap<StageId, StageName> = names.into_iter().map(|stage| (stage.id, stage)).collect();
    let put = move |deal: &Deal, cells: &mut Cells<'_>| {
        let home = rates.home(deal.amount, &deal.currency, deal.day(today));
        line(deal, names.get(&deal.stage), (home, &rates.home), cells)?;
        fields::cells(&fields, &deal.custom).iter().try_for_each(|cell| cells.text(cell.as_str()))
    };
    sheet.file(&cx.tenant, whole, put).await
}

fn line(
    deal: &Deal,
    stage: Option<&StageName>,
    (amount, currency): (Option<i64>, &str),
    cells: &mut Cells<'_>,
) -> Result<()> {
    cells.shown(Some(deal.id))?;
    cells.text(deal.title.as_str())?;
    cells.text(stage.map(|stage| stage.pipeline.as_str()))?;
    cells.text(stage.map(|stage| stage.name.as_str()))?;
    cells.text(deal.status.as_str())?;
    cells.text(deal.reason.as_deref())?;
    cells.number(deal.amount)?;
    cells.text(deal.currency.as_str())?;
    cells.number(amount)?;
    cells.text(currency)?;
    for day in [deal.expected_close, deal.starts_on, deal.ends_on] {
        cells.day(day)?;
    }
    cells.shown(deal.owner)?;
    cells.text(deal.company_name.as_deref())?;
    cells.texts(deal.contacts.iter().map(|contact| contact.name.as_str()))?;
    for text in [&deal.source, &deal.first_source, &deal.first_campaign, &deal.last_source, &deal.last_campaign] {
        cells.text(text.as_deref())?;
    }
    cells.text(deal.next_step.as_deref())?;
    cells.day(deal.next_step_on)?;
    cells.moment(deal.stage_since)?;
    cells.moment(deal.created_at)?;
    cells.moment(deal.updated_at)?;
    cells.moment(deal.closed_at)?;
    cells.day(deal.closed_on)
}
