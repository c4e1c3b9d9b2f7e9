//! Taking an import back, row by row of its ledger.
use super::{
    super::{
        db::{self, contacts::Fact, ledger::Done},
        jobs,
        model::ContactImportId,
    },
    LEAST_JUMP, parts, record,
    run::RunStep,
};
use crate::{
    contact_stages,
    contacts::{self, Contact, ContactId, Draft},
    tag_runs, tags,
};
use fields::{Custom, Fields, RecordKind};
use kernel::{Result, Tx, error::FieldProblem, jobs::Enqueue};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Takes back what a batch of rows did. The import is locked first, so every row is taken back once.
pub(crate) async fn undo_batch(tx: &mut Tx, id: ContactImportId, last: bool) -> Result<RunStep> {
    db::run_as_batch(tx).await?;
    let run = db::lock(tx, id, &None).await?;
    if run.state != "undoing" {
        return Ok(RunStep::Over);
    }
    let rows = db::ledger::done(tx, id, run.undo_line, jobs::BATCH as i64).await?;
    let Some(line) = rows.last().map(|row| row.line) else {
        return match parts::undo(tx, &run).await? {
            true if last => {
                tx.enqueue(&jobs::UndoContactImport { import: id, line: run.undo_line }, Enqueue::default()).await?;
                Ok(RunStep::Over)
            }
            true => Ok(RunStep::More(0, run.undo_line)),
            false => end(tx, id, &run).await,
        };
    };
    let ids: Vec<ContactId> = rows.iter().filter_map(|row| row.contact).collect();
    parts::hold_segment(tx, &run).await?;
    db::contacts::lock(tx, &ids).await?;
    // A statement of its own: it sees what others did until the locks were had.
    let facts = db::contacts::facts(tx, &ids).await?.into_iter().map(|fact| (fact.id, fact)).collect();
    let fates: Vec<&'static str> =
        rows.iter().map(|row| fate(row, &facts, run.jump, run.touched == "delete")).collect();
    let of = |wanted: &str| -> Vec<&Done> {
        rows.iter().zip(&fates).filter(|(_, fate)| **fate == wanted).map(|(row, _)| row).collect()
    };
    let contacts_of = |rows: &[&Done]| -> Vec<ContactId> { rows.iter().filter_map(|row| row.contact).collect() };
    let restored = of("restored");
    let lines: Vec<i32> = restored.iter().map(|row| row.line).collect();
    restore(tx, id, &lines, &contacts_of(&restored)).await?;
    let deleted = contacts_of(&of("deleted"));
    fields::forget(tx, &deleted.iter().map(|contact| contact.0).collect::<Vec<_>>()).await?;
    db::contacts::delete(tx, &deleted).await?;
    for contact in contacts_of(&of("trashed")) {
        contacts::delete(tx, contact, None, &None).await?;
    }
    tx.touched("contacts", &ids.iter().map(|contact| contact.0).collect::<Vec<_>>()).await?;
    let lines: Vec<i32> = rows.iter().map(|row| row.line).collect();
    db::ledger::set_undo(tx, id, &lines, &fates).await?;
    let count =
        |wanted: &[&str]| i32::try_from(fates.iter().filter(|f| wanted.contains(f)).count()).unwrap_or(i32::MAX);
    let (undone, kept) = (count(&["restored", "deleted", "trashed"]), count(&["changed", "held"]));
    db::advance_undo(tx, id, line, undone, kept).await?;
    if last {
        tx.enqueue(&jobs::UndoContactImport { import: id, line }, Enqueue::default()).await?;
        return Ok(RunStep::Over);
    }
    Ok(RunStep::More(0, line))
}

/// Makes contacts what they were, as definitions are now, and finds them by what they have then. A unique value that another contact
/// was given meanwhile stays there.
async fn restore(tx: &mut Tx, id: ContactImportId, lines: &[i32], contacts: &[ContactId]) -> Result<()> {
    let before: HashMap<ContactId, Custom> =
        db::contacts::read(tx, contacts).await?.into_iter().map(|contact| (contact.id, contact.custom)).collect();
    db::contacts::restore(tx, id, lines, contacts).await?;
    contact_stages::settle(tx, contacts).await?;
    tags::settle(tx, contacts).await?;
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    let (read, nothing) = (db::contacts::read(tx, contacts).await?, Custom::default());
    let of = |taken: &[(Uuid, FieldProblem)]| -> Vec<Custom> {
        read.iter().map(|contact| settled(&fields, contact, taken)).collect()
    };
    let given = of(&[]);
    let was = |contact: &Contact| before.get(&contact.id).unwrap_or(&nothing);
    let rows: Vec<_> = read.iter().zip(&given).map(|(contact, given)| (contact.id.0, was(contact), given)).collect();
    let taken = fields::store(tx, &fields, &rows).await?;
    let kept = of(&taken);
    if !taken.is_empty() {
        let rows = read.iter().zip(given.iter().zip(&kept)).map(|(contact, (given, kept))| (contact.id.0, given, kept));
        fields::store(tx, &fields, &rows.collect::<Vec<_>>()).await?;
    }
    let others = read.iter().zip(kept).filter(|(contact, custom)| contact.custom != *custom);
    let (ids, customs): (Vec<Uuid>, Vec<Custom>) = others.map(|(contact, custom)| (contact.id.0, custom)).unzip();
    contacts::set_custom(tx, &ids, &customs).await
}

/// Values of a contact as fields are defined now, without those that others have taken.
fn settled(fields: &Fields, contact: &Contact, taken: &[(Uuid, FieldProblem)]) -> Custom {
    let mut custom = contact.custom.clone();
    let is_taken = |key: &str| {
        taken.iter().any(|(id, taken)| *id == contact.id.0 && taken.field.strip_prefix("/custom/") == Some(key))
    };
    custom.0.retain(|key, _| !is_taken(key));
    fields.settled(&Draft::of(contact).own(), &custom)
}

/// What can be done about a row: a contact that somebody touched since stays as it is, while one that only followed a definition was
/// touched by nobody.
fn fate(row: &Done, facts: &HashMap<ContactId, Fact>, jump: i64, deletes_touched: bool) -> &'static str {
    let Some(fact) = row.contact.and_then(|contact| facts.get(&contact)).filter(|fact| !fact.deleted) else {
        return "gone";
    };
    if row.outcome == "created" {
        return match () {
            () if fact.held => "held",
            // No other import has changed him, and every edit is told.
            () if fact.edits < i64::from(LEAST_JUMP) && !fact.eventful => "deleted",
            () if deletes_touched => "trashed",
            () => "changed",
        };
    }
    match row.edits_before {
        Some(before) if fact.edits == before + jump => "restored",
        _ if fact.held => "held",
        _ => "changed",
    }
}

async fn end(tx: &mut Tx, id: ContactImportId, run: &db::Run) -> Result<RunStep> {
    // Nobody gives a tag to a contact while it is looked whether anybody has it. Nothing is held here that one of those may wait for.
    tag_runs::close(tx).await?;
    db::remove_tags(tx, &run.tags_made).await?;
    parts::end_undo(tx, run).await?;
    db::finish_undo(tx, id).await?;
    let import = db::find(tx, id, &None).await?;
    record(tx, "contact_import.undone", id, "Import undone", json!({ "undone": import.undone, "kept": import.kept }))
        .await?;
    Ok(RunStep::Over)
}
