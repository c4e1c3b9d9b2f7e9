//! What one batch does to deals: few statements, however many deals there are, and the same facts as if each had been changed
//! alone. Places of stages are locked first, then the deals in the order of their ids, as everybody does.
use super::super::{
    change::{self, Trace, line},
    model::DealBulkChange,
};
use crate::deals::{
    Clients, Deal, DealId, DealStatus, Draft, Ending, Outcome, PurgeDeals, UNDO, count, facts, many, owner_in_reach,
    rank, remind,
};
use crate::exchange_rates::today;
use crate::pipelines::{self, StageId, StageRow};
use contacts::Owners;
use fields::{Asking, Custom, RecordKind};
use kernel::{Error, Result, Tx, bulk, jobs::Enqueue};
use std::collections::{BTreeMap, BTreeSet, HashMap};

type Fate = bulk::Fate<Trace>;
type Fates = bulk::Fates<Trace>;

/// A deal as it is and as it is to be; `given` are custom values to be checked on the way.
pub(super) struct Step {
    pub before: Deal,
    pub after: Deal,
    pub given: Custom,
    /// Where it is to stand in its stage.
    pub place: Place,
}

/// A place in a stage.
#[derive(Clone, PartialEq)]
pub(super) enum Place {
    /// Where it stands.
    Kept,
    /// At the top.
    Top,
    /// Where it stood, if nobody stands there now; else at the top.
    Again(String),
}

impl Step {
    fn new(deal: &Deal, after: Deal) -> Self {
        Step { before: deal.clone(), after, given: Custom::default(), place: Place::Kept }
    }
}

/// Does a change to deals, as far as they are in reach. Those that are not named in the answer are not there.
pub(super) async fn apply(tx: &mut Tx, change: &DealBulkChange, ids: &[DealId], reach: &Owners) -> Result<Fates> {
    if let Some(deletes) = change.deleted {
        let homes = if deletes { HashMap::new() } else { homes_of(tx, ids).await? };
        let deals = many::lock(tx, ids, !deletes, reach).await?;
        let steps = if deletes { deleted(tx, &deals) } else { restored(tx, &deals, &homes).await? };
        return write(tx, steps).await;
    }
    if let Some(outcome) = &change.outcome {
        let ending = Ending::new(outcome.clone())?;
        let deals = many::lock(tx, ids, false, reach).await?;
        let (now, today) = (tx.now(), today(tx));
        let (open, closed): (Vec<_>, Vec<_>) = deals.iter().partition(|deal| deal.status == DealStatus::Open);
        let step = |deal: &&Deal| {
            let mut after = Deal::clone(deal);
            change::ended(&mut after, ending.clone(), now, today);
            Step::new(deal, after)
        };
        return with(write(tx, open.iter().map(step).collect()).await?, &closed, "deal_closed");
    }
    if change.reopened.is_some() {
        let homes = homes_of(tx, ids).await?;
        let deals = many::lock(tx, ids, false, reach).await?;
        let (open, closed): (Vec<_>, Vec<_>) = deals.iter().partition(|deal| deal.status == DealStatus::Open);
        let mut steps = vec![];
        for deal in closed {
            let mut after = deal.clone();
            change::opened(&mut after);
            steps.push(Step::new(deal, after));
        }
        stand_again(tx, &mut steps, &homes).await?;
        return with(write(tx, steps).await?, &open, "deal_open");
    }
    fields(tx, change, ids, reach).await
}

/// Sets fields and moves.
async fn fields(tx: &mut Tx, change: &DealBulkChange, ids: &[DealId], reach: &Owners) -> Result<Fates> {
    let to = match change.stage {
        Some(stage) => {
            pipelines::lock_place(tx, stage).await?;
            // It may have been taken away since somebody named it.
            match pipelines::stage(tx, Some(stage), None).await? {
                Some(stage) => Some(stage),
                None => {
                    let gone = || Fate::skipped("stage_unknown", Some("/change/stage"));
                    return Ok(ids.iter().map(|id| (id.0, gone())).collect());
                }
            }
        }
        None => None,
    };
    let deals = many::lock(tx, ids, false, reach).await?;
    let owner = match change.owner.is_undefined() {
        true => None,
        false => owner_in_reach(tx, change.owner.value().copied(), reach)?,
    };
    let (mut fates, mut steps) = (Fates::new(), vec![]);
    for deal in &deals {
        let mut step = Step::new(deal, change::changed(deal, change, owner));
        step.given = change.custom.clone();
        if let Some(stage) = to.as_ref().filter(|stage| stage.id != deal.stage) {
            if deal.status != DealStatus::Open {
                fates.insert(deal.id.0, Fate::skipped("deal_closed", None));
                continue;
            }
            put(&mut step, stage, Place::Top, tx.now());
        }
        steps.push(step);
    }
    let asked = |step: &Step| to.as_ref().filter(|_| step.before.stage != step.after.stage).cloned();
    fates.extend(write_asked(tx, steps, asked).await?);
    Ok(fates)
}

/// Gives a deal a stage and a place there.
pub(super) fn put(step: &mut Step, stage: &StageRow, place: Place, now: chrono::DateTime<chrono::Utc>) {
    if step.before.stage != stage.id {
        step.after.stage_since = now;
    }
    (step.after.stage, step.after.pipeline, step.place) = (stage.id, stage.pipeline, place);
}

/// Deletes deals.
pub(super) fn deleted(tx: &Tx, deals: &[Deal]) -> Vec<Step> {
    let now = tx.now();
    deals.iter().map(|deal| Step::new(deal, Deal { deleted_at: Some(now), ..deal.clone() })).collect()
}

/// Brings deals back that were deleted.
pub(super) async fn restored(tx: &mut Tx, deals: &[Deal], homes: &HashMap<StageId, StageRow>) -> Result<Vec<Step>> {
    let mut steps: Vec<Step> =
        deals.iter().map(|deal| Step::new(deal, Deal { deleted_at: None, ..deal.clone() })).collect();
    stand_again(tx, &mut steps, homes).await?;
    Ok(steps)
}

/// Puts deals where they stood.
pub(super) async fn stand_again(tx: &mut Tx, steps: &mut [Step], homes: &HashMap<StageId, StageRow>) -> Result<()> {
    let ids: Vec<DealId> = steps.iter().map(|step| step.before.id).collect();
    let places = many::places_of(tx, &ids).await?;
    for step in steps {
        // Somebody gave it another stage between looking and locking: the next try sees that one.
        let home = homes.get(&step.before.stage).ok_or_else(|| Error::unavailable(1))?;
        let stood = places.get(&step.before.id).map(|(_, rank)| Place::Again(rank.clone()));
        put(step, home, stood.unwrap_or(Place::Top), tx.now());
    }
    Ok(())
}

/// Stages that these deals come back to, by the one in which they stood, with their places locked.
async fn homes_of(tx: &mut Tx, ids: &[DealId]) -> Result<HashMap<StageId, StageRow>> {
    let stood = many::places_of(tx, ids).await?;
    homes(tx, stood.into_values().map(|(stage, _)| stage).collect()).await
}

/// Stages that cards of these stages come back to, with their places locked.
pub(super) async fn homes(tx: &mut Tx, stages: BTreeSet<StageId>) -> Result<HashMap<StageId, StageRow>> {
    let stages: Vec<StageId> = stages.into_iter().collect();
    let before = many::homes(tx, &stages).await?;
    let targets: BTreeSet<StageId> = before.values().copied().collect();
    for stage in &targets {
        pipelines::lock_place(tx, *stage).await?;
    }
    // One may have been taken away while this waited: the next try sees it.
    if many::homes(tx, &stages).await? != before {
        return Err(Error::unavailable(1));
    }
    let rows = many::stages(tx, &targets.into_iter().collect::<Vec<_>>()).await?;
    Ok(before.into_iter().filter_map(|(was, stage)| Some((was, rows.get(&stage)?.clone()))).collect())
}

fn with(mut fates: Fates, left: &[&Deal], reason: &str) -> Result<Fates> {
    fates.extend(left.iter().map(|deal| (deal.id.0, Fate::skipped(reason, None))));
    Ok(fates)
}

/// Writes what differs, and records it.
pub(super) async fn write(tx: &mut Tx, steps: Vec<Step>) -> Result<Fates> {
    write_asked(tx, steps, |_| None).await
}

/// The same; `asked` is the stage whose requirements a deal must meet.
async fn write_asked(tx: &mut Tx, steps: Vec<Step>, asked: impl Fn(&Step) -> Option<StageRow>) -> Result<Fates> {
    let fields = fields::fields_of(tx, RecordKind::Deal).await?;
    let (mut fates, mut writing) = (Fates::new(), vec![]);
    for mut step in steps {
        let id = step.before.id;
        // Formulas read what a change sets besides.
        if !step.given.0.is_empty() || Draft::of(&step.before) != Draft::of(&step.after) {
            let (before, own) = (Some(&step.before.custom), Draft::of(&step.after).own());
            match fields::settle(tx, &fields, id.0, before, &step.given, Asking::Nothing, &own).await {
                Ok(custom) => step.after.custom = custom,
                Err(error) => {
                    fates.insert(id.0, Fate::refused(error)?);
                    continue;
                }
            }
        }
        if let Some(stage) = asked(&step)
            && let Err(error) = Draft::of(&step.after).check_entry(&stage)
        {
            fates.insert(id.0, Fate::refused(error)?);
            continue;
        }
        let same = line(&step.before, &step.after).is_none() && Draft::of(&step.before) == Draft::of(&step.after);
        match same {
            true => drop(fates.insert(id.0, Fate::unchanged())),
            false => writing.push(step),
        }
    }
    let values: Vec<_> =
        writing.iter().map(|step| (step.before.id.0, &step.before.custom, &step.after.custom)).collect();
    for (id, why) in fields::store_fitting(tx, &fields, &values).await? {
        fates.insert(id, Fate::skipped(&why.code, Some(&why.field)));
    }
    writing.retain(|step| !fates.contains_key(&step.before.id.0));
    let moved: Vec<DealId> =
        writing.iter().filter(|step| step.before.stage != step.after.stage).map(|step| step.before.id).collect();
    let stood = if moved.is_empty() { HashMap::new() } else { many::places_of(tx, &moved).await? };
    keep(tx, &mut writing).await?;
    let trace = |step: &Step| {
        let place = stood.get(&step.before.id).map(|(_, rank)| rank.as_str());
        (step.before.id.0, Fate::changed(Trace::of(&step.before, &step.after, &step.given, place)))
    };
    fates.extend(writing.iter().map(trace));
    Ok(fates)
}

/// Writes deals that differ, with their history, their facts and what hangs on them.
async fn keep(tx: &mut Tx, steps: &mut [Step]) -> Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    let ranks = ranks(tx, steps).await?;
    let now = tx.now();
    for step in &mut *steps {
        step.after.version = step.before.version + 1;
        if step.before.deleted_at == step.after.deleted_at {
            step.after.touched_at = now;
        }
    }
    let rows = steps.iter().map(|step| (&step.after, ranks.get(&step.before.id).map(String::as_str)));
    many::update(tx, &rows.collect::<Vec<_>>()).await?;
    let lines = steps.iter().filter_map(|step| Some((step.before.id, line(&step.before, &step.after)?)));
    many::keep(tx, &lines.collect::<Vec<_>>()).await?;
    tx.record_all(&steps.iter().flat_map(|step| facts(&step.before, &step.after)).collect::<Vec<_>>()).await?;
    let going = |step: &&Step| step.before.deleted_at.is_none() && step.after.deleted_at.is_some();
    let deals: Vec<DealId> = steps.iter().filter(going).map(|step| step.before.id).collect();
    if !deals.is_empty() {
        let purge = PurgeDeals { deals, deleted_at: now };
        tx.enqueue(&purge, Enqueue { run_at: Some(now + UNDO), ..Enqueue::default() }).await?;
    }
    let (mut outcomes, mut clients) = (vec![], Clients::default());
    for step in &*steps {
        // A closed deal counts while it is there.
        let counts = |deal: &Deal| deal.status != DealStatus::Open && deal.deleted_at.is_none();
        match (counts(&step.before), counts(&step.after)) {
            (true, false) => outcomes.extend(Outcome::ends(&step.before)),
            (false, true) => outcomes.extend(Outcome::begins(&step.after)),
            _ => continue,
        }
        clients.touch(&step.before);
        clients.touch(&step.after);
    }
    count(tx, &outcomes).await?;
    clients.recount(tx).await?;
    let again = |deal: &Deal| deal.status == DealStatus::Open && deal.deleted_at.is_none();
    for step in steps.iter().filter(|step| !again(&step.before) && again(&step.after)) {
        remind(tx, &step.after).await?;
    }
    Ok(())
}

/// The places of deals that get one, in stages whose places are locked: each above those that came before it.
async fn ranks(tx: &mut Tx, steps: &[Step]) -> Result<HashMap<DealId, String>> {
    let mut by_stage: BTreeMap<StageId, Vec<&Step>> = BTreeMap::new();
    for step in steps.iter().filter(|step| step.place != Place::Kept) {
        by_stage.entry(step.after.stage).or_default().push(step);
    }
    let mut ranks = HashMap::new();
    for (stage, steps) in by_stage {
        let mut wanted: HashMap<DealId, &str> = HashMap::new();
        for step in &steps {
            if let Place::Again(rank) = &step.place {
                wanted.insert(step.before.id, rank);
            }
        }
        let (taken, mut top) = many::taken(tx, stage, &wanted.values().copied().collect::<Vec<_>>()).await?;
        let mut taken: BTreeSet<String> = taken.into_iter().collect();
        let mut rest = vec![];
        for step in steps {
            let id = step.before.id;
            match wanted.get(&id).filter(|rank| taken.insert((**rank).to_owned())) {
                Some(rank) => {
                    top = Some(top.map_or((*rank).to_owned(), |top| top.min((*rank).to_owned())));
                    ranks.insert(id, (*rank).to_owned());
                }
                None => rest.push(id),
            }
        }
        for id in rest {
            let place = rank::between(None, top.as_deref()).ok_or_else(|| Error::internal("no place at the top"))?;
            ranks.insert(id, place.clone());
            top = Some(place);
        }
    }
    Ok(ranks)
}
