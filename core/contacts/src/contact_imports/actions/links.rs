//! Links of rows: what stands in the file leads to a record, or the row is told why it does not. Nothing is guessed.
use super::super::{
    db::Run,
    model::{BadCells, Reaches},
    row_draft::{Refusal, Row, SaidLink},
};
use crate::{Import, contacts::Owners};
use fields::{Fields, RecordKind, leads};
use kernel::{Cx, Error, Result, Tx};
use std::collections::{BTreeSet, HashMap};

/// The permission to see the records that links of a kind lead to; contacts are in the reach of the import.
fn permission(target: RecordKind) -> Option<&'static str> {
    match target {
        RecordKind::Contact => None,
        RecordKind::Company => Some("companies.read"),
        RecordKind::Deal => Some("deals.read"),
    }
}

/// Notes how far the caller sees the records that links to be brought lead to; 403 when he does not at all.
pub(super) async fn add_reaches<'a>(
    cx: &Cx<Import>,
    fields: &Fields,
    keys: impl Iterator<Item = &'a String>,
    reaches: &mut Reaches,
) -> Result<()> {
    for read in keys.filter_map(|key| permission(fields.get(key)?.target?)) {
        let level = cx.require(read).await?;
        reaches.0.insert(read.to_owned(), cx.owners_at(level));
    }
    Ok(())
}

/// Refuses links to records that the caller may not see.
pub(super) async fn check(cx: &Cx<Import>, fields: &Fields, custom: &[Option<String>]) -> Result<()> {
    for (i, key) in custom.iter().enumerate() {
        let Some(read) = key.as_ref().and_then(|key| permission(fields.get(key)?.target?)) else { continue };
        if let Err(error) = cx.require(read).await {
            let detail = format!("To bring this you need the permission {read}.");
            return Err(Error::invalid(format!("/custom/{i}"), error.code(), detail));
        }
    }
    Ok(())
}

/// Puts the records that links lead to into the rows. A row with one that leads nowhere, or to several, is refused; where what
/// is wrong is left out, it comes without it.
pub(super) async fn follow(tx: &mut Tx, run: &Run, rows: &mut [Row]) -> Result<()> {
    let mut known = HashMap::new();
    for target in [RecordKind::Contact, RecordKind::Company, RecordKind::Deal] {
        let links = rows.iter().filter_map(|row| row.said.as_ref().ok()).flat_map(|said| &said.links);
        let said: BTreeSet<&str> = links.filter(|link| link.target == target).map(|link| link.text.as_str()).collect();
        if !said.is_empty() {
            let said: Vec<&str> = said.into_iter().collect();
            known.insert(target.as_str(), leads(tx, target, &said, &reach(run, target)).await?);
        }
    }
    for row in rows {
        let Ok(said) = &mut row.said else { continue };
        let mut refusal = None;
        for SaidLink { key, column, target, text } in std::mem::take(&mut said.links) {
            match known.get(target.as_str()).and_then(|leads| leads.get(&text)) {
                Some(Ok(id)) => drop(said.draft.custom.0.insert(key, id.as_str().into())),
                _ if run.options.bad_cells == BadCells::LeaveOut => {}
                Some(Err(reason)) => refusal = Some(Refusal { reason: (*reason).to_owned(), column: Some(column) }),
                None => refusal = Some(Refusal { reason: "link_unknown".to_owned(), column: Some(column) }),
            }
        }
        if let Some(refusal) = refusal {
            row.said = Err(refusal);
        }
    }
    Ok(())
}

/// Whose records a link may lead to. Whoever started an import before links could be brought reaches none.
fn reach(run: &Run, target: RecordKind) -> Owners {
    match permission(target) {
        None => run.reach.clone(),
        Some(read) => run.reaches.0.get(read).cloned().unwrap_or(Some(vec![])),
    }
}
