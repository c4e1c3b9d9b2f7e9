//! Occasions as a file.
use super::{actions, db, model::Occasion};
use crate::{Export, occasion_settings};
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 19] = [
    "id",
    "contact",
    "contact_name",
    "company",
    "company_name",
    "kind",
    "label",
    "date_kind",
    "year",
    "month",
    "day",
    "nth",
    "weekday",
    "leap_policy",
    "notices",
    "next_on",
    "next_years",
    "created_at",
    "updated_at",
];

/// The file; that occasions left is recorded.
pub(super) async fn file(cx: &Cx<Export>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let (owners, query) = (cx.visible_owners(), ListQuery { filter, ..ListQuery::default() });
    let open = async |tx: &mut Tx| {
        let reading = occasion_settings::get(tx).await?.reading();
        Ok((db::open(tx, &query, &owners).await?, (actions::today(tx), reading)))
    };
    let event = NewEvent::new("occasion.exported", "occasions", cx.tenant.id.0, "Occasions exported");
    let (whole, (today, reading)) = sheets::take(cx, &query, event, open).await?;
    let put = move |occasion: &Occasion, cells: &mut Cells<'_>| line(&occasion.clone().seen(today, reading), cells);
    Sheet::new("occasions", &COLUMNS, [], look).file(&cx.tenant, whole, put).await
}

fn line(occasion: &Occasion, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(occasion.id))?;
    cells.shown(occasion.contact)?;
    cells.text(occasion.contact_name.as_deref())?;
    cells.shown(occasion.company)?;
    cells.text(occasion.company_name.as_deref())?;
    cells.text(occasion.kind.as_str())?;
    cells.text(occasion.label.as_deref())?;
    cells.text(occasion.date_kind.as_str())?;
    cells.number(occasion.year.map(i64::from))?;
    cells.number(i64::from(occasion.month))?;
    for value in [occasion.day, occasion.nth, occasion.weekday] {
        cells.number(value.map(i64::from))?;
    }
    cells.text(occasion.leap_policy.map(|policy| policy.as_str()))?;
    cells.texts(occasion.notices.iter().map(i32::to_string))?;
    cells.day(occasion.next_on)?;
    cells.number(occasion.next_years.map(i64::from))?;
    cells.moment(occasion.created_at)?;
    cells.moment(occasion.updated_at)
}
