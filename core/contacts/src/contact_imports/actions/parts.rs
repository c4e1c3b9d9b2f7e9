//! What a file brings besides contacts. Each part of it belongs to a module ([`kernel::imports::ImportPart`]); here they get
//! their rows, and what they did is kept so that it can be taken back.
use super::{
    super::{
        db::{self, Run, traces::Pending},
        jobs,
        model::{ContactImportId, ContactImportPatch, ImportBrought, ImportColumn, ImportField, Reaches},
    },
    links,
};
use crate::{
    Import,
    contacts::{Owners, SegmentId},
};
use fields::RecordKind;
use kernel::{
    App, Cx, Error, Result, Tx,
    auth::Level,
    imports::{ImportPart, PartBatch, PartRow, PartTrace},
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What earlier batches of a try would have made, by part.
pub(super) type Tried = HashMap<&'static str, BTreeSet<String>>;

/// The part that a column belongs to; none for what every contact has.
fn part_of(app: &App, field: ImportField) -> Option<&'static ImportPart> {
    let name = field.part_column()?;
    app.import_parts().find(|part| part.columns.contains(&name))
}

/// The parts that columns belong to, by column.
pub(super) fn parts_of(app: &App, columns: &[ImportColumn]) -> HashMap<ImportField, &'static ImportPart> {
    columns.iter().filter_map(|column| Some((column.field?, part_of(app, column.field?)?))).collect()
}

/// Refuses columns that the caller may not bring, and those that say nothing without another one.
pub(crate) async fn check_fields(cx: &Cx<Import>, patch: &ContactImportPatch) -> Result<()> {
    if let Some(custom) = &patch.custom {
        let own = cx.read(async |tx| fields::fields_of(tx, RecordKind::Contact).await).await?;
        links::check(cx, &own, custom).await?;
    }
    let fields = patch.fields.as_deref().unwrap_or_default();
    for (i, field) in fields.iter().enumerate() {
        let Some((field, part)) = field.and_then(|field| Some((field, part_of(&cx.app, field)?))) else { continue };
        let refuse = |code, detail: String| Err(Error::invalid(format!("/fields/{i}"), code, detail));
        if let Err(error) = cx.require(part.write).await {
            return refuse(error.code(), format!("To bring this you need the permission {}.", part.write));
        }
        let others = fields.iter().flatten().filter_map(|other| other.part_column());
        if let Some(needed) = part.needs.filter(|needed| !others.clone().any(|other| other == *needed)) {
            let own = field.part_column().unwrap_or_default();
            return refuse("column_missing", format!("{own} says nothing without a column {needed}."));
        }
    }
    Ok(())
}

/// Takes back guesses that the caller may not bring; what would be a company stays the name of one.
pub(super) async fn bring_only_allowed(cx: &Cx<Import>, columns: &mut [ImportColumn]) {
    for column in columns {
        let Some(part) = column.field.and_then(|field| part_of(&cx.app, field)) else { continue };
        if cx.require(part.write).await.is_err() {
            let names = column.field == Some(ImportField::Company);
            column.field = names.then_some(ImportField::CompanyName);
        }
    }
}

/// Refuses a segment that the caller may not put people into.
///
/// # Errors
/// 422 `segment_unknown`, 409 `segment_not_static`, 403 when it is another's and the level does not reach it.
pub(crate) async fn check_segment(cx: &Cx<Import>, segment: Option<SegmentId>) -> Result<()> {
    let Some(segment) = segment else { return Ok(()) };
    let picks = cx.app.picks()?;
    let who = (cx.principal.user, cx.principal.grants.level(picks.write));
    match cx.read(async |tx| (picks.check)(tx, segment.0, who).await).await {
        Err(error) if error.is_not_found() => {
            Err(Error::invalid("/options/segment", "segment_unknown", "There is no such segment."))
        }
        other => other,
    }
}

/// The same for an import that goes on or is taken back: a segment that was deleted since stands in nobody's way.
async fn check_segment_if_there(cx: &Cx<Import>, segment: Option<SegmentId>) -> Result<()> {
    match check_segment(cx, segment).await {
        Err(error) if error.code() == "invalid" => Ok(()),
        other => other,
    }
}

/// Locks the segment of an import, before its contacts, as everybody does who locks both. What is gone is found out later.
pub(super) async fn hold_segment(tx: &mut Tx, run: &Run) -> Result<()> {
    if let Some(segment) = run.options.segment {
        (tx.app().picks()?.hold)(tx, segment.0).await?;
    }
    Ok(())
}

/// Whose records the caller may write of all that an import brings.
///
/// # Errors
/// 403 when a permission is missing, 404 when the import is not in reach.
pub(crate) async fn reaches(cx: &Cx<Import>, id: ContactImportId, owners: &Owners) -> Result<Reaches> {
    let read =
        async |tx: &mut Tx| Ok((db::find(tx, id, owners).await?, fields::fields_of(tx, RecordKind::Contact).await?));
    let (import, own) = cx.read(read).await?;
    let mut reaches = Reaches::default();
    let keys = import.columns.iter().filter_map(|column| column.custom.as_ref());
    links::add_reaches(cx, &own, keys, &mut reaches).await?;
    for part in parts_of(&cx.app, &import.columns).into_values() {
        let level = cx.require(part.write).await?;
        reaches.0.insert(part.write.to_owned(), cx.owners_at(level));
    }
    if import.options.segment.is_some() {
        let write = cx.app.picks()?.write;
        let level = cx.require(write).await?;
        check_segment_if_there(cx, import.options.segment).await?;
        reaches.0.insert(write.to_owned(), cx.owners_at(level));
    }
    Ok(reaches)
}

/// Refuses whoever may not take back what an import brought.
pub(crate) async fn may_undo(cx: &Cx<Import>, id: ContactImportId, owners: &Owners) -> Result<()> {
    let import = cx.read(async |tx| db::find(tx, id, owners).await).await?;
    for part in parts_of(&cx.app, &import.columns).into_values() {
        if cx.principal.grants.level(part.write) == Level::No {
            return Err(Error::forbidden("permission_missing", format!("This needs the permission {}.", part.write)));
        }
    }
    check_segment_if_there(cx, import.options.segment).await
}

/// Takes in what rows bring besides their contacts; gives how much it was. Without `writes` it is a try.
pub(super) async fn take(
    tx: &mut Tx,
    run: &Run,
    rows: &[PartRow],
    tried: &mut Tried,
    writes: bool,
) -> Result<ImportBrought> {
    let mut brought = ImportBrought::default();
    if rows.is_empty() {
        return Ok(brought);
    }
    let app = tx.app().clone();
    for part in app.import_parts() {
        let says = |row: &&PartRow| part.columns.iter().any(|column| row.said.contains_key(*column));
        let own: Vec<PartRow> = rows.iter().filter(says).cloned().collect();
        if own.is_empty() {
            continue;
        }
        // Whoever started it before parts had reaches brings nothing of them.
        let Some(reach) = run.reaches.0.get(part.write) else { continue };
        let batch = PartBatch {
            rows: &own,
            reach,
            by: run.created_by.map(|user| user.0),
            overwrite: run.options.overwrite,
            jump: run.jump,
            writes,
            seen: tried.entry(part.name).or_default(),
        };
        let taken = (part.take)(tx, batch).await?;
        brought.add(&taken.counts);
        if writes && !taken.traces.is_empty() {
            db::traces::insert(tx, run.id, part.name, &taken.traces).await?;
            // Contacts that the file does not change otherwise are told too.
            let ids: Vec<Uuid> = taken.traces.iter().filter_map(|trace| trace.contact).collect();
            tx.touched("contacts", &ids).await?;
        }
    }
    if writes && !brought.is_nothing() {
        db::traces::set_brought(tx, run.id, &run.brought.clone().with(&brought)).await?;
    }
    Ok(brought)
}

/// Takes back some of what a locked import brought; gives whether there may be more. Contacts come first: what came with one
/// that stays, stays with him.
pub(super) async fn undo(tx: &mut Tx, run: &Run) -> Result<bool> {
    let mut rows = db::traces::pending(tx, run.id, jobs::BATCH as i64).await?;
    let Some((step, name)) = rows.first().map(|row| (row.step, row.part.clone())) else {
        return Ok(false);
    };
    rows.retain(|row| row.step == step && row.part == name);
    let contacts: Vec<Uuid> = rows.iter().filter_map(|row| row.contact).collect();
    let ids: Vec<_> = contacts.iter().map(|id| crate::contacts::ContactId(*id)).collect();
    hold_segment(tx, run).await?;
    db::contacts::lock(tx, &ids).await?;
    let held = db::traces::held(tx, &contacts).await?;
    let stays = |row: &Pending| match row.contact {
        Some(contact) if held.contains(&contact) => Some("held"),
        _ => row.reason(),
    };
    let (left, back): (Vec<&Pending>, Vec<&Pending>) = rows.iter().partition(|row| stays(row).is_some());
    let traces: Vec<PartTrace> = back.iter().map(|row| row.trace()).collect();
    let part = tx.app().import_parts().find(|part| part.name == name);
    let fates = match part {
        Some(part) if !traces.is_empty() => (part.undo)(tx, &traces, run.jump).await?,
        _ => vec!["gone"; traces.len()],
    };
    let (mut done, mut kept) = (vec![], vec![]);
    for (row, fate) in back.iter().zip(fates).chain(left.iter().filter_map(|row| Some((row, stays(row)?)))) {
        match fate {
            "undone" | "gone" => done.push(row.line),
            fate => kept.push((row.line, fate)),
        }
    }
    let used: Vec<i32> = kept.iter().filter(|(_, fate)| *fate == "used").map(|(line, _)| *line).collect();
    db::traces::hand_on(tx, run.id, (step, &name), &used).await?;
    db::traces::settle(tx, run.id, (step, &name), &done, &kept).await?;
    tx.touched("contacts", &contacts).await?;
    Ok(true)
}

/// Says what an undo left and why, when it is over.
pub(super) async fn end_undo(tx: &mut Tx, run: &Run) -> Result<()> {
    if run.brought.is_nothing() {
        return Ok(());
    }
    let brought = ImportBrought { kept: db::traces::kept(tx, run.id).await?, ..run.brought.clone() };
    db::traces::set_brought(tx, run.id, &brought).await
}
