//! What can be done with merges. Everything of a merge, and of its undo, is one transaction.
//!
//! Locks are taken in one order: the hierarchy, deals, contacts, companies by id. Whoever comes second finds what the first made of
//! the companies, so of two merges with one company, of a merge and a deletion, of a merge and an edit each has one end.
use super::{
    choice, db,
    jobs::SettleCompanyMerge,
    model::{CompanyMerge, CompanyMergeId, CompanyMergeUndo, MAX_COMPANIES, NewCompanyMerge},
};
use crate::{
    companies::{self, Company, CompanyId, Draft, MAX_LEVELS},
    company_duplicates,
};
use chrono::TimeDelta;
use contacts::Owners;
use fields::{Custom, Fields, RecordKind};
use kernel::{
    Error, Result, Tx,
    clock::random_bytes,
    db::{Merging, Returned},
    error::FieldProblem,
    jobs::Enqueue,
};
use serde_json::json;
use std::collections::BTreeMap;

/// When rows are looked for that somebody added while the companies became one.
const SETTLED_AFTER: TimeDelta = TimeDelta::minutes(1);

/// Makes companies one. Everything that hangs on those that go hangs on the kept one afterwards; rows that cannot, because
/// it has their like, stay with the company that went, and an undo finds them there.
///
/// # Errors
/// 404 when a company is not there, `merged` when it is part of another one by now; 412 when a company is not of the version
/// that the caller has looked at; 422 `cycle` and `too_deep` for what the kept company shall belong to.
pub async fn merge(tx: &mut Tx, new: NewCompanyMerge, owners: &Owners) -> Result<CompanyMerge> {
    let ids = companies_of(&new)?;
    companies::lock_hierarchy(tx).await?;
    db::lock(tx, &ids).await?;
    let mut found = vec![];
    for id in &ids {
        found.push(companies::find(tx, *id, owners).await?);
    }
    check(&found, &new.versions)?;
    let id = CompanyMergeId::new(tx.now());
    let (kept, merged) = (ids[0], &ids[1..]);
    let parts: Vec<(CompanyId, Draft)> = found.iter().map(|company| (company.id, Draft::of(company))).collect();
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    let mut next = choice::united(&parts, &new.fields).ok_or_else(Error::not_found)?;
    next.parent = parent_of(tx, &parts, new.fields.get("parent").copied()).await?;
    fields.compute(&next.own(), &mut next.custom);
    let current = &parts[0].1;
    let changed = choice::differing(current, &next);
    db::insert(tx, id, kept, merged, (current, &next), &changed).await?;
    // Unique values are free before the kept company gets them, and it is below none of the others before theirs come below it.
    fields::forget(tx, &merged.iter().map(|company| company.0).collect::<Vec<_>>()).await?;
    companies::rewrite(tx, kept, current, &next, &fields).await?;
    let moved = move_rows(tx, id, kept, merged).await?;
    require_levels(tx, kept, next.parent).await?;
    let jump = i64::from(u32::from_be_bytes(random_bytes::<4>()) | 1 << 20);
    db::fold(tx, kept, merged, jump).await?;
    company_duplicates::carry(tx, id, kept, merged).await?;
    db::add_moved(tx, id, moved).await?;
    let payload = json!({ "merge": id, "merged": merged });
    companies::record(tx, "company.merged", kept, "Merged with duplicates", payload).await?;
    if !changed.is_empty() {
        let payload = json!({ "fields": changed, "merge": id });
        companies::record(tx, "company.updated", kept, "Company changed by a merge", payload).await?;
    }
    let later = Enqueue { run_at: Some(tx.now() + SETTLED_AFTER), ..Enqueue::default() };
    tx.enqueue(&SettleCompanyMerge { merge: id }, later).await?;
    db::find(tx, id, owners).await
}

/// The companies of a merge, the kept one first.
fn companies_of(new: &NewCompanyMerge) -> Result<Vec<CompanyId>> {
    let Some(kept) = new.kept else { return Err(Error::invalid("/kept", "required", "Name the company to keep.")) };
    let ids: Vec<CompanyId> = std::iter::once(kept).chain(new.merged.iter().copied()).collect();
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut problems: Vec<FieldProblem> = choice::refused(&new.fields, &ids);
    if !(2..=MAX_COMPANIES).contains(&ids.len()) || distinct.len() != ids.len() {
        let detail = format!("1 to {} other companies, each once.", MAX_COMPANIES - 1);
        problems.push(FieldProblem { field: "/merged".into(), code: "count".into(), detail });
    }
    if problems.is_empty() { Ok(ids) } else { Err(Error::invalid_fields(problems)) }
}

fn check(found: &[Company], versions: &BTreeMap<String, i64>) -> Result<()> {
    let stale =
        |company: &Company| versions.get(&company.id.to_string()).is_some_and(|version| *version != company.version);
    if found.iter().any(stale) { Err(kernel::error::Kind::Stale.into()) } else { Ok(()) }
}

/// What the kept company belongs to: what was chosen, or the first company above one of them that is not one of them or below
/// one, because all that is below them comes below the kept one.
async fn parent_of(tx: &mut Tx, parts: &[(CompanyId, Draft)], chosen: Option<CompanyId>) -> Result<Option<CompanyId>> {
    let ids: Vec<CompanyId> = parts.iter().map(|(id, _)| *id).collect();
    let meant = parts.iter().filter(|(id, _)| chosen.is_none_or(|chosen| chosen == *id));
    for parent in meant.filter_map(|(_, draft)| draft.parent) {
        if !db::is_within(tx, parent, &ids).await? {
            return Ok(Some(parent));
        }
        if chosen.is_some() {
            let detail = "What it would belong to is one of these companies, or below one.";
            return Err(Error::invalid("/fields/parent", "cycle", detail));
        }
    }
    Ok(None)
}

async fn require_levels(tx: &mut Tx, kept: CompanyId, parent: Option<CompanyId>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    if companies::place_below(tx, kept, parent).await?.levels > MAX_LEVELS {
        return Err(Error::invalid("/fields/parent", "too_deep", format!("At most {MAX_LEVELS} levels of companies.")));
    }
    Ok(())
}

fn merging(tx: &Tx, id: CompanyMergeId, kept: CompanyId, merged: CompanyId) -> Merging {
    Merging { ledger: "company_merge_rows", merge: id.0, kept: kept.0, merged: merged.0, now: tx.now() }
}

/// Moves the rows of every module, one company after the other, so that two that go never meet unseen.
async fn move_rows(tx: &mut Tx, id: CompanyMergeId, kept: CompanyId, merged: &[CompanyId]) -> Result<u64> {
    let (app, mut moved) = (tx.app().clone(), 0);
    for company in merged {
        let (from, to) = (company.to_string(), kept.to_string());
        let links = fields::relink(tx, RecordKind::Company, &from, &to).await?;
        let views = views::relink(tx, &from, &to).await?;
        db::note_links(tx, (id, *company), (&links, &views), (&from, &to)).await?;
        contacts::relink(tx, &links, &from, &to).await?;
        let merging = merging(tx, id, kept, *company);
        for reference in app.modules.iter().flat_map(|module| module.company_references) {
            moved += tx.merge_rows(reference, &merging).await?;
        }
    }
    Ok(moved)
}

/// Moves what somebody added to a company while it became part of another one.
pub(super) async fn settle(tx: &mut Tx, id: CompanyMergeId) -> Result<()> {
    companies::lock_hierarchy(tx).await?;
    let merge = match db::find_for_update(tx, id).await {
        Err(error) if error.is_not_found() => return Ok(()),
        found => found?,
    };
    let members = db::members(tx, id).await?;
    db::lock(tx, &with_kept(merge.kept, &members)).await?;
    if merge.state != "done" || db::standing(tx, merge.kept).await?.is_merged {
        return Ok(());
    }
    let moved = move_rows(tx, id, merge.kept, &members).await?;
    if moved > 0 {
        db::add_moved(tx, id, moved).await?;
        let payload = json!({ "merge": id, "moved": moved });
        companies::record(tx, "company.merge_settled", merge.kept, "What was added meanwhile followed", payload)
            .await?;
    }
    Ok(())
}

fn with_kept(kept: CompanyId, members: &[CompanyId]) -> Vec<CompanyId> {
    members.iter().copied().chain([kept]).collect()
}

/// Makes companies apart again: every row that moved goes back unless it is gone, what was changed to make room is as it was
/// unless somebody changed it since, and what was added since stays with the kept company.
///
/// # Errors
/// 409 `merge_undone`, `merge_later` (another one stands on it), `kept_merged`, `kept_deleted`, `merge_edited` (fields that
/// somebody changed since, see [`CompanyMergeUndo`]), `hierarchy_changed` (a company would be above itself) and `value_taken`
/// (another record has a unique value by now).
pub async fn undo(tx: &mut Tx, id: CompanyMergeId, how: CompanyMergeUndo, owners: &Owners) -> Result<CompanyMerge> {
    db::find(tx, id, owners).await?;
    companies::lock_hierarchy(tx).await?;
    let merge = db::find_for_update(tx, id).await?;
    let gone = db::members(tx, id).await?;
    let ids = with_kept(merge.kept, &gone);
    db::lock(tx, &ids).await?;
    refuse(&merge, &db::standing(tx, merge.kept).await?)?;
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    let current = Draft::of(&companies::find(tx, merge.kept, owners).await?);
    let edits = choice::edited(&merge.draft_after, &current, &fields);
    if !edits.is_empty() && !how.keep_edits {
        let detail = format!("Changed since: {}. Undo with keep_edits to leave these as they are.", edits.join(", "));
        return Err(Error::conflict("merge_edited", detail));
    }
    let done = return_rows(tx, id, merge.kept, &gone).await?;
    if edits.is_empty() {
        db::restore(tx, id).await?;
    } else {
        let mut next = choice::apart(&merge.draft_before, &merge.draft_after, &current);
        next.parent = db::standing_parent(tx, next.parent).await?;
        next.custom = fields.settled(&next.own(), &next.custom);
        companies::rewrite(tx, merge.kept, &current, &next, &fields).await?;
    }
    if db::is_circular(tx, &ids).await? {
        let detail =
            "What belongs to the companies was changed since, so that one would be above itself. Move it first.";
        return Err(Error::conflict("hierarchy_changed", detail));
    }
    company_duplicates::uncarry(tx, id).await?;
    db::bring_back(tx, id).await?;
    settle_values(tx, &ids, &fields).await?;
    db::finish_undo(tx, id, &edits, done).await?;
    for company in &gone {
        let payload = json!({ "merge": id, "from": merge.kept });
        companies::record(tx, "company.merge_undone", *company, "Merge undone", payload).await?;
    }
    let payload = json!({ "merge": id, "apart": gone });
    companies::record(tx, "company.merge_undone", merge.kept, "Merge undone", payload).await?;
    db::find(tx, id, owners).await
}

fn refuse(merge: &db::Standing, kept: &db::Kept) -> Result<()> {
    let conflict = |code, detail: &str| Err(Error::conflict(code, detail));
    match () {
        () if merge.state != "done" => conflict("merge_undone", "The merge was undone already."),
        () if kept.is_merged => {
            conflict("kept_merged", "The kept company is part of another one now. Undo that first.")
        }
        () if kept.is_deleted => conflict("kept_deleted", "The kept company was deleted. Restore it first."),
        () if merge.has_later => conflict("merge_later", "Others were merged into the company later. Undo that first."),
        () => Ok(()),
    }
}

/// The way back of [`move_rows`], the last company first.
async fn return_rows(tx: &mut Tx, id: CompanyMergeId, kept: CompanyId, merged: &[CompanyId]) -> Result<Returned> {
    let (app, mut done) = (tx.app().clone(), Returned::default());
    for company in merged.iter().rev() {
        let merging = merging(tx, id, kept, *company);
        for reference in app.modules.iter().flat_map(|module| module.company_references) {
            let one = tx.unmerge_rows(reference, &merging).await?;
            done.returned += one.returned;
            done.missing += one.missing;
            done.edited += one.edited;
        }
        let (from, to) = (company.to_string(), kept.to_string());
        let links = db::links(tx, id, *company).await?;
        contacts::relink(tx, &links, &to, &from).await?;
        let (records, fields): (Vec<_>, Vec<_>) = links.iter().map(|link| (link.record, link.field)).unzip();
        fields::relink_back(tx, (&records, &fields), &from, &to).await?;
        let changed = db::views(tx, id, *company).await?;
        views::relink_back(tx, &changed).await?;
    }
    Ok(done)
}

/// Lets locked companies that were given back what they said say it as fields are defined now, and be found by it.
async fn settle_values(tx: &mut Tx, ids: &[CompanyId], fields: &Fields) -> Result<()> {
    fields::forget(tx, &ids.iter().map(|id| id.0).collect::<Vec<_>>()).await?;
    let found = companies::many::lock(tx, ids, false, &None).await?;
    let settled: Vec<Custom> = found.iter().map(|c| fields.settled(&Draft::of(c).own(), &c.custom)).collect();
    let nothing = Custom::default();
    let rows: Vec<_> = found.iter().zip(&settled).map(|(company, custom)| (company.id.0, &nothing, custom)).collect();
    if !fields::store(tx, fields, &rows).await?.is_empty() {
        return Err(Error::conflict("value_taken", "Another record has a unique value that one of the companies had."));
    }
    let others = found.iter().zip(settled).filter(|(company, custom)| company.custom != *custom);
    let (ids, customs): (Vec<_>, Vec<_>) = others.map(|(company, custom)| (company.id.0, custom)).unzip();
    companies::set_custom(tx, &ids, &customs).await
}
