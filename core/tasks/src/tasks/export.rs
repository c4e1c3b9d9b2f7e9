//! Tasks as a file.
use super::{actions, db, model::Task};
use crate::Export;
use kernel::{Cx, Result, db::ListQuery};
use sheets::{Cells, Look, Sheet, SheetFile};

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

/// The file; that tasks left is recorded.
pub(super) async fn file(cx: &Cx<Export>, words: Option<String>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let wish = db::Wish::new(words, cx.visible_owners());
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = async |tx: &mut kernel::Tx| Ok((db::open(tx, &query, &wish).await?, ()));
    let (whole, ()) = cx.app.whole(&cx.tenant, cx.context(), open).await?;
    cx.write(async |tx| actions::record_export(tx, &query.filter, whole.count).await).await?;
    Sheet::new("tasks", &COLUMNS, [], look).file(&cx.tenant, whole, line).await
}

fn line(task: &Task, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(task.id))?;
    cells.text(task.title.as_str())?;
    cells.text(task.kind.as_str())?;
    cells.text(task.priority.as_str())?;
    cells.text(task.status.as_str())?;
    cells.day(task.due_on)?;
    cells.text(task.due_time.as_deref())?;
    cells.text(task.zone.as_str())?;
    cells.shown(task.assignee)?;
    for text in [&task.contact_name, &task.company_name, &task.deal_title, &task.rule, &task.outcome, &task.description]
    {
        cells.text(text.as_deref())?;
    }
    cells.moment(task.created_at)?;
    cells.moment(task.updated_at)?;
    cells.moment(task.closed_at)
}
