//! A form's figures as a file.
use super::model::{Analytics, DayFigures, FieldFigures, FiguresTable, StepFigures};
use crate::{Read, forms::settings::FormId};
use kernel::{Cx, Result, db::Whole, events::NewEvent};
use serde_json::json;
use sheets::{Cells, Look, Sheet, SheetFile};

const DAYS: [&str; 4] = ["day", "views", "starts", "completions"];
const STEPS: [&str; 4] = ["key", "title", "reached", "dropped"];
const FIELDS: [&str; 5] = ["key", "label", "answered", "errors", "dropped"];

/// The file with one table of the figures; that it left is recorded.
pub(super) async fn file(
    cx: &Cx<Read>,
    form: FormId,
    table: FiguresTable,
    figures: Analytics,
    look: Look,
) -> Result<SheetFile> {
    let event = NewEvent::new("form.figures_exported", "forms", form.0, "Figures of a form exported");
    let payload = json!({"table": table.as_str(), "from": figures.from, "to": figures.to});
    cx.write(async |tx| tx.record(event.payload(&payload)).await).await?;
    let Analytics { days, steps, fields, .. } = figures;
    match table {
        FiguresTable::Days => Sheet::new("form-days", &DAYS, [], look).file(&cx.tenant, Whole::of(days), day).await,
        FiguresTable::Steps => {
            Sheet::new("form-steps", &STEPS, [], look).file(&cx.tenant, Whole::of(steps), step).await
        }
        FiguresTable::Fields => {
            Sheet::new("form-fields", &FIELDS, [], look).file(&cx.tenant, Whole::of(fields), field).await
        }
    }
}

fn day(day: &DayFigures, cells: &mut Cells<'_>) -> Result<()> {
    cells.day(day.day)?;
    cells.number(day.views)?;
    cells.number(day.starts)?;
    cells.number(day.completions)
}

fn step(step: &StepFigures, cells: &mut Cells<'_>) -> Result<()> {
    cells.text(step.key.as_str())?;
    cells.text(step.title.as_deref())?;
    cells.number(step.reached)?;
    cells.number(step.dropped)
}

fn field(field: &FieldFigures, cells: &mut Cells<'_>) -> Result<()> {
    cells.text(field.key.as_str())?;
    cells.text(field.label.as_deref())?;
    cells.number(field.answered)?;
    cells.number(field.errors)?;
    cells.number(field.dropped)
}
