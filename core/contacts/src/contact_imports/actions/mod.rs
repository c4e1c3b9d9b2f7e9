//! What can be done with imports.
mod links;
mod look;
mod parts;
mod plan;
mod run;
mod undo;

pub(crate) use look::{Look, look, look_again, preview};
pub(crate) use parts::{check_fields, check_segment, may_undo, reaches};
pub(crate) use run::{RunStep, check_rows, fail, load, read_rows, reading, run_batch};
pub(crate) use undo::undo_batch;

use super::{
    db::{self, Looked},
    jobs::{self, CheckContactImport, ForgetContactImport, UndoContactImport},
    model::{
        ContactImport, ContactImportId, ContactImportPatch, ImportOptions, ImportStart, ImportUndo, Reaches, UNDO_DAYS,
    },
};
use crate::{contact_stages, contacts::Owners};
use chrono::TimeDelta;
use fields::RecordKind;
use files::FileId;
use kernel::{Error, Result, Tx, clock::random_bytes, events::NewEvent, jobs::Enqueue};
use serde_json::{Value, json};

/// What imports call themselves as owners of files.
pub(crate) const OWNER: &str = "contact_imports";
/// The least by which an import raises the version of a contact that it changes.
const LEAST_JUMP: u32 = 1 << 20;
/// How long an undo is possible after the end, and how long a file waits to be started.
pub(crate) const PATIENCE: TimeDelta = TimeDelta::days(UNDO_DAYS);

/// Whether an import brings people right now. When one ends, an event of `contact_imports` says so.
pub async fn importing(tx: &mut Tx) -> Result<bool> {
    db::any_running(tx).await
}

/// Makes an import of a file that was looked at.
pub(crate) async fn create(tx: &mut Tx, file: FileId, look: &Look) -> Result<ContactImport> {
    let id = ContactImportId::new(tx.now());
    let original = files::claim(tx, file, (OWNER, id.0)).await?;
    if let Some(derived) = look.derived {
        files::claim(tx, derived, (OWNER, id.0)).await?;
    }
    let options = ImportOptions { country: tx.tenant().country.clone(), ..ImportOptions::default() };
    db::insert(tx, id, &original, &look.as_written(original.id), &options).await?;
    let mut import = db::find(tx, id, &None).await?;
    import.guess_custom(&fields::fields_of(tx, RecordKind::Contact).await?);
    if import.columns.iter().any(|column| column.custom.is_some()) {
        db::set_plan(tx, id, &import.columns, &options).await?;
    }
    let run_at = tx.now() + PATIENCE;
    tx.enqueue(&ForgetContactImport { import: id }, Enqueue { run_at: Some(run_at), ..Enqueue::default() }).await?;
    record(tx, "contact_import.created", id, "Import prepared", json!({ "rows": look.rows_total })).await?;
    db::find(tx, id, &None).await
}

/// Changes an import that was not started. `look` is the file read as the change says.
pub(crate) async fn update(
    tx: &mut Tx,
    id: ContactImportId,
    patch: ContactImportPatch,
    look: Option<&Look>,
    owners: &Owners,
) -> Result<ContactImport> {
    let run = db::lock(tx, id, owners).await?;
    require_state(&run, &["draft", "checking", "checked"])?;
    if let Some(look) = look {
        if let Some(derived) = look.derived {
            files::claim(tx, derived, (OWNER, id.0)).await?;
            if run.source_id != run.original_id {
                files::remove(tx, run.source_id).await?;
            }
        }
        let source = if look.derived.is_some() { run.original_id } else { run.source_id };
        let written: Looked<'_> = look.as_written(source);
        db::set_looked(tx, id, &written).await?;
    }
    let mut import = db::find(tx, id, owners).await?;
    let own = fields::fields_of(tx, RecordKind::Contact).await?;
    if look.is_some() {
        import.guess_custom(&own);
    }
    if let Some(fields) = patch.fields {
        import.check_columns(&fields)?;
        for (column, field) in import.columns.iter_mut().zip(fields) {
            column.custom = column.custom.take().filter(|_| field.is_none());
            column.field = field;
        }
    }
    if let Some(custom) = patch.custom {
        import.set_custom(custom, &own)?;
    }
    let options = patch.options.unwrap_or(import.options).checked()?;
    if let Some(stage) = &options.stage
        && !contact_stages::exists(tx, stage).await?
    {
        return Err(Error::invalid("/options/stage", "stage_unknown", "There is no such stage."));
    }
    db::set_plan(tx, id, &import.columns, &options).await?;
    record(tx, "contact_import.updated", id, "Import changed", json!({})).await?;
    db::find(tx, id, owners).await
}

/// Tries what a start would do.
pub(crate) async fn check(
    tx: &mut Tx,
    id: ContactImportId,
    owners: &Owners,
    reaches: Reaches,
) -> Result<ContactImport> {
    let run = db::lock(tx, id, owners).await?;
    require_state(&run, &["draft", "checking", "checked"])?;
    require_columns(&run)?;
    db::set_state(tx, id, "checking").await?;
    let job = CheckContactImport { import: id, version: run.version + 1, reach: owners.clone(), reaches };
    tx.enqueue(&job, Enqueue::default()).await?;
    record(tx, "contact_import.checked", id, "Import tried without writing", json!({})).await?;
    db::find(tx, id, owners).await
}

/// Starts an import, or lets a stopped one go on where it was.
pub(crate) async fn start(
    tx: &mut Tx,
    id: ContactImportId,
    how: ImportStart,
    owners: &Owners,
    reaches: &Reaches,
) -> Result<ContactImport> {
    let run = db::lock(tx, id, owners).await?;
    require_state(&run, &["draft", "checking", "checked", "cancelled", "failed"])?;
    require_columns(&run)?;
    if run.file_gone_at.is_some() {
        return Err(Error::conflict("file_gone", "The file of this import was removed."));
    }
    // Large, so that years of changes do not reach it, and drawn, so that no two imports share it.
    let jump = i64::from(u32::from_be_bytes(random_bytes::<4>()) | LEAST_JUMP);
    db::start(tx, id, owners, jump, how.again).await?;
    db::traces::set_reaches(tx, id, reaches).await?;
    jobs::go_on(tx, &run, run.version + 1).await?;
    let (kind, title) = match run.state.as_str() {
        "cancelled" | "failed" => ("contact_import.resumed", "Import goes on"),
        _ => ("contact_import.started", "Import started"),
    };
    record(tx, kind, id, title, json!({ "rows": run.rows_total })).await?;
    db::find(tx, id, owners).await
}

/// Stops a running import, or drops the try of one; what came in stays, and can be undone.
pub(crate) async fn cancel(tx: &mut Tx, id: ContactImportId, owners: &Owners) -> Result<ContactImport> {
    let run = db::lock(tx, id, owners).await?;
    require_state(&run, &["checking", "running"])?;
    if run.state == "checking" {
        db::set_state(tx, id, "draft").await?;
    } else {
        run::end(tx, &run, "cancelled", None).await?;
    }
    record(tx, "contact_import.cancelled", id, "Import stopped", json!({ "rows": run.rows_done })).await?;
    db::find(tx, id, owners).await
}

/// Begins to take an import back.
pub(crate) async fn undo(tx: &mut Tx, id: ContactImportId, how: ImportUndo, owners: &Owners) -> Result<ContactImport> {
    let run = db::lock(tx, id, owners).await?;
    require_state(&run, &["done", "cancelled", "failed"])?;
    if run.undo_until.is_some_and(|until| until <= tx.now()) {
        return Err(Error::conflict("undo_over", format!("An import can be undone for {UNDO_DAYS} days.")));
    }
    db::start_undo(tx, id, how.touched.as_str()).await?;
    tx.enqueue(&UndoContactImport { import: id, line: 0 }, Enqueue::default()).await?;
    let payload = json!({ "touched": how.touched.as_str() });
    record(tx, "contact_import.undo_started", id, "Undo of an import started", payload).await?;
    db::find(tx, id, owners).await
}

/// Removes an import that was not started, and its file.
pub(crate) async fn delete(tx: &mut Tx, id: ContactImportId, owners: &Owners) -> Result<()> {
    let run = db::lock(tx, id, owners).await?;
    require_state(&run, &["draft", "checking", "checked"])?;
    files::remove_owned(tx, OWNER, &[id.0]).await?;
    db::delete(tx, id).await?;
    record(tx, "contact_import.deleted", id, "Import dropped", json!({})).await
}

/// Forgets what an import kept to undo it, when its time is over; gives whether there is more to forget.
pub(crate) async fn forget(tx: &mut Tx, id: ContactImportId) -> Result<bool> {
    const BATCH: i64 = 2_000;
    let run = match db::lock(tx, id, &None).await {
        Err(error) if error.is_not_found() => return Ok(false),
        other => other?,
    };
    match run.state.as_str() {
        "draft" | "checking" | "checked" => {
            files::remove_owned(tx, OWNER, &[id.0]).await?;
            db::delete(tx, id).await?;
            record(tx, "contact_import.deleted", id, "Import dropped, nobody started it", json!({})).await?;
            Ok(false)
        }
        // Its end plans a forgetting of its own.
        "running" | "undoing" => Ok(false),
        _ if run.undo_until.is_some_and(|until| until > tx.now()) => Ok(false),
        _ => {
            remove_file(tx, id).await?;
            Ok(db::ledger::forget(tx, id, BATCH).await? || db::traces::forget(tx, id, BATCH).await?)
        }
    }
}

/// Removes the file of an import.
pub(crate) async fn remove_file(tx: &mut Tx, id: ContactImportId) -> Result<()> {
    files::remove_owned(tx, OWNER, &[id.0]).await?;
    db::file_gone(tx, id).await
}

pub(crate) async fn record(
    tx: &mut Tx,
    kind: &'static str,
    id: ContactImportId,
    title: &str,
    payload: Value,
) -> Result<()> {
    tx.record(NewEvent::new(kind, "contact_imports", id.0, title).payload(&payload)).await.map(drop)
}

fn require_state(run: &db::Run, fine: &[&str]) -> Result<()> {
    if fine.contains(&run.state.as_str()) {
        return Ok(());
    }
    Err(match run.state.as_str() {
        "running" => Error::conflict("import_running", "The import is running. Stop it first."),
        "undoing" => Error::conflict("import_undoing", "The import is being undone."),
        "undone" => Error::conflict("import_undone", "The import was undone."),
        "draft" | "checking" | "checked" => Error::conflict("import_not_started", "The import was not started."),
        _ => Error::conflict("import_over", "The import is over."),
    })
}

fn require_columns(run: &db::Run) -> Result<()> {
    match run.columns.iter().any(|column| column.field.is_some() || column.custom.is_some()) {
        true => Ok(()),
        false => Err(Error::invalid("/fields", "fields_missing", "Say of a column what it says about a contact.")),
    }
}
