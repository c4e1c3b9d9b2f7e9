//! What can be done with deals. Every caller (API, import, job) uses these verbs. Locks are taken in one order: the places
//! of a stage, then the deal.
mod facts;
mod steps;

pub(crate) use facts::{below, facts};
pub(crate) use steps::remind;
pub(super) use steps::tell;

use super::{
    attribution::Attribution,
    db::{self, Outcome},
    draft::{Draft, Ending},
    jobs::{FollowWords, PurgeDeals},
    model::{Deal, DealId, DealPatch, DealRole, DealStatus, NewDeal, NewDealContact, NewMove, NewOutcome, Reach},
    rank,
};
use crate::assignment_rules::{self, Assigned, Staff};
use crate::client_values;
use crate::pipelines::{self, PipelineId, StageId, StageRow};
use chrono::{DateTime, TimeDelta, Utc};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use fields::{Asking, Custom, Fields, RecordKind};
use kernel::{
    Error, Result, Tx,
    db::ListQuery,
    events::{NewEvent, Recorded},
    http::check_if_match,
    ids::UserId,
    jobs::Enqueue,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Companies whose won deals changed: they are counted anew when every deal of the transaction is locked.
#[derive(Debug, Default)]
pub(crate) struct Clients(Vec<CompanyId>);

impl Clients {
    fn of(deal: &Deal) -> Self {
        let mut clients = Clients::default();
        clients.touch(deal);
        clients
    }

    /// The deal counts, or counted.
    pub(crate) fn touch(&mut self, deal: &Deal) {
        self.0.extend(deal.company.filter(|_| deal.status == DealStatus::Won));
    }

    /// Counts them anew.
    pub(crate) async fn recount(self, tx: &mut Tx) -> Result<()> {
        client_values::recount(tx, &self.0).await
    }
}

/// How long a deleted deal can be restored.
pub(crate) const UNDO: TimeDelta = TimeDelta::days(30);

/// Makes a deal at the top of its stage; `currency` is the account's. One that nobody has is given away by the rules, unless
/// it shall stay without an owner; `staff` is who may have it.
pub(crate) async fn create(
    tx: &mut Tx,
    mut new: NewDeal,
    currency: &str,
    reach: &Reach,
    staff: &Staff,
) -> Result<Deal> {
    let (stage, pipeline, unassigned) = (new.stage, new.pipeline, new.unassigned);
    let custom = std::mem::take(&mut new.custom);
    let mut draft = Draft::new(new, currency)?;
    draft.owner = owner_in_reach(tx, draft.owner, &reach.deals)?;
    require_contacts(tx, &draft, &[], reach).await?;
    require_company(tx, draft.company, reach).await?;
    let stage = wanted_stage(tx, stage, pipeline).await?;
    pipelines::lock_place(tx, stage.id).await?;
    // It may have been taken away while this waited.
    let stage = pipelines::stage(tx, Some(stage.id), None).await?.ok_or_else(stage_unknown)?;
    let assigned = match draft.owner {
        None if !unassigned => assignment_rules::assign(tx, &draft.wanted(stage.pipeline), staff).await?,
        _ => None,
    };
    draft.owner = draft.owner.or(assigned.as_ref().and_then(|by| by.owner));
    let id = DealId::new(tx.now());
    let rank = rank_between(tx, &stage, id, None, None).await?;
    let fields = fields::fields_of(tx, RecordKind::Deal).await?;
    draft.custom = fields::settle(tx, &fields, id.0, None, &custom, Asking::Required, &draft.own()).await?;
    draft.check_entry(&stage)?;
    let from = Attribution::of(&db::extra::touches(tx, &draft.contacts).await?);
    db::insert(tx, id, &stage, &rank, &draft, &from).await?;
    index(tx, &fields, id, &Custom::default(), &draft.custom).await?;
    let deal = db::find(tx, id, &None).await?;
    db::keep(tx, id, "created", assigned.as_ref()).await?;
    let payload = json!({ "stage": stage.id, "owner": draft.owner });
    record(tx, &deal, "deal.created", "Deal created", payload).await?;
    if let Some(assigned) = &assigned {
        tell_of(tx, &deal, assigned, staff).await?;
    }
    remind(tx, &deal).await?;
    Ok(deal)
}

/// Records what a rule decided about a new deal, and tells whom it concerns.
async fn tell_of(tx: &mut Tx, deal: &Deal, by: &Assigned, staff: &Staff) -> Result<()> {
    let (kind, title) = match by.owner {
        Some(_) => ("deal.assigned", "Owner of a deal chosen by a rule"),
        None => ("deal.unassigned", "Nobody could take a deal"),
    };
    let payload = json!({ "from": null, "to": by.owner, "rule": by.rule, "mode": by.mode.as_str(), "open": by.open });
    record(tx, deal, kind, title, payload).await?;
    assignment_rules::tell(tx, deal.id, deal.contacts.first().map(|c| c.contact), by, staff).await
}

/// Changes what is said about a deal.
pub(super) async fn update(
    tx: &mut Tx,
    id: DealId,
    patch: DealPatch,
    if_match: Option<&str>,
    reach: &Reach,
) -> Result<Deal> {
    let deal = db::find_for_update(tx, id, &reach.deals).await?;
    check_if_match(if_match, deal.version)?;
    let mut clients = Clients::default();
    let after = apply(tx, deal, patch, reach, &mut clients).await?;
    clients.recount(tx).await?;
    Ok(after)
}

/// Changes a locked deal; what changes nothing leaves its version. Companies that are still to be counted are added.
async fn apply(tx: &mut Tx, deal: Deal, mut patch: DealPatch, reach: &Reach, clients: &mut Clients) -> Result<Deal> {
    let custom = std::mem::take(&mut patch.custom);
    let id = deal.id;
    let current = Draft::of(&deal);
    let mut next = current.patched(patch)?;
    if next.owner != current.owner {
        next.owner = owner_in_reach(tx, next.owner, &reach.deals)?;
    }
    if next == current && custom.0.is_empty() {
        return Ok(deal);
    }
    let fields = fields::fields_of(tx, RecordKind::Deal).await?;
    let before = Some(&current.custom);
    next.custom = fields::settle(tx, &fields, id.0, before, &custom, Asking::Nothing, &next.own()).await?;
    if next == current {
        return Ok(deal);
    }
    if next.contacts != current.contacts {
        require_contacts(tx, &next, &current.contacts, reach).await?;
        db::put_contacts(tx, id, &next.contacts).await?;
    }
    if next.company != current.company {
        require_company(tx, next.company, reach).await?;
    }
    if next.items != current.items {
        db::put_items(tx, id, &next.items).await?;
    }
    db::update(tx, id, &next).await?;
    index(tx, &fields, id, &current.custom, &next.custom).await?;
    if current.is_history(&next) {
        db::keep(tx, id, "changed", None).await?;
    }
    let after = db::find(tx, id, &None).await?;
    tx.record_all(&facts(&deal, &after)).await?;
    if current.next_step_on != next.next_step_on {
        remind(tx, &after).await?;
    }
    clients.touch(&deal);
    clients.touch(&after);
    Ok(after)
}

/// Puts a contact on an open deal, after the others, or gives it another role there when one is said; says whether that changed anything.
pub(crate) async fn put_contact(
    tx: &mut Tx,
    id: DealId,
    contact: ContactId,
    role: DealRole,
    reach: &Reach,
) -> Result<(Deal, bool)> {
    let deal = db::find_for_update(tx, id, &reach.deals).await.map_err(|error| match error.is_not_found() {
        true => Error::invalid("/deal", "deal_unknown", "There is no such deal."),
        false => error,
    })?;
    require_open(&deal)?;
    let version = deal.version;
    let mut contacts: Vec<NewDealContact> =
        deal.contacts.iter().map(|known| NewDealContact { contact: known.contact, role: known.role }).collect();
    match contacts.iter_mut().find(|known| known.contact == contact) {
        Some(_) if role == DealRole::Other => {}
        Some(known) => known.role = role,
        None => contacts.push(NewDealContact { contact, role }),
    }
    let mut clients = Clients::default();
    let patch = DealPatch { contacts: Some(contacts), ..DealPatch::default() };
    let after = apply(tx, deal, patch, reach, &mut clients).await?;
    clients.recount(tx).await?;
    let changed = after.version != version;
    Ok((after, changed))
}

/// Finds the deal by its custom values from now on; 422 when another record has one that is unique.
async fn index(tx: &mut Tx, fields: &Fields, id: DealId, before: &Custom, after: &Custom) -> Result<()> {
    let refused = fields::store(tx, fields, &[(id.0, before, after)]).await?;
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid_fields(refused.into_iter().map(|(_, why)| why).collect()))
    }
}

/// Puts a card where it was dragged. Drags of one card follow each other, and so do cards that come to one stage.
pub(super) async fn move_to(
    tx: &mut Tx,
    id: DealId,
    to: NewMove,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Deal> {
    pipelines::lock_place(tx, to.stage).await?;
    let deal = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, deal.version)?;
    if to.from.is_some_and(|from| from != deal.stage) {
        return Err(deal_moved());
    }
    require_open(&deal)?;
    let stage = pipelines::stage(tx, Some(to.stage), None).await?.ok_or_else(stage_unknown)?;
    let moved = stage.id != deal.stage;
    if moved {
        Draft::of(&deal).check_entry(&stage)?;
    }
    let rank = rank_between(tx, &stage, id, to.after, to.before).await?;
    db::place(tx, id, &stage, &rank).await?;
    let after = db::find(tx, id, &None).await?;
    if moved {
        let payload = json!({ "from": deal.stage, "to": stage.id, "pipeline": stage.pipeline });
        kept(tx, &after, ("deal.moved", "moved"), "Deal moved", payload).await?;
    } else {
        record(tx, &after, "deal.placed", "Deal placed", json!({ "stage": stage.id })).await?;
    }
    Ok(after)
}

/// Ends an open deal.
pub(super) async fn close(
    tx: &mut Tx,
    id: DealId,
    outcome: NewOutcome,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Deal> {
    let ending = Ending::new(outcome)?;
    let deal = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, deal.version)?;
    require_open(&deal)?;
    db::close(tx, id, &ending).await?;
    let after = db::find(tx, id, &None).await?;
    let (kind, title) = facts::ended(ending.status);
    kept(tx, &after, (kind, ending.status.as_str()), title, json!({ "stage": deal.stage })).await?;
    db::count(tx, &Vec::from_iter(Outcome::begins(&after))).await?;
    Clients::of(&after).recount(tx).await?;
    Ok(after)
}

/// Opens a closed deal again, where it stood.
pub(super) async fn reopen(tx: &mut Tx, id: DealId, if_match: Option<&str>, owners: &Owners) -> Result<Deal> {
    let stood = db::standing(tx, id, false, owners).await?;
    let stage = stage_again(tx, &stood).await?;
    let deal = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, deal.version)?;
    if deal.status == DealStatus::Open {
        return Err(Error::conflict("deal_open", "The deal is open."));
    }
    let rank = rank_again(tx, &stage, id, &stood.rank).await?;
    db::reopen(tx, id, &stage, &rank).await?;
    let after = db::find(tx, id, &None).await?;
    kept(tx, &after, ("deal.reopened", "reopened"), "Deal opened again", json!({ "stage": stage.id })).await?;
    remind(tx, &after).await?;
    db::count(tx, &Vec::from_iter(Outcome::ends(&deal))).await?;
    Clients::of(&deal).recount(tx).await?;
    Ok(after)
}

/// Deletes a deal; it can be restored for 30 days, then it is gone.
pub(super) async fn delete(tx: &mut Tx, id: DealId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let deal = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, deal.version)?;
    db::delete(tx, id).await?;
    let deleted_at = tx.now();
    let purge = PurgeDeals { deals: vec![id], deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    kept(tx, &deal, ("deal.deleted", "deleted"), "Deal deleted", json!({})).await?;
    db::count(tx, &Vec::from_iter(Outcome::ends(&deal))).await?;
    Clients::of(&deal).recount(tx).await
}

/// Takes a deletion back.
pub(super) async fn restore(tx: &mut Tx, id: DealId, owners: &Owners) -> Result<Deal> {
    let stood = db::standing(tx, id, true, owners).await?;
    let stage = stage_again(tx, &stood).await?;
    let rank = rank_again(tx, &stage, id, &stood.rank).await?;
    db::restore(tx, id, &stage, &rank, owners).await?;
    let deal = db::find(tx, id, &None).await?;
    kept(tx, &deal, ("deal.restored", "restored"), "Deal restored", json!({})).await?;
    remind(tx, &deal).await?;
    db::count(tx, &Vec::from_iter(Outcome::begins(&deal))).await?;
    Clients::of(&deal).recount(tx).await?;
    Ok(deal)
}

/// Removes a deal for good whose deletion was not taken back.
pub(super) async fn purge(tx: &mut Tx, id: DealId, deleted_at: DateTime<Utc>) -> Result<()> {
    if db::purge(tx, id, deleted_at).await? {
        fields::forget(tx, &[id.0]).await?;
        tx.record(NewEvent::new("deal.purged", "deals", id.0, "Deal removed for good")).await?;
    }
    Ok(())
}

/// Refuses filters and an order that do not work.
pub(crate) async fn check_list(tx: &mut Tx, query: ListQuery, deleted: bool) -> Result<()> {
    let spec = if deleted { &db::DELETED } else { &db::LIST };
    db::list(tx, spec, &query, &db::Narrow::default(), &Some(vec![])).await.map(|_| ())
}

/// Records that deals leave the system, and by which filters they are chosen; refuses filters that do not work.
pub(super) async fn record_export(tx: &mut Tx, filter: &[String], rows: u64) -> Result<()> {
    let fields: Vec<&str> = filter.iter().filter_map(|f| f.split(':').next()).collect();
    let tenant = tx.tenant().id;
    let event = NewEvent::new("deal.exported", "deals", tenant.0, "Deals exported");
    tx.record(event.payload(&json!({ "filtered_by": fields, "rows": rows }))).await?;
    Ok(())
}

/// What was done about a deal counts for it alone; what was done with a contact, for its deals.
pub(crate) async fn touch(tx: &mut Tx, event: &Recorded) -> Result<()> {
    if let Some(deal) = event.payload["deal"].as_str().and_then(|id| id.parse::<DealId>().ok()) {
        return db::touch_one(tx, deal, event.occurred_at).await;
    }
    match event.contact_id {
        Some(contact) => db::touch(tx, contact, event.occurred_at).await,
        None => Ok(()),
    }
}

/// Lets deals be found by what they, their company and their people are called now. A deal that comes to a contact while
/// the contact changes hears of it by its own event.
pub(crate) async fn follow_words(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let deals = match event.subject.as_str() {
        // Who was merged has none any more; whom he became has them.
        "contacts" => {
            let people: Vec<Uuid> = [Some(event.subject_id), event.contact_id].into_iter().flatten().collect();
            db::words::of_contacts(tx, &people).await?
        }
        "companies" => db::words::of_company(tx, event.subject_id).await?,
        _ => vec![event.subject_id],
    };
    db::words::refresh(tx, &deals).await
}

/// The same for contacts that were changed by the thousand, once that is done.
pub(crate) async fn contacts_touched(tx: &mut Tx, contacts: &[Uuid]) -> Result<()> {
    let deals = db::words::of_contacts(tx, contacts).await?;
    if deals.is_empty() { Ok(()) } else { tx.enqueue(&FollowWords { deals }, Enqueue::default()).await.map(drop) }
}

/// The stage a new deal is for.
async fn wanted_stage(tx: &mut Tx, stage: Option<StageId>, pipeline: Option<PipelineId>) -> Result<StageRow> {
    let pipeline = match (stage, pipeline) {
        (None, None) => pipelines::default_id(tx).await?,
        (_, pipeline) => pipeline,
    };
    pipelines::stage(tx, stage, pipeline).await?.ok_or_else(|| match stage {
        Some(_) => stage_unknown(),
        None => Error::invalid("/pipeline", "pipeline_unknown", "There is no such pipeline."),
    })
}

/// The stage a deal comes back to, its places locked: where it stood, or the first one when that was taken away.
async fn stage_again(tx: &mut Tx, stood: &db::Standing) -> Result<StageRow> {
    pipelines::lock_place(tx, stood.stage).await?;
    if let Some(stage) = pipelines::stage(tx, Some(stood.stage), None).await? {
        return Ok(stage);
    }
    let first = pipelines::stage(tx, None, Some(stood.pipeline)).await?.ok_or_else(stage_unknown)?;
    pipelines::lock_place(tx, first.id).await?;
    pipelines::stage(tx, Some(first.id), None).await?.ok_or_else(stage_unknown)
}

/// The place a card had, or right below who has it now.
async fn rank_again(tx: &mut Tx, stage: &StageRow, id: DealId, rank: &str) -> Result<String> {
    match db::holder(tx, stage, id, rank).await? {
        Some(holder) => rank_between(tx, stage, id, Some(holder), None).await,
        None => Ok(rank.to_owned()),
    }
}

/// A place between two cards of a stage whose places are locked. When the gap was divided so often that places have
/// become long, every card of the stage gets a new one in the same order first.
async fn rank_between(
    tx: &mut Tx,
    stage: &StageRow,
    id: DealId,
    after: Option<DealId>,
    before: Option<DealId>,
) -> Result<String> {
    for _ in 0..2 {
        let gap = db::gap(tx, stage, id, after, before).await?;
        let rank = rank::between(gap.low.as_deref(), gap.high.as_deref())
            .ok_or_else(|| Error::internal(format!("no place between {gap:?}")))?;
        if rank.len() <= rank::LONG {
            return Ok(rank);
        }
        let (ids, last) = db::places(tx, stage).await?;
        let ranks = rank::above(last.as_deref(), ids.len()).ok_or_else(|| Error::internal("no places"))?;
        db::spread(tx, stage, &ids, &ranks).await?;
    }
    Err(Error::internal("places stay long"))
}

async fn require_contacts(tx: &mut Tx, draft: &Draft, known: &[(ContactId, DealRole)], reach: &Reach) -> Result<()> {
    for (i, (contact, _)) in draft.contacts.iter().enumerate() {
        // Whoever is on the deal already may stay, also when somebody else looks after him now.
        if known.iter().any(|(id, _)| id == contact) {
            continue;
        }
        contacts::require(tx, *contact, &reach.contacts).await.map_err(|error| match error.is_not_found() {
            true => db::contact_unknown(i),
            false => error,
        })?;
    }
    Ok(())
}

async fn require_company(tx: &mut Tx, company: Option<CompanyId>, reach: &Reach) -> Result<()> {
    let Some(company) = company else { return Ok(()) };
    companies::require(tx, company, &reach.companies).await.map_err(|error| match error.is_not_found() {
        true => Error::invalid("/company", "company_unknown", "There is no such company."),
        false => error,
    })
}

fn require_open(deal: &Deal) -> Result<()> {
    match deal.status {
        DealStatus::Open => Ok(()),
        _ => Err(Error::conflict("deal_closed", "The deal is closed. Open it again first.")),
    }
}

/// Whoever reaches only some owners' deals gives them to one of those, by default to himself.
pub(crate) fn owner_in_reach(tx: &Tx, owner: Option<UserId>, owners: &Owners) -> Result<Option<UserId>> {
    let Some(reached) = owners else { return Ok(owner) };
    let owner = owner.or_else(|| tx.context().actor.id.map(UserId));
    match owner {
        Some(owner) if reached.contains(&owner.0) => Ok(Some(owner)),
        _ => Err(Error::invalid("/owner", "owner_out_of_reach", "Name an owner whose deals you may change.")),
    }
}

fn stage_unknown() -> Error {
    Error::invalid("/stage", "stage_unknown", "There is no such stage.")
}

fn deal_moved() -> Error {
    Error::conflict("deal_moved", "Somebody moved the deal meanwhile. Look where it is now.")
}

/// Writes the line of history that belongs to a fact, and the fact.
async fn kept(
    tx: &mut Tx,
    deal: &Deal,
    (kind, line): (&'static str, &'static str),
    title: &str,
    payload: Value,
) -> Result<()> {
    db::keep(tx, deal.id, line, None).await?;
    record(tx, deal, kind, title, payload).await
}

/// Records a fact; the timeline of the most important contact shows it.
async fn record(tx: &mut Tx, deal: &Deal, kind: &'static str, title: &str, payload: Value) -> Result<()> {
    let contact = deal.contacts.first().map(|c| c.contact.0);
    tx.record(NewEvent::new(kind, "deals", deal.id.0, title).contact(contact).payload(&payload)).await?;
    Ok(())
}
