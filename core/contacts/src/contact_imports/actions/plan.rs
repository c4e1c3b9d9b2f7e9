//! What becomes of rows, decided in their order: as if they came one by one, with few statements for all.
use super::{
    super::{
        db::{self, Counts, Run},
        model::{ContactImportId, ImportKey, ImportMode, ImportReason},
        row_draft::{Refusal, Row, Said, UniqueValues},
    },
    links,
};
use crate::{
    contacts::{Contact, ContactId, Draft, Owners},
    tags::{self, Words},
};
use fields::RecordKind;
use kernel::{Result, Tx, ids::new_uuid_nth, imports::PartRow};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// People of earlier rows: the first row of a person counts, every later one is told which.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    keys: HashMap<(ImportKey, String), i32>,
    contacts: HashMap<ContactId, i32>,
    /// Unique values of custom fields, as they are compared, with the row that brings them.
    unique: HashMap<(String, String), i32>,
}

/// What becomes of one row.
#[derive(Debug)]
pub(super) struct Fate {
    pub line: i32,
    pub outcome: Outcome,
    pub contact: Option<ContactId>,
    pub refusal: Option<Refusal>,
    pub same_as: Option<i32>,
    /// Its cells, when it does not come in.
    pub cells: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Created,
    Updated,
    Unchanged,
    Skipped,
    Failed,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
            Outcome::Skipped => "skipped",
            Outcome::Failed => "failed",
        }
    }
}

/// What becomes of a batch.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub fates: Vec<Fate>,
    pub new: Vec<(ContactId, Draft)>,
    pub changed: Vec<Change>,
    pub tags_made: Vec<Uuid>,
    /// What rows bring besides the contacts that they make, change or leave as they are.
    pub parts: Vec<PartRow>,
}

/// A contact as it is and as it becomes.
#[derive(Debug)]
pub(super) struct Change {
    pub contact: ContactId,
    pub before: Draft,
    pub after: Draft,
}

impl Plan {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for fate in &self.fates {
            *match fate.outcome {
                Outcome::Created => &mut counts.created,
                Outcome::Updated => &mut counts.updated,
                Outcome::Unchanged => &mut counts.unchanged,
                Outcome::Skipped => &mut counts.skipped,
                Outcome::Failed => &mut counts.failed,
            } += 1;
        }
        counts
    }
}

/// What is known before the rows are looked at.
struct Known {
    found: HashMap<(ImportKey, String), ContactId>,
    contacts: HashMap<ContactId, Contact>,
    words: Words,
    unique: UniqueValues,
    /// Contacts that may still be made, if the plan of the tenant says.
    room: Option<i64>,
    next: u32,
}

/// Decides what becomes of rows. With `writes` contacts are locked and missing tags are made.
pub(super) async fn decide(
    tx: &mut Tx,
    run: &Run,
    mut rows: Vec<Row>,
    seen: &mut Seen,
    room: Option<i64>,
    writes: bool,
) -> Result<Plan> {
    let mut plan = Plan::default();
    links::follow(tx, run, &mut rows).await?;
    let unique = unique_values(tx, run, &rows).await?;
    let found = matches(tx, run, &rows, &unique, &run.reach).await?;
    let mut ids: Vec<ContactId> = found.values().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    if writes {
        db::contacts::lock(tx, &ids).await?;
        for place in db::ledger::places(tx, run.id, &ids).await? {
            seen.contacts.extend(place.contact.map(|contact| (contact, place.line)));
        }
    }
    let contacts = db::contacts::read(tx, &ids).await?.into_iter().map(|c| (c.id, c)).collect();
    let words = vocabulary(tx, run, &rows, writes).await?;
    plan.tags_made = words.made.iter().map(|tag| tag.0).collect();
    let mut known = Known { found, contacts, words, unique, room, next: 0 };
    for row in rows {
        let fate = known.fate(tx, run, &row, seen, &mut plan);
        let stays_out = matches!(fate.outcome, Outcome::Skipped | Outcome::Failed);
        let mut parts = row.said.map(|said| said.parts).unwrap_or_default();
        if let Some(segment) = run.options.segment {
            parts.insert("segment".to_owned(), segment.to_string().into());
        }
        if let Some(contact) = fate.contact.filter(|_| !stays_out && !parts.is_empty()) {
            let is_new = fate.outcome == Outcome::Created;
            plan.parts.push(PartRow { line: fate.line, contact: contact.0, is_new, said: parts });
        }
        let cells = stays_out.then_some(row.record.cells);
        plan.fates.push(Fate { cells, ..fate });
    }
    Ok(plan)
}

async fn matches(
    tx: &mut Tx,
    run: &Run,
    rows: &[Row],
    unique: &UniqueValues,
    owners: &Owners,
) -> Result<HashMap<(ImportKey, String), ContactId>> {
    let (mut ids, mut emails, mut phones, mut own) = (vec![], vec![], vec![], HashMap::new());
    for said in rows.iter().filter_map(|row| row.said.as_ref().ok()) {
        for (kind, value) in said.keys(&run.options.match_by, unique) {
            match kind {
                ImportKey::Id => ids.extend(said.id),
                ImportKey::Email => emails.push(value),
                ImportKey::Phone => phones.push(value),
                ImportKey::Custom => {}
            }
        }
        if run.options.match_by.contains(&ImportKey::Custom) {
            own.extend(said.own_keys(unique).filter_map(|(key, holder)| Some((key, ContactId(holder?)))));
        }
    }
    ids.extend(own.values());
    let found = db::contacts::matches(tx, &ids, &emails, &phones, owners).await?;
    let kind = |kind: &str| match kind {
        "id" => ImportKey::Id,
        "email" => ImportKey::Email,
        _ => ImportKey::Phone,
    };
    let mut found: HashMap<_, _> = found.into_iter().map(|f| ((kind(&f.kind), f.value), f.contact)).collect();
    // Whoever has the value may be deleted, or out of reach.
    own.retain(|_, contact| found.contains_key(&(ImportKey::Id, contact.0.to_string())));
    found.extend(own.into_iter().map(|(value, contact)| ((ImportKey::Custom, value), contact)));
    Ok(found)
}

/// The tags that rows and options name.
async fn vocabulary(tx: &mut Tx, run: &Run, rows: &[Row], writes: bool) -> Result<Words> {
    let said = rows.iter().filter_map(|row| row.said.as_ref().ok()).flat_map(|said| &said.draft.tags);
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for tag in said.chain(&run.options.tags).map(|tag| tag.trim()) {
        wanted.entry(tag.to_lowercase()).or_insert_with(|| tag.to_owned());
    }
    tags::words(tx, &wanted.into_values().collect::<Vec<_>>(), writes).await
}

/// Who has the unique values that rows bring, by key and value as they were written.
async fn unique_values(tx: &mut Tx, run: &Run, rows: &[Row]) -> Result<UniqueValues> {
    if run.columns.iter().all(|column| column.custom.is_none()) {
        return Ok(UniqueValues::new());
    }
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    let said = rows.iter().filter_map(|row| row.said.as_ref().ok()).flat_map(|said| &said.draft.custom.0);
    let values: Vec<_> =
        said.filter_map(|(key, value)| Some((fields.get(key).filter(|field| field.unique)?, value))).collect();
    let holders = fields::holders(tx, &values).await?;
    let written = values.iter().map(|(field, value)| (field.key.clone(), value.to_string()));
    Ok(written.zip(holders).collect())
}

impl Known {
    /// The column whose unique value another contact or an earlier row has; else the values are this row's from now on.
    fn taken(&self, run: &Run, said: &Said, contact: Option<ContactId>, line: i32, seen: &mut Seen) -> Option<Refusal> {
        let mut own = vec![];
        for (key, value) in &said.draft.custom.0 {
            let Some((compared, holder)) = self.unique.get(&(key.clone(), value.to_string())) else { continue };
            let place = (key.clone(), compared.clone());
            if holder.is_some_and(|holder| Some(ContactId(holder)) != contact) || seen.unique.contains_key(&place) {
                let column = run.columns.iter().find(|column| column.custom.as_ref() == Some(key));
                return Some(Refusal { reason: "not_unique".into(), column: column.map(|c| c.name.clone()) });
            }
            own.push(place);
        }
        seen.unique.extend(own.into_iter().map(|place| (place, line)));
        None
    }

    fn fate(&mut self, tx: &Tx, run: &Run, row: &Row, seen: &mut Seen, plan: &mut Plan) -> Fate {
        let line = row.record.line;
        let fate = |outcome, contact| Fate { line, outcome, contact, refusal: None, same_as: None, cells: None };
        let refused = |outcome, refusal| Fate { refusal: Some(refusal), ..fate(outcome, None) };
        let twice = |line| Fate { same_as: Some(line), ..refused(Outcome::Skipped, Refusal::of("duplicate_row")) };
        let said = match &row.said {
            Ok(said) => said,
            Err(refusal) => return refused(Outcome::Failed, refusal.clone()),
        };
        let keys = said.keys(&run.options.match_by, &self.unique);
        // The database's answer comes before the file's: its contact is older.
        let known = keys.iter().find_map(|key| match self.found.get(key) {
            Some(id) if self.contacts.contains_key(id) => Some(Ok(*id)),
            _ => seen.keys.get(key).map(|line| Err(*line)),
        });
        let names_nobody = keys.iter().any(|(kind, _)| *kind == ImportKey::Id) && !self.has_id(said);
        match known {
            _ if names_nobody => refused(Outcome::Failed, Refusal::of("id_unknown")),
            Some(Err(line)) => twice(line),
            Some(Ok(id)) => {
                if let Some(line) = seen.contacts.get(&id) {
                    return twice(*line);
                }
                if run.options.mode == ImportMode::Create {
                    return Fate { contact: Some(id), ..refused(Outcome::Skipped, Refusal::of("exists")) };
                }
                let Some(contact) = self.contacts.get(&id) else { return fate(Outcome::Failed, None) };
                if let Some(refusal) = self.taken(run, said, Some(id), line, seen) {
                    return refused(Outcome::Failed, refusal);
                }
                let before = Draft::of(contact);
                let after = match self.changed(run, said, &before) {
                    Ok(after) => after,
                    Err(refusal) => return refused(Outcome::Failed, refusal),
                };
                seen.contacts.insert(id, line);
                seen.keys.extend(keys.into_iter().map(|key| (key, line)));
                if after == before {
                    return fate(Outcome::Unchanged, Some(id));
                }
                plan.changed.push(Change { contact: id, before, after });
                fate(Outcome::Updated, Some(id))
            }
            None if run.options.mode == ImportMode::Update => refused(Outcome::Skipped, Refusal::of("not_found")),
            None => match self.taken(run, said, None, line, seen).map_or_else(|| self.created(tx, run, said), Err) {
                Err(refusal) => refused(Outcome::Failed, refusal),
                Ok((id, draft)) => {
                    plan.new.push((id, draft));
                    seen.keys.extend(keys.into_iter().map(|key| (key, line)));
                    fate(Outcome::Created, Some(id))
                }
            },
        }
    }

    fn has_id(&self, said: &Said) -> bool {
        said.id.is_none_or(|id| self.found.contains_key(&(ImportKey::Id, id.0.to_string())))
    }

    fn changed(&self, run: &Run, said: &Said, before: &Draft) -> Result<Draft, Refusal> {
        let mut given = said.draft.clone();
        given.tags = self.words.spelled(given.tags.iter().chain(&run.options.tags));
        if let Some(owner) = given.owner {
            check_owner(run, Some(owner.0))?;
        }
        let mut after = if run.options.overwrite {
            before.replaced_by(&given)
        } else {
            if given.display_name.is_empty() {
                given.display_name = given.derived_name();
            }
            before.enriched(&given)
        };
        if let Some(stage) = said.stage.as_ref().filter(|_| run.options.overwrite) {
            after.stage.clone_from(stage);
        }
        Ok(after)
    }

    fn created(&mut self, tx: &Tx, run: &Run, said: &Said) -> Result<(ContactId, Draft), Refusal> {
        let mut draft = said.draft.clone();
        if draft.display_name.is_empty() {
            draft.display_name = draft.derived_name();
        }
        if draft.display_name.is_empty() {
            return Err(Refusal::of("name_missing"));
        }
        let stage = said.stage.as_ref().or(run.options.stage.as_ref());
        draft.stage = stage.cloned().unwrap_or_default();
        draft.source = draft.source.or_else(|| run.options.source.clone()).or_else(|| Some("import".to_owned()));
        draft.tags = self.words.spelled(draft.tags.iter().chain(&run.options.tags));
        draft.owner = draft.owner.or(run.options.owner);
        if run.reach.is_some() && draft.owner.is_none() {
            draft.owner = run.created_by;
        }
        check_owner(run, draft.owner.map(|owner| owner.0))?;
        if let Some(room) = &mut self.room {
            if *room <= 0 {
                return Err(Refusal::of("plan_limit"));
            }
            *room -= 1;
        }
        let id = ContactId(new_uuid_nth(tx.now(), self.next));
        self.next += 1;
        Ok((id, draft))
    }
}

/// Whoever reaches only some owners' contacts gives them to one of those.
fn check_owner(run: &Run, owner: Option<Uuid>) -> Result<(), Refusal> {
    match &run.reach {
        Some(reach) if owner.is_none_or(|owner| !reach.contains(&owner)) => Err(Refusal::of("owner_out_of_reach")),
        _ => Ok(()),
    }
}

/// Adds what a plan refuses to what was refused before.
pub(super) fn add_reasons(reasons: &mut Vec<ImportReason>, plan: &Plan) {
    for fate in &plan.fates {
        let Some(Refusal { reason, column }) = &fate.refusal else { continue };
        match reasons.iter_mut().find(|known| known.reason == *reason && known.column == *column) {
            Some(known) => known.count += 1,
            None => reasons.push(ImportReason {
                reason: reason.clone(),
                column: column.clone(),
                count: 1,
                first_line: fate.line,
            }),
        }
    }
}

/// The rows of the ledger.
pub(super) fn ledger(id: ContactImportId, fates: &[Fate]) -> serde_json::Value {
    let row = |fate: &Fate| {
        serde_json::json!({
            "import_id": id.0,
            "line": fate.line,
            "outcome": fate.outcome.as_str(),
            "contact_id": fate.contact.map(|contact| contact.0),
            "reason": fate.refusal.as_ref().map(|r| &r.reason),
            "column_name": fate.refusal.as_ref().and_then(|r| r.column.as_ref()),
            "same_as": fate.same_as,
            "cells": fate.cells,
        })
    };
    fates.iter().map(row).collect()
}
