//! One change for many deals, in one transaction.
use super::{
    super::{
        db::{self, Outcome},
        draft::{Draft, Ending},
        model::{DealBulkChange, DealBulkResult, DealId, DealPatch, DealRefusal, NewMove, Reach},
    },
    Clients, apply, bring_back, end, move_to, open_again, remove, require_open, stage_unknown,
};
use crate::pipelines::{self, StageRow};
use kernel::{
    Error, Result, Tx,
    http::{check_if_match, etag},
};

/// Changes many deals at once: all of them, or those that are there, in reach, and may be changed so.
pub(in crate::deals) async fn change_many(
    tx: &mut Tx,
    change: DealBulkChange,
    reach: &Reach,
) -> Result<DealBulkResult> {
    let named = named(&change)?;
    let ids: Vec<DealId> = named.iter().map(|(id, _)| *id).collect();
    let kind = ManyKind::of(&change)?;
    let (to, stages) = match &kind {
        ManyKind::Restored | ManyKind::Reopened => (None, db::stages_of(tx, &ids).await?),
        ManyKind::Fields => (change.stage, change.stage.into_iter().collect()),
        ManyKind::Deleted | ManyKind::Ended(_) => (None, vec![]),
    };
    for stage in stages {
        pipelines::lock_place(tx, stage).await?;
    }
    let to = match to {
        Some(stage) => Some(pipelines::stage(tx, Some(stage), None).await?.ok_or_else(stage_unknown)?),
        None => None,
    };
    let mut result =
        DealBulkResult { changed: 0, missing: 0, refused: 0, refusals: vec![], deals: vec![], versions: vec![] };
    let (mut outcomes, mut clients) = (vec![], Clients::default());
    for (id, version) in named {
        let tag = version.map(etag);
        let done = match &kind {
            ManyKind::Fields => change_one(tx, id, &change, tag.as_deref(), to.as_ref(), reach).await,
            kind => end_one(tx, id, kind, tag.as_deref(), reach, (&mut outcomes, &mut clients)).await.map(Some),
        };
        match done {
            Ok(Some(version)) => {
                result.deals.push(id);
                result.versions.push(version);
            }
            Ok(None) => {}
            Err(error) if error.is_not_found() => result.missing += 1,
            Err(error) => result.refusals.push(DealRefusal::of(id, error)?),
        }
    }
    db::count(tx, &outcomes).await?;
    clients.recount(tx).await?;
    result.refused = u32::try_from(result.refusals.len()).unwrap_or(u32::MAX);
    result.changed = u32::try_from(result.deals.len()).unwrap_or(u32::MAX);
    Ok(result)
}

/// Which deals are meant, each once, with the versions that are named. Everybody locks in the same order, stages first, so two
/// bulk changes cannot wait for each other.
fn named(change: &DealBulkChange) -> Result<Vec<(DealId, Option<i64>)>> {
    let DealBulkChange { deals, versions, .. } = change;
    if deals.is_empty() || deals.len() > 500 {
        return Err(Error::invalid("/deals", "count", "1 to 500 deals."));
    }
    if !versions.is_empty() && versions.len() != deals.len() {
        return Err(Error::invalid("/versions", "count", "One version for each deal, or none at all."));
    }
    let versions = versions.iter().copied().map(Some).chain(std::iter::repeat(None));
    let mut named: Vec<_> = deals.iter().copied().zip(versions).collect();
    named.sort_unstable();
    named.dedup_by_key(|(id, _)| *id);
    Ok(named)
}

/// What is done with many deals; only fields go together.
enum ManyKind {
    Deleted,
    Restored,
    Ended(Ending),
    Reopened,
    Fields,
}

impl ManyKind {
    fn of(change: &DealBulkChange) -> Result<Self> {
        Ok(match (change.deleted, &change.outcome, change.reopened) {
            (Some(true), ..) => ManyKind::Deleted,
            (Some(false), ..) => ManyKind::Restored,
            (_, Some(outcome), _) => {
                ManyKind::Ended(Ending::new(outcome.clone()).map_err(|error| below(error, "/outcome"))?)
            }
            (.., Some(true)) => ManyKind::Reopened,
            _ => ManyKind::Fields,
        })
    }
}

/// Ends, opens again, deletes or brings back one of many; gives its version. What is still to be counted is added.
async fn end_one(
    tx: &mut Tx,
    id: DealId,
    kind: &ManyKind,
    if_match: Option<&str>,
    reach: &Reach,
    (outcomes, clients): (&mut Vec<Outcome>, &mut Clients),
) -> Result<i64> {
    let counted = match kind {
        ManyKind::Deleted => {
            let (version, ended) = remove(tx, id, if_match, &reach.deals, clients).await?;
            outcomes.extend(ended);
            return Ok(version);
        }
        ManyKind::Restored => bring_back(tx, id, if_match, &reach.deals).await?,
        ManyKind::Ended(ending) => end(tx, id, ending, if_match, &reach.deals).await?,
        // Fields are changed by `change_one`.
        ManyKind::Reopened | ManyKind::Fields => {
            let (deal, ended) = open_again(tx, id, if_match, &reach.deals, clients).await?;
            outcomes.extend(ended);
            return Ok(deal.version);
        }
    };
    clients.touch(&counted);
    outcomes.extend(Outcome::begins(&counted));
    Ok(counted.version)
}

/// Changes fields and stage of one of many; gives its version when anything is different. Nothing is written when it may not go
/// to that stage.
async fn change_one(
    tx: &mut Tx,
    id: DealId,
    change: &DealBulkChange,
    if_match: Option<&str>,
    to: Option<&StageRow>,
    reach: &Reach,
) -> Result<Option<i64>> {
    let mut deal = db::find_for_update(tx, id, &reach.deals).await?;
    check_if_match(if_match, deal.version)?;
    let version = deal.version;
    let patch = || DealPatch { owner: change.owner, expected_close: change.expected_close, ..DealPatch::default() };
    if let Some(stage) = to.filter(|stage| stage.id != deal.stage) {
        require_open(&deal)?;
        Draft::of(&deal).patched(patch())?.check_entry(&stage.requires)?;
        deal = apply(tx, deal, patch(), reach, &mut Clients::default()).await?;
        let to = NewMove { stage: stage.id, from: None, after: None, before: None };
        deal = move_to(tx, deal.id, to, None, &None).await?;
    } else {
        // Neither owner nor day is part of what a company is worth.
        deal = apply(tx, deal, patch(), reach, &mut Clients::default()).await?;
    }
    Ok((deal.version != version).then_some(deal.version))
}

/// The same refusal about something that stands in a field of the request.
pub(crate) fn below(error: Error, at: &str) -> Error {
    let kernel::error::Kind::Invalid(fields) = error.kind() else { return error };
    let mut fields = fields.clone();
    for problem in &mut fields {
        problem.field = format!("{at}{}", problem.field);
    }
    Error::invalid_fields(fields)
}
