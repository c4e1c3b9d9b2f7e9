//! What can be done with companies. Every caller (API, import, job) uses these verbs.
use super::{
    db,
    draft::Draft,
    jobs::PurgeCompanies,
    model::{Company, CompanyId, CompanyMade, CompanyPatch, NewCompany},
};
use chrono::{DateTime, TimeDelta, Utc};
use contacts::Owners;
use fields::{Asking, Custom, Fields, RecordKind};
use kernel::{Error, Result, Tx, db::ListQuery, events::NewEvent, http::check_if_match, ids::UserId, jobs::Enqueue};
use serde_json::json;

/// How long a deleted company can be restored.
pub const UNDO: TimeDelta = TimeDelta::days(30);
/// Most levels of companies that belong to each other.
pub const MAX_LEVELS: i64 = 20;

/// Makes a company and says which known ones may be the same.
pub async fn create(tx: &mut Tx, mut new: NewCompany, owners: &Owners) -> Result<CompanyMade> {
    let custom = std::mem::take(&mut new.custom);
    let country = tx.tenant().country.clone();
    let mut draft = Draft::new(new, country.as_deref())?;
    draft.owner = owner_in_reach(tx, draft.owner, owners)?;
    db::share_names(tx).await?;
    let id = CompanyId::new(tx.now());
    if draft.parent.is_some() {
        db::lock_hierarchy(tx).await?;
        check_parent(tx, id, draft.parent, owners).await?;
    }
    let duplicates = db::duplicates(tx, &draft, owners).await?;
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    draft.custom = fields::settle(tx, &fields, id.0, None, &custom, Asking::Required, &draft.own()).await?;
    db::insert(tx, id, &draft).await?;
    index(tx, &fields, id, &Custom::default(), &draft.custom).await?;
    let payload = json!({ "status": draft.status.as_str(), "parent": draft.parent, "owner": draft.owner });
    record(tx, "company.created", id, "Company created", payload).await?;
    Ok(CompanyMade { company: db::find(tx, id, owners).await?, duplicates })
}

/// Changes a company.
pub async fn update(
    tx: &mut Tx,
    id: CompanyId,
    mut patch: CompanyPatch,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Company> {
    let custom = std::mem::take(&mut patch.custom);
    let country = tx.tenant().country.clone();
    if !patch.parent.is_undefined() {
        db::lock_hierarchy(tx).await?;
    }
    let locked = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, locked.version)?;
    let current = Draft::of(&locked);
    let mut next = current.patched(patch, country.as_deref())?;
    if next.owner != current.owner {
        next.owner = owner_in_reach(tx, next.owner, owners)?;
    }
    if next.parent != current.parent {
        check_parent(tx, id, next.parent, owners).await?;
    }
    write(tx, id, &current, next, &custom).await?;
    db::find(tx, id, owners).await
}

/// Deletes a company; it can be restored for 30 days, then it is gone.
pub async fn delete(tx: &mut Tx, id: CompanyId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let company = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, company.version)?;
    db::delete(tx, id).await?;
    let deleted_at = tx.now();
    let purge = PurgeCompanies { companies: vec![id], deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    record(tx, "company.deleted", id, "Company deleted", json!({})).await
}

/// Takes a deletion back.
pub async fn restore(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<Company> {
    db::lock_deleted(tx, id, owners).await?;
    db::restore(tx, id, owners).await?;
    record(tx, "company.restored", id, "Company restored", json!({})).await?;
    db::find(tx, id, owners).await
}

/// Removes a company for good whose deletion was not taken back.
pub(crate) async fn purge(tx: &mut Tx, id: CompanyId, deleted_at: DateTime<Utc>) -> Result<()> {
    if db::purge(tx, id, deleted_at).await? {
        fields::forget(tx, &[id.0]).await?;
        record(tx, "company.purged", id, "Company removed for good", json!({})).await?;
    }
    Ok(())
}

/// Writes a locked company that becomes another one, and finds it by what it is then. Events are the caller's.
pub(crate) async fn rewrite(tx: &mut Tx, id: CompanyId, current: &Draft, next: &Draft, fields: &Fields) -> Result<()> {
    db::update(tx, id, next).await?;
    index(tx, fields, id, &current.custom, &next.custom).await
}

/// Refuses filters and an order that do not work.
pub(crate) async fn check_list(tx: &mut Tx, query: ListQuery, deleted: bool) -> Result<()> {
    let spec = if deleted { &db::DELETED } else { &db::LIST };
    db::list(tx, spec, &query, "", &Some(vec![])).await.map(|_| ())
}

/// Records that companies leave the system, and by which filters they are chosen; refuses filters that do not work.
pub(crate) async fn record_export(tx: &mut Tx, filter: &[String], rows: u64) -> Result<()> {
    let fields: Vec<&str> = filter.iter().filter_map(|f| f.split(':').next()).collect();
    let tenant = tx.tenant().id;
    let event = NewEvent::new("company.exported", "companies", tenant.0, "Companies exported");
    tx.record(event.payload(&json!({ "filtered_by": fields, "rows": rows }))).await?;
    Ok(())
}

/// Refuses a parent that is not there, that is below the company, or that makes the tree too high. The hierarchy is
/// locked, so that nobody changes it in the meantime.
async fn check_parent(tx: &mut Tx, id: CompanyId, parent: Option<CompanyId>, owners: &Owners) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    match db::require(tx, parent, owners).await {
        Err(error) if error.is_not_found() => {
            return Err(Error::invalid("/parent", "company_unknown", "There is no such company."));
        }
        other => other?,
    }
    let place = db::place_below(tx, id, parent).await?;
    if place.circular {
        return Err(Error::invalid("/parent", "cycle", "A company cannot belong to itself or to one below it."));
    }
    if place.levels > MAX_LEVELS {
        return Err(Error::invalid("/parent", "too_deep", format!("At most {MAX_LEVELS} levels of companies.")));
    }
    Ok(())
}

/// Finds the company by its custom values from now on; 422 when another record has one that is unique.
pub(super) async fn index(tx: &mut Tx, fields: &Fields, id: CompanyId, before: &Custom, after: &Custom) -> Result<()> {
    let refused = fields::store(tx, fields, &[(id.0, before, after)]).await?;
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid_fields(refused.into_iter().map(|(_, why)| why).collect()))
    }
}

/// Writes what differs and records it: fields together, status, parent and owner each as a fact of its own. `custom` are
/// changes of the tenant's own fields.
async fn write(tx: &mut Tx, id: CompanyId, current: &Draft, mut next: Draft, custom: &Custom) -> Result<bool> {
    if *current == next && custom.0.is_empty() {
        return Ok(false);
    }
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    next.custom =
        fields::settle(tx, &fields, id.0, Some(&current.custom), custom, Asking::Nothing, &next.own()).await?;
    if *current == next {
        return Ok(false);
    }
    rewrite(tx, id, current, &next, &fields).await?;
    tx.record_all(&facts(id, current, &next)).await?;
    Ok(true)
}

/// What a change of a company is told as, each fact as if it had been the only one.
pub(crate) fn facts(id: CompanyId, current: &Draft, next: &Draft) -> Vec<NewEvent> {
    let fact = |kind: &'static str, title: &str, payload: serde_json::Value| {
        NewEvent::new(kind, "companies", id.0, title).payload(&payload)
    };
    let mut facts = vec![];
    let fields = current.changed_fields(next);
    if !fields.is_empty() {
        facts.push(fact("company.updated", "Company changed", json!({ "fields": fields })));
    }
    if current.status != next.status {
        let (from, to) = (current.status.as_str(), next.status.as_str());
        let title = format!("Status changed to {to}");
        facts.push(fact("company.status_changed", &title, json!({ "from": from, "to": to })));
    }
    if current.parent != next.parent {
        let payload = json!({ "from": current.parent, "to": next.parent });
        facts.push(fact("company.moved", "Parent company changed", payload));
    }
    if current.owner != next.owner {
        let payload = json!({ "from": current.owner, "to": next.owner });
        facts.push(fact("company.assigned", "Owner changed", payload));
    }
    facts
}

pub(crate) async fn record(
    tx: &mut Tx,
    kind: &'static str,
    id: CompanyId,
    title: impl Into<String>,
    payload: serde_json::Value,
) -> Result<()> {
    tx.record(NewEvent::new(kind, "companies", id.0, title).payload(&payload)).await?;
    Ok(())
}

/// Whoever reaches only some owners' companies gives them to one of those, by default to himself.
pub(crate) fn owner_in_reach(tx: &Tx, owner: Option<UserId>, owners: &Owners) -> Result<Option<UserId>> {
    let Some(reached) = owners else { return Ok(owner) };
    let owner = owner.or_else(|| tx.context().actor.id.map(UserId));
    match owner {
        Some(owner) if reached.contains(&owner.0) => Ok(Some(owner)),
        _ => Err(Error::invalid("/owner", "owner_out_of_reach", "Name an owner whose companies you may change.")),
    }
}
