//! What one batch does to companies: few statements, however many companies there are, and the same facts as if each had been
//! changed alone. The companies are locked in the order of their ids, as everybody does who changes many.
use super::super::{
    change::{self, Trace},
    model::CompanyBulkChange,
};
use crate::companies::{Company, CompanyId, Draft, PurgeCompanies, UNDO, facts, many, owner_in_reach};
use contacts::Owners;
use fields::{Asking, Custom, RecordKind};
use kernel::{Result, Tx, bulk, events::NewEvent, jobs::Enqueue};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

type Fate = bulk::Fate<Trace>;
type Fates = bulk::Fates<Trace>;

/// A company as it is and as it is to be; `given` are custom values to be checked on the way.
struct Step {
    id: CompanyId,
    before: Draft,
    after: Draft,
    given: Custom,
}

/// Does a change to companies, as far as they are in reach. Those that are not named in the answer are not there.
pub(super) async fn apply(tx: &mut Tx, change: &CompanyBulkChange, ids: &[CompanyId], reach: &Owners) -> Result<Fates> {
    let companies = many::lock(tx, ids, change.deleted == Some(false), reach).await?;
    match change.deleted {
        Some(true) => return delete(tx, &companies).await,
        Some(false) => return restore(tx, &companies).await,
        None => {}
    }
    let owner = match change.owner.is_undefined() {
        true => None,
        false => owner_in_reach(tx, change.owner.value().copied(), reach)?,
    };
    let step = |company: &Company| {
        let before = Draft::of(company);
        let after = change::changed(&before, change, owner);
        Step { id: company.id, before, after, given: change.custom.clone() }
    };
    write(tx, companies.iter().map(step).collect()).await
}

/// Writes what differs, and records it.
async fn write(tx: &mut Tx, steps: Vec<Step>) -> Result<Fates> {
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    let (mut fates, mut writing) = (Fates::new(), vec![]);
    for mut step in steps {
        if step.before != step.after || !step.given.0.is_empty() {
            let (before, own) = (Some(&step.before.custom), step.after.own());
            match fields::settle(tx, &fields, step.id.0, before, &step.given, Asking::Nothing, &own).await {
                Ok(custom) => step.after.custom = custom,
                Err(error) => {
                    fates.insert(step.id.0, Fate::refused(error)?);
                    continue;
                }
            }
        }
        match step.before == step.after {
            true => drop(fates.insert(step.id.0, Fate::unchanged())),
            false => writing.push(step),
        }
    }
    let values: Vec<_> = writing.iter().map(|step| (step.id.0, &step.before.custom, &step.after.custom)).collect();
    for (id, why) in fields::store_fitting(tx, &fields, &values).await? {
        fates.insert(id, Fate::skipped(&why.code, Some(&why.field)));
    }
    writing.retain(|step| !fates.contains_key(&step.id.0));
    many::update(tx, &writing.iter().map(|step| (step.id, &step.after)).collect::<Vec<_>>()).await?;
    let told = writing.iter().flat_map(|step| facts(step.id, &step.before, &step.after));
    tx.record_all(&told.collect::<Vec<_>>()).await?;
    let trace = |step: &Step| (step.id.0, Fate::changed(Trace::of(&step.before, &step.after, &step.given)));
    fates.extend(writing.iter().map(trace));
    Ok(fates)
}

async fn delete(tx: &mut Tx, companies: &[Company]) -> Result<Fates> {
    let ids: Vec<CompanyId> = companies.iter().map(|company| company.id).collect();
    let deleted_at = tx.now();
    if !ids.is_empty() {
        many::delete(tx, &ids).await?;
        let purge = PurgeCompanies { companies: ids.clone(), deleted_at };
        tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
        tx.record_all(&told(&ids, "company.deleted", "Company deleted")).await?;
    }
    let trace = Trace { deleted_at: Some(deleted_at), ..Trace::default() };
    Ok(ids.into_iter().map(|id| (id.0, Fate::changed(trace.clone()))).collect())
}

async fn restore(tx: &mut Tx, companies: &[Company]) -> Result<Fates> {
    let ids: Vec<CompanyId> = companies.iter().map(|company| company.id).collect();
    many::restore(tx, &ids).await?;
    tx.record_all(&told(&ids, "company.restored", "Company restored")).await?;
    let trace = |company: &Company| Trace { deleted_at: company.deleted_at, ..Trace::default() };
    Ok(companies.iter().map(|company| (company.id.0, Fate::changed(trace(company)))).collect())
}

fn told(ids: &[CompanyId], kind: &'static str, title: &str) -> Vec<NewEvent> {
    ids.iter().map(|id| NewEvent::new(kind, "companies", id.0, title).payload(&json!({}))).collect()
}

/// Takes back what the rows say, and says what became of each: whoever is not named is not there.
pub(super) async fn take_back(
    tx: &mut Tx,
    change: &CompanyBulkChange,
    rows: &[(Uuid, Trace)],
    reach: &Owners,
) -> Result<HashMap<Uuid, String>> {
    let ids: Vec<CompanyId> = rows.iter().map(|(id, _)| CompanyId(*id)).collect();
    let traces: HashMap<CompanyId, &Trace> = rows.iter().map(|(id, trace)| (CompanyId(*id), trace)).collect();
    let gone = change.deleted == Some(true);
    let companies = many::lock(tx, &ids, gone, reach).await?;
    let there: BTreeSet<CompanyId> = companies.iter().map(|company| company.id).collect();
    let rest: Vec<CompanyId> = ids.iter().filter(|id| !there.contains(id)).copied().collect();
    let other = many::lock(tx, &rest, !gone, reach).await?;
    let edited = other.iter().chain(&companies).map(|company| (company.id.0, "edited".to_owned()));
    let mut fates: HashMap<Uuid, String> = edited.collect();
    let done = match change.deleted {
        Some(true) => {
            let same = |company: &&Company| {
                traces.get(&company.id).is_some_and(|trace| trace.deleted_at == company.deleted_at)
            };
            let mine: Vec<Company> = companies.iter().filter(same).cloned().collect();
            restore(tx, &mine).await?
        }
        Some(false) => delete(tx, &companies).await?,
        None => {
            let step = |company: &Company| {
                let before = Draft::of(company);
                let (after, given) = traces.get(&company.id)?.undone(&before)?;
                Some(Step { id: company.id, before, after, given })
            };
            write(tx, companies.iter().filter_map(step).collect()).await?
        }
    };
    fates.extend(done.into_iter().map(|(id, fate)| (id, fate.reason.unwrap_or_else(|| "restored".to_owned()))));
    Ok(fates)
}
