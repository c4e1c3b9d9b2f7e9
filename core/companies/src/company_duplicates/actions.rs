//! What can be done with pairs: find them, and say that they are none.
use super::{
    db,
    jobs::CompareCompanies,
    model::{CompanyDuplicateId, CompanyPair, CompanyPairPatch, CompanyPairState},
};
use crate::companies::CompanyId;
use contacts::Owners;
use kernel::{
    Result, Tx,
    duplicates::Shift,
    events::{NewEvent, Recorded},
    http::check_if_match,
    jobs::Enqueue,
};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// After what a company is compared anew.
pub(crate) const KINDS: &[&str] = &[
    "company.created",
    "company.updated",
    "company.redacted",
    "company.moved",
    "company.restored",
    "company.merge_undone",
];

/// Compares the company of an event with all others.
pub(crate) async fn notice(tx: &mut Tx, event: &Recorded) -> Result<()> {
    compare_and_tell(tx, &[event.subject_id]).await
}

/// Compares companies with all others.
pub(crate) async fn compare(tx: &mut Tx, companies: &[Uuid]) -> Result<Shift> {
    let mut pairs = BTreeMap::new();
    for company in companies {
        // Whoever is compared with another one of them is in the pair from both sides.
        pairs.extend(db::alike(tx, *company).await?.into_iter().map(|pair| ((pair.one, pair.other), pair)));
    }
    let pairs: Vec<_> = pairs.into_values().collect();
    if pairs.is_empty() { Ok(Shift::default()) } else { db::put(tx, &pairs).await }
}

/// The same, and tells what that changed.
pub(super) async fn compare_and_tell(tx: &mut Tx, companies: &[Uuid]) -> Result<()> {
    compare(tx, companies).await?.tell(tx, "company_duplicate.shifted", "company_duplicates").await
}

/// Lets companies be compared in the background that were made by the hundred, without an event each.
pub(crate) async fn compare_later(tx: &mut Tx, companies: &[CompanyId]) -> Result<()> {
    let companies = companies.to_vec();
    tx.enqueue(&CompareCompanies { companies }, Enqueue::default()).await.map(drop)
}

/// Says that two companies are no duplicates, or asks about them again.
pub async fn decide(
    tx: &mut Tx,
    id: CompanyDuplicateId,
    patch: CompanyPairPatch,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<CompanyPair> {
    db::lock(tx, id).await?;
    let pair = db::find(tx, id, owners).await?;
    check_if_match(if_match, pair.version)?;
    if pair.state == patch.state {
        return Ok(pair);
    }
    db::decide(tx, id, patch.state).await?;
    let (kind, title) = match patch.state {
        CompanyPairState::Dismissed => ("company_duplicate.dismissed", "Two companies are no duplicates"),
        CompanyPairState::Open => ("company_duplicate.reopened", "Two companies may be duplicates"),
    };
    let payload = json!({ "companies": [pair.one.company, pair.other.company] });
    tx.record(NewEvent::new(kind, "company_duplicates", id.0, title).payload(&payload)).await?;
    db::find(tx, id, owners).await
}
