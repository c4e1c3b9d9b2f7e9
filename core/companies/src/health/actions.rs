//! How what is kept of health follows what happens, and the days. Companies that an event concerns are noted, and a job takes them:
//! it takes a company off the notes first, then holds it, then looks, so what happens meanwhile is looked at again. When days alone
//! make a company another, it says so itself (`health_next`), and the job that looks next waits for the first such moment.
use super::{
    db,
    jobs::{RecountHealth, RefreshHealth},
    kept::Kept,
};
use crate::companies::{CompanyId, values};
use kernel::{Result, Tx, events::Recorded, jobs::Enqueue};
use std::collections::HashSet;
use uuid::Uuid;

/// Companies that are counted in one transaction.
const BATCH: i64 = 500;

/// What may make a company's health another: what happened with it or one of its people, who they are, and the account's zone.
pub(crate) const KINDS: &[&str] = &[
    "company.created",
    "company.updated",
    "company.status_changed",
    "company.deleted",
    "company.restored",
    "company.purged",
    "company.person_added",
    "company.person_changed",
    "company.person_removed",
    "company.merged",
    "company.merge_settled",
    "company.merge_undone",
    "contact.deleted",
    "contact.restored",
    "contact.purged",
    "contact.erased",
    "contact.merged",
    "contact.merge_settled",
    "contact.merge_undone",
    "activity.logged",
    "activity.updated",
    "activity.deleted",
    "note.created",
    "note.updated",
    "note.deleted",
    "form.submitted",
    "submission.deleted",
    "deal.purged",
    "tenant.updated",
];

/// Notes whom an event concerns. It runs after the change was committed, so no writer waits for it.
pub(crate) async fn notice(tx: &mut Tx, event: &Recorded) -> Result<()> {
    if event.kind == "tenant.updated" {
        let fields = event.payload["fields"].as_array();
        let moved = fields.is_some_and(|fields| fields.iter().any(|field| field == "zone"));
        return if moved { tx.enqueue_once(&RecountHealth { after: None }).await } else { Ok(()) };
    }
    let wire = event.payload["company"].as_str().into_iter();
    // Those that became part of the company.
    let merged = event.payload["merged"].as_array().into_iter().flatten().filter_map(|id| id.as_str());
    let mut companies: Vec<CompanyId> = wire.chain(merged).filter_map(|id| id.parse().ok()).collect();
    let mut people: Vec<Uuid> = event.contact_id.into_iter().collect();
    match event.subject.as_str() {
        "companies" => companies.push(CompanyId(event.subject_id)),
        "contacts" => people.push(event.subject_id),
        _ => {}
    }
    // Nothing leads from what is gone for good to those whom it was about any more, but the log knows.
    if matches!(
        event.kind.as_str(),
        "company.purged" | "contact.purged" | "contact.erased" | "submission.deleted" | "deal.purged"
    ) {
        for told in db::told(tx, &event.subject, event.subject_id).await? {
            people.extend(told.contact);
            companies.extend(told.company.map(CompanyId));
            companies.extend(told.named.and_then(|id| id.parse::<CompanyId>().ok()));
        }
    }
    note_people(tx, &people).await?;
    note(tx, &companies).await
}

/// Notes that something happened with companies.
pub(crate) async fn note(tx: &mut Tx, companies: &[CompanyId]) -> Result<()> {
    if companies.is_empty() {
        return Ok(());
    }
    db::note(tx, companies).await?;
    tx.enqueue_once(&RefreshHealth {}).await
}

/// Notes that something happened with people of companies, whoever they are part of by now.
pub(crate) async fn note_people(tx: &mut Tx, contacts: &[Uuid]) -> Result<()> {
    if contacts.is_empty() || db::note_people(tx, contacts).await? == 0 {
        return Ok(());
    }
    tx.enqueue_once(&RefreshHealth {}).await
}

/// Counts companies anew.
async fn refresh(tx: &mut Tx, ids: &[CompanyId]) -> Result<()> {
    let held = values::hold(tx, ids).await?;
    // A statement of its own: it sees what others did until the companies were held.
    let mut kept: Vec<Kept> = db::facts(tx, &held).await?.iter().map(Kept::of).collect();
    let there: HashSet<Uuid> = kept.iter().map(|one| one.id.0).collect();
    kept.extend(held.into_iter().filter(|id| !there.contains(&id.0)).map(Kept::nothing));
    db::keep(tx, &kept).await
}

/// Counts some companies that something happened to, else some that are due; gives whether there may be more of them.
pub(super) async fn refresh_batch(tx: &mut Tx) -> Result<bool> {
    let mut ids = db::take(tx, BATCH).await?;
    if ids.is_empty() {
        ids = db::due(tx, BATCH).await?;
    }
    if ids.is_empty() {
        wake(tx).await?;
        return Ok(false);
    }
    refresh(tx, &ids).await?;
    Ok(true)
}

/// Counts one page of all companies; gives where the next one begins.
pub(super) async fn recount_page(tx: &mut Tx, after: Option<CompanyId>) -> Result<Option<CompanyId>> {
    let ids = db::page(tx, after, BATCH).await?;
    refresh(tx, &ids).await?;
    let next = ids.last().copied().filter(|_| ids.len() as i64 == BATCH);
    if next.is_none() {
        tx.enqueue_once(&RefreshHealth {}).await?;
    }
    Ok(next)
}

/// Somebody looks when the next company is due. The key is the moment, so one that comes earlier is another job.
async fn wake(tx: &mut Tx) -> Result<()> {
    if let Some(at) = db::next(tx).await? {
        let how = Enqueue { run_at: Some(at), unique_key: Some(at.timestamp_micros().to_string()) };
        tx.enqueue(&RefreshHealth {}, how).await?;
    }
    Ok(())
}
