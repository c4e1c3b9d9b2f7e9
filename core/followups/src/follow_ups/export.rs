//! Follow-ups as a file.
use super::{db, model::FollowUp};
use crate::Read;
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use serde_json::json;
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 22] = [
    "id",
    "status",
    "title",
    "kind",
    "priority",
    "assignee",
    "contact",
    "contact_name",
    "deal",
    "deal_title",
    "rule_name",
    "sequence_name",
    "step",
    "due_on",
    "zone",
    "fire_at",
    "started_at",
    "paused_at",
    "reason",
    "ended_at",
    "task",
    "created_at",
];

/// The file; that it left is recorded.
pub(super) async fn file(cx: &Cx<Read>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let owners = cx.visible_owners();
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = async |tx: &mut Tx| Ok((db::open(tx, &query, &owners).await?, ()));
    let (whole, ()) = cx.app.whole(&cx.tenant, cx.context(), open).await?;
    let fields: Vec<&str> = query.filter.iter().filter_map(|filter| filter.split(':').next()).collect();
    let payload = json!({"filtered_by": fields, "rows": whole.count});
    let event = NewEvent::new("follow_up.exported", "follow_ups", cx.tenant.id.0, "Follow-ups exported");
    cx.write(async |tx| tx.record(event.payload(&payload)).await).await?;
    Sheet::new("follow_ups", &COLUMNS, [], look).file(&cx.tenant, whole, line).await
}

fn line(one: &FollowUp, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(one.id))?;
    cells.text(one.status.as_str())?;
    cells.text(one.title.as_str())?;
    cells.text(one.kind.as_str())?;
    cells.text(one.priority.as_str())?;
    cells.shown(one.assignee)?;
    cells.shown(one.contact)?;
    cells.text(one.contact_name.as_deref())?;
    cells.shown(one.deal)?;
    for text in [&one.deal_title, &one.rule_name, &one.sequence_name] {
        cells.text(text.as_deref())?;
    }
    cells.number(one.step.map(i64::from))?;
    cells.day(one.due_on)?;
    cells.text(one.zone.as_str())?;
    cells.moment(one.fire_at)?;
    cells.moment(one.started_at)?;
    cells.moment(one.paused_at)?;
    cells.text(one.reason.map(|reason| reason.as_str()))?;
    cells.moment(one.ended_at)?;
    cells.shown(one.task)?;
    cells.moment(one.created_at)
}
