//! The list of forms as a file.
use super::{
    db,
    settings::{FormSummary, Lately},
};
use crate::Read;
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 12] = [
    "id",
    "name",
    "state",
    "published_version",
    "widget",
    "responsible",
    "quarantined",
    "submissions_30d",
    "starts_30d",
    "last_submission_at",
    "created_at",
    "updated_at",
];

/// The file; that it left is recorded.
pub(super) async fn file(cx: &Cx<Read>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let (owners, query) = (cx.visible_owners(), ListQuery { filter, ..ListQuery::default() });
    let open = async |tx: &mut Tx| db::open(tx, &query, &owners).await;
    let event = NewEvent::new("form.list_exported", "forms", cx.tenant.id.0, "List of forms exported");
    let (whole, lately) = sheets::take(cx, &query, event, open).await?;
    let put = move |form: &FormSummary, cells: &mut Cells<'_>| line(form, lately.get(&form.id), cells);
    Sheet::new("forms", &COLUMNS, [], look).file(&cx.tenant, whole, put).await
}

fn line(form: &FormSummary, lately: Option<&Lately>, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(form.id))?;
    cells.text(form.name.as_str())?;
    cells.text(form.state.as_str())?;
    cells.number(form.published_version.map(i64::from))?;
    cells.text(form.widget.as_deref())?;
    cells.shown(form.responsible)?;
    cells.number(form.quarantined)?;
    cells.number(lately.map(|form| form.submissions))?;
    cells.number(lately.map(|form| form.starts))?;
    cells.moment(lately.and_then(|form| form.last_submission_at))?;
    cells.moment(form.created_at)?;
    cells.moment(form.updated_at)
}
