//! What became of greetings as a file.
use super::{db, model::GreetingSend};
use crate::ReadGreetings;
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 10] =
    ["id", "greeting", "greeting_name", "contact", "contact_name", "day", "state", "reason", "done_by", "created_at"];

/// The file; that it left is recorded.
pub(super) async fn file(cx: &Cx<ReadGreetings>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let owners = cx.visible_owners_of::<contacts::Read>();
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = async |tx: &mut Tx| Ok((db::open_sends(tx, &query, &owners).await?, ()));
    let event = NewEvent::new("greeting.exported", "greetings", cx.tenant.id.0, "What became of greetings exported");
    let (whole, ()) = sheets::take(cx, &query, event, open).await?;
    Sheet::new("greetings", &COLUMNS, [], look).file(&cx.tenant, whole, line).await
}

fn line(send: &GreetingSend, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(send.id))?;
    cells.shown(Some(send.greeting))?;
    cells.text(send.greeting_name.as_str())?;
    cells.shown(Some(send.contact))?;
    cells.text(send.contact_name.as_deref())?;
    cells.day(send.day)?;
    cells.text(send.state.as_str())?;
    cells.text(send.reason.as_deref())?;
    cells.shown(send.done_by)?;
    cells.moment(send.created_at)
}
