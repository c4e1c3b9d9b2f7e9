//! Taking a run back: what it changed is put back where nobody has changed the same since, with the facts of any other change.
use super::{
    super::{change::Trace, model::DealBulkChange},
    batch::{self, Place, Step},
};
use crate::deals::{Deal, DealId, DealStatus, many};
use crate::pipelines::{StageId, StageRow};
use contacts::Owners;
use fields::Custom;
use kernel::{Result, Tx, bulk::Fates};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Takes back what the rows say, and says what became of each: whoever is not named is not there.
pub(super) async fn take_back(
    tx: &mut Tx,
    change: &DealBulkChange,
    rows: &[(Uuid, Trace)],
    reach: &Owners,
) -> Result<HashMap<Uuid, String>> {
    let ids: Vec<DealId> = rows.iter().map(|(id, _)| DealId(*id)).collect();
    let traces: HashMap<DealId, &Trace> = rows.iter().map(|(id, trace)| (DealId(*id), trace)).collect();
    let gone = change.deleted == Some(true);
    let stages = stages(tx, &ids, rows).await?;
    let homes = batch::homes(tx, stages).await?;
    let deals = many::lock(tx, &ids, gone, reach).await?;
    let there: BTreeSet<DealId> = deals.iter().map(|deal| deal.id).collect();
    let rest: Vec<DealId> = ids.iter().filter(|id| !there.contains(id)).copied().collect();
    let other = many::lock(tx, &rest, !gone, reach).await?;
    let edited = other.iter().chain(&deals).map(|deal| (deal.id.0, "edited".to_owned()));
    let mut fates: HashMap<Uuid, String> = edited.collect();
    let done: Fates<Trace> = match change.deleted {
        Some(true) => {
            let same = |deal: &&Deal| traces.get(&deal.id).is_some_and(|trace| trace.deleted_at == deal.deleted_at);
            let mine: Vec<Deal> = deals.iter().filter(same).cloned().collect();
            let steps = batch::restored(tx, &mine, &homes).await?;
            batch::write(tx, steps).await?
        }
        Some(false) => {
            let steps = batch::deleted(tx, &deals);
            batch::write(tx, steps).await?
        }
        None => {
            let steps = deals.iter().filter_map(|deal| undone(tx, deal, traces.get(&deal.id)?, &homes));
            let opens = |step: &Step| step.before.status != step.after.status && step.after.status == DealStatus::Open;
            let (mut opening, mut steps): (Vec<Step>, Vec<Step>) = steps.partition(opens);
            batch::stand_again(tx, &mut opening, &homes).await?;
            steps.extend(opening);
            batch::write(tx, steps).await?
        }
    };
    fates.extend(done.into_iter().map(|(id, fate)| (id, fate.reason.unwrap_or_else(|| "restored".to_owned()))));
    Ok(fates)
}

/// Stages that deals may come back to: those they left, and those they stand in.
async fn stages(tx: &mut Tx, ids: &[DealId], rows: &[(Uuid, Trace)]) -> Result<BTreeSet<StageId>> {
    let left = rows.iter().filter_map(|(_, trace)| trace.stage.as_ref().map(|was| was.before));
    let mut stages: BTreeSet<StageId> = left.collect();
    if rows.iter().any(|(_, trace)| trace.closed_at.is_some() || trace.deleted_at.is_some()) {
        stages.extend(many::places_of(tx, ids).await?.into_values().map(|(stage, _)| stage));
    }
    Ok(stages)
}

/// One deal as it was; none when somebody has changed the same since.
fn undone(tx: &Tx, deal: &Deal, trace: &Trace, homes: &HashMap<StageId, StageRow>) -> Option<Step> {
    let (after, given): (Deal, Custom) = trace.undone(deal)?;
    let mut step = Step { before: deal.clone(), after, given, place: Place::Kept };
    if trace.stage.is_some() {
        let home = homes.get(&step.after.stage)?;
        let place = trace.place.clone().filter(|_| home.id == step.after.stage);
        batch::put(&mut step, home, place.map_or(Place::Top, Place::Again), tx.now());
    }
    Some(step)
}
