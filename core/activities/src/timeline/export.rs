//! A timeline as a file.
use super::{
    actions, db,
    model::{Ask, TimelineLine},
};
use crate::{Export, records::require};
use kernel::{Cx, Result, Tx, db::ListQuery};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 15] = [
    "moment",
    "recorded_at",
    "type",
    "event",
    "what",
    "by",
    "contact",
    "deal",
    "direction",
    "title",
    "text",
    "outcome",
    "duration_seconds",
    "private",
    "id",
];

/// The file; that the timeline left is recorded.
pub(super) async fn file(cx: &Cx<Export>, ask: Ask, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = async |tx: &mut Tx| {
        require(tx, ask.record, &ask.reach).await?;
        Ok((db::open(tx, &ask, &query).await?, db::forms(tx, &ask.eyes).await?))
    };
    let (whole, forms) = cx.app.whole(&cx.tenant, cx.context(), open).await?;
    cx.write(async |tx| actions::record_export(tx, &ask, &query.filter, whole.count).await).await?;
    let put = move |entry: &TimelineLine, cells: &mut Cells<'_>| {
        let form = entry.form().and_then(|form| forms.get(&form)).map(String::as_str);
        line(entry, entry.name_for(&ask.eyes).or(form), cells)
    };
    Sheet::new("timeline", &COLUMNS, [], look).file(&cx.tenant, whole, put).await
}

fn line(entry: &TimelineLine, name: Option<&str>, cells: &mut Cells<'_>) -> Result<()> {
    let logged = entry.activity.as_ref().filter(|_| entry.kind == "activity.logged");
    let note = entry.note.as_ref().filter(|_| entry.kind == "note.created");
    cells.moment(logged.map_or(entry.occurred_at, |activity| activity.occurred_at))?;
    cells.moment(entry.occurred_at)?;
    cells.text(entry.what.as_str())?;
    cells.text(entry.kind.as_str())?;
    cells.text(entry.title.as_str())?;
    cells.shown(entry.actor())?;
    cells.text(entry.contact_name.as_deref())?;
    cells.text(entry.deal_title.as_deref())?;
    cells.text(logged.and_then(|activity| activity.direction.as_deref()))?;
    cells.text(logged.map(|activity| activity.title.as_str()).or(name))?;
    let body = logged.and_then(|activity| activity.body.as_deref());
    cells.text(note.map(|note| note.body.as_str()).or(body))?;
    // An outcome stands with the name of its task.
    let ended = entry.outcome.as_deref().filter(|_| name.is_some());
    cells.text(logged.and_then(|activity| activity.outcome.as_deref()).or(ended))?;
    cells.number(logged.and_then(|activity| activity.duration_seconds).map(i64::from))?;
    cells.shown(note.map(|note| note.private))?;
    cells.shown(Some(entry.id))
}
