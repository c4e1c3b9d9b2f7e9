//! Tags as a file, with how many contacts carry each.
use super::{db, model::Tag};
use crate::Export;
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 8] = ["id", "name", "colour", "description", "aliases", "contacts", "created_at", "updated_at"];

/// The file; that it left is recorded.
pub(super) async fn file(cx: &Cx<Export>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let (owners, query) = (cx.visible_owners(), ListQuery { filter, ..ListQuery::default() });
    let open = async |tx: &mut Tx| db::open(tx, &query, &owners).await;
    let event = NewEvent::new("tag.exported", "tags", cx.tenant.id.0, "List of tags exported");
    let (whole, carried) = sheets::take(cx, &query, event, open).await?;
    let put = move |tag: &Tag, cells: &mut Cells<'_>| line(tag, carried.get(&tag.id).copied().unwrap_or(0), cells);
    Sheet::new("tags", &COLUMNS, [], look).file(&cx.tenant, whole, put).await
}

fn line(tag: &Tag, contacts: i64, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(tag.id))?;
    cells.text(tag.name.as_str())?;
    cells.text(tag.colour.as_deref())?;
    cells.text(tag.description.as_deref())?;
    cells.texts(&tag.aliases)?;
    cells.number(contacts)?;
    cells.moment(tag.created_at)?;
    cells.moment(tag.updated_at)
}
