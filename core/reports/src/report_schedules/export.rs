//! Schedules as a file.
use super::{db, model::ReportSchedule};
use crate::Schedule;
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 19] = [
    "id",
    "name",
    "owner",
    "kind",
    "span",
    "compare",
    "member",
    "team",
    "pipeline",
    "format",
    "cadence",
    "day",
    "minute",
    "zone",
    "recipients",
    "state",
    "next_at",
    "created_at",
    "updated_at",
];

/// The file; that it left is recorded.
pub(super) async fn file(cx: &Cx<Schedule>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let (owners, query) = (cx.visible_owners(), ListQuery { filter, ..ListQuery::default() });
    let open = async |tx: &mut Tx| Ok((db::open(tx, &query, &owners).await?, ()));
    let title = "List of report schedules exported";
    let event = NewEvent::new("report_schedule.exported", "report_schedules", cx.tenant.id.0, title);
    let (whole, ()) = sheets::take(cx, &query, event, open).await?;
    Sheet::new("report-schedules", &COLUMNS, [], look).file(&cx.tenant, whole, line).await
}

fn line(schedule: &ReportSchedule, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(schedule.id))?;
    cells.text(schedule.name.as_str())?;
    cells.shown(Some(schedule.owner))?;
    cells.text(schedule.kind.as_str())?;
    cells.text(schedule.span.as_str())?;
    cells.text(schedule.compare.as_str())?;
    cells.shown(schedule.member)?;
    cells.shown(schedule.team)?;
    cells.shown(schedule.pipeline)?;
    cells.text(schedule.format.as_str())?;
    cells.text(schedule.cadence.as_str())?;
    cells.number(i64::from(schedule.day))?;
    cells.number(i64::from(schedule.minute))?;
    cells.text(schedule.zone.as_str())?;
    cells.texts(schedule.recipients.iter().map(|member| member.to_string()))?;
    cells.text(schedule.state.as_str())?;
    cells.moment(schedule.next_at)?;
    cells.moment(schedule.created_at)?;
    cells.moment(schedule.updated_at)
}
