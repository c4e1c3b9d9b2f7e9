//! What one batch does to contacts: few statements, however many contacts there are, and the same facts as if each had been
//! changed alone. The contacts are locked in the order of their ids, as everybody does who changes many.
use super::super::{
    change::{self, Trace},
    model::ContactBulkChange,
};
use crate::{
    contact_stages,
    contacts::{self, Contact, ContactId, Draft, MAX_TAGS, Owners, PurgeContacts, SegmentId, many},
    do_not_contact,
    tag_runs::tag_names,
    tags::{self, TagId},
};
use fields::{Asking, Custom, RecordKind};
use kernel::{Result, Tx, bulk, events::NewEvent, jobs::Enqueue};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};
use tenants::plans::entitlements;
use uuid::Uuid;

type Fate = bulk::Fate<Trace>;
type Fates = HashMap<ContactId, Fate>;

/// A contact as it is and as it is to be; `given` are custom values to be checked on the way.
struct Step {
    id: ContactId,
    before: Draft,
    after: Draft,
    given: Custom,
}

/// Does a change to contacts, as far as they are in reach. Those that are not named in the answer are not there.
pub(crate) async fn apply(tx: &mut Tx, change: &ContactBulkChange, ids: &[ContactId], reach: &Owners) -> Result<Fates> {
    if let Some(deletes) = change.deleted {
        let room = if deletes { None } else { room(tx).await? };
        let contacts = many::lock(tx, ids, !deletes, reach).await?;
        return if deletes { delete(tx, &contacts).await } else { restore(tx, &contacts, room).await };
    }
    if !held(tx, change).await? {
        let gone = || Fate::skipped("segment_gone", Some(change.segment_field()));
        return Ok(ids.iter().map(|id| (*id, gone())).collect());
    }
    let contacts = many::lock(tx, ids, false, reach).await?;
    let owner = match change.owner.is_undefined() {
        true => None,
        false => contacts::owner_in_reach(tx, change.owner.value().copied(), reach)?,
    };
    let add = tags::resolve(tx, change.add_tags.clone()).await?;
    let change = &ContactBulkChange { remove_tags: tag_names(tx, &change.remove_tags).await?, ..change.clone() };
    let step = |contact: &Contact| {
        let before = Draft::of(contact);
        let after = change::changed(&before, change, &add, owner);
        Step { id: contact.id, before, after, given: change.custom.clone() }
    };
    let mut fates = write(tx, contacts.iter().map(step).collect()).await?;
    let fine: Vec<ContactId> = fates.iter().filter(|(_, fate)| fate.outcome != "skipped").map(|(id, _)| *id).collect();
    let now = tx.now();
    if let Some(channel) = change.block {
        for id in do_not_contact::add_many(tx, &fine, channel).await? {
            let trace = traced(&mut fates, id);
            (trace.blocked, trace.blocked_at) = (Some(channel.as_str().to_owned()), Some(now));
        }
    }
    if let Some(channel) = change.unblock {
        for (id, block) in do_not_contact::take_away_many(tx, &fine, channel).await? {
            traced(&mut fates, id).unblocked = Some(block);
        }
    }
    if let Some((segment, into)) = change.segment() {
        for id in pick(tx, segment, &fine, into).await? {
            let trace = traced(&mut fates, id);
            let place = if into { &mut trace.entered } else { &mut trace.left };
            *place = Some(segment);
        }
    }
    Ok(fates)
}

/// Locks the segment that a change is about, before the contacts, as whoever changes one by hand does; false when it is gone.
async fn held(tx: &mut Tx, change: &ContactBulkChange) -> Result<bool> {
    match change.segment() {
        Some((segment, _)) => (tx.app().picks()?.hold)(tx, segment.0).await,
        None => Ok(true),
    }
}

/// Puts contacts into a locked segment or takes them out of it; who came or went.
async fn pick(tx: &mut Tx, segment: SegmentId, contacts: &[ContactId], into: bool) -> Result<Vec<ContactId>> {
    let contacts: Vec<Uuid> = contacts.iter().map(|contact| contact.0).collect();
    let moved = (tx.app().picks()?.pick)(tx, segment.0, &contacts, into).await?;
    Ok(moved.into_iter().map(ContactId).collect())
}

/// What is remembered of a contact, who is changed now.
fn traced(fates: &mut Fates, id: ContactId) -> &mut Trace {
    let fate = fates.entry(id).or_insert_with(Fate::unchanged);
    fate.outcome = "changed";
    fate.trace.get_or_insert_default()
}

/// Writes what differs, and records it.
async fn write(tx: &mut Tx, mut steps: Vec<Step>) -> Result<Fates> {
    // A stage may have been taken away since somebody named it.
    let moved = steps.iter_mut().filter(|step| step.before.stage != step.after.stage).map(|step| &mut step.after);
    contact_stages::settle_drafts(tx, moved).await?;
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    let (mut fates, mut writing) = (Fates::new(), vec![]);
    for mut step in steps {
        // A merge may have left more: they stand in the way of nothing else.
        if step.after.tags.len() > MAX_TAGS.max(step.before.tags.len()) {
            fates.insert(step.id, Fate::skipped("too_many", Some("/tags")));
            continue;
        }
        if step.before != step.after || !step.given.0.is_empty() {
            let (before, own) = (Some(&step.before.custom), step.after.own());
            match fields::settle(tx, &fields, step.id.0, before, &step.given, Asking::Nothing, &own).await {
                Ok(custom) => step.after.custom = custom,
                Err(error) => {
                    fates.insert(step.id, Fate::refused(error)?);
                    continue;
                }
            }
        }
        match step.before == step.after {
            true => drop(fates.insert(step.id, Fate::unchanged())),
            false => writing.push(step),
        }
    }
    let values: Vec<_> = writing.iter().map(|step| (step.id.0, &step.before.custom, &step.after.custom)).collect();
    for (id, why) in fields::store_fitting(tx, &fields, &values).await? {
        fates.insert(ContactId(id), Fate::skipped(&why.code, Some(&why.field)));
    }
    writing.retain(|step| !fates.contains_key(&step.id));
    many::update(tx, &writing.iter().map(|step| (step.id, &step.after)).collect::<Vec<_>>()).await?;
    tell(tx, &writing).await?;
    fates
        .extend(writing.iter().map(|step| (step.id, Fate::changed(Trace::of(&step.before, &step.after, &step.given)))));
    Ok(fates)
}

/// Records what was changed, for each contact as if it had been changed alone.
async fn tell(tx: &mut Tx, steps: &[Step]) -> Result<()> {
    let named: HashSet<&String> =
        steps.iter().flat_map(|step| step.before.tags.iter().chain(&step.after.tags)).collect();
    let known = match steps.iter().any(|step| step.before.tags != step.after.tags) {
        true => tags::by_name(tx, &named.into_iter().collect::<Vec<_>>()).await?,
        false => HashMap::new(),
    };
    let ids = |tags: &[String]| -> BTreeSet<TagId> {
        tags.iter().filter_map(|tag| known.get(&tag.to_lowercase()).copied()).collect()
    };
    let facts = |step: &Step| {
        // A tag that is only called otherwise now was neither put nor taken.
        let (before, after) = (ids(&step.before.tags), ids(&step.after.tags));
        let added: Vec<TagId> = after.difference(&before).copied().collect();
        let removed: Vec<TagId> = before.difference(&after).copied().collect();
        contacts::facts(step.id, &step.before, &step.after, &added, &removed)
    };
    tx.record_all(&steps.iter().flat_map(facts).collect::<Vec<_>>()).await
}

async fn delete(tx: &mut Tx, contacts: &[Contact]) -> Result<Fates> {
    let (held, going): (Vec<&Contact>, Vec<&Contact>) = contacts.iter().partition(|c| c.hold_reason.is_some());
    let ids: Vec<ContactId> = going.iter().map(|contact| contact.id).collect();
    let deleted_at = tx.now();
    if !ids.is_empty() {
        many::delete(tx, &ids).await?;
        let purge = PurgeContacts { contacts: ids.clone(), deleted_at };
        let run_at = Some(deleted_at + contacts::UNDO);
        tx.enqueue(&purge, Enqueue { run_at, ..Enqueue::default() }).await?;
        tx.record_all(&facts(&ids, "contact.deleted", "Contact deleted")).await?;
    }
    let trace = Trace { deleted_at: Some(deleted_at), ..Trace::default() };
    let held = held.iter().map(|contact| (contact.id, Fate::skipped("contact_on_hold", None)));
    Ok(ids.into_iter().map(|id| (id, Fate::changed(trace.clone()))).chain(held).collect())
}

/// How many contacts may come back, if the plan says.
async fn room(tx: &mut Tx) -> Result<Option<i64>> {
    let (app, tenant) = (tx.app().clone(), tx.tenant().id);
    contacts::room(tx, &*entitlements(&app, tenant).await?).await
}

/// Brings back as many as there is room for; the others can still be restored.
async fn restore(tx: &mut Tx, contacts: &[Contact], room: Option<i64>) -> Result<Fates> {
    let room = room.map_or(contacts.len(), |room| usize::try_from(room).unwrap_or(0));
    let (contacts, rest) = contacts.split_at(room.min(contacts.len()));
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    many::restore(tx, &ids).await?;
    tx.record_all(&facts(&ids, "contact.restored", "Contact restored")).await?;
    let trace = |contact: &Contact| Trace { deleted_at: contact.deleted_at, ..Trace::default() };
    let rest = rest.iter().map(|contact| (contact.id, Fate::skipped("plan_limit", None)));
    Ok(contacts.iter().map(|contact| (contact.id, Fate::changed(trace(contact)))).chain(rest).collect())
}

fn facts(ids: &[ContactId], kind: &'static str, title: &str) -> Vec<NewEvent> {
    let fact = |id: &ContactId| NewEvent::new(kind, "contacts", id.0, title).contact(id.0).payload(&json!({}));
    ids.iter().map(fact).collect()
}

/// Takes back what the rows say, and says what became of each: whoever is not named is not there.
pub(super) async fn take_back(
    tx: &mut Tx,
    change: &ContactBulkChange,
    rows: &[(Uuid, Trace)],
    reach: &Owners,
) -> Result<HashMap<ContactId, String>> {
    let ids: Vec<ContactId> = rows.iter().map(|(id, _)| ContactId(*id)).collect();
    let deleted = change.deleted == Some(true);
    let room = if deleted { room(tx).await? } else { None };
    let is_held = held(tx, change).await?;
    let contacts = many::lock(tx, &ids, deleted, reach).await?;
    let there: HashSet<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    let rest: Vec<ContactId> = ids.iter().filter(|id| !there.contains(id)).copied().collect();
    let other = many::lock(tx, &rest, !deleted, reach).await?;
    let mut fates: HashMap<ContactId, String> = other.iter().map(|contact| (contact.id, "edited".to_owned())).collect();
    let traces: HashMap<ContactId, &Trace> = rows.iter().map(|(id, trace)| (ContactId(*id), trace)).collect();
    let same = |contact: &&Contact| traces.get(&contact.id).is_some_and(|trace| trace.deleted_at == contact.deleted_at);
    let done = match change.deleted {
        Some(true) => {
            let mine: Vec<Contact> = contacts.iter().filter(same).cloned().collect();
            restore(tx, &mine, room).await?
        }
        Some(false) => delete(tx, &contacts).await?,
        None => undo_fields(tx, change, &contacts, &traces, is_held).await?,
    };
    let edited = contacts.iter().map(|contact| (contact.id, "edited".to_owned()));
    fates.extend(edited);
    fates.extend(done.into_iter().map(|(id, fate)| (id, fate.reason.unwrap_or_else(|| "restored".to_owned()))));
    Ok(fates)
}

async fn undo_fields(
    tx: &mut Tx,
    change: &ContactBulkChange,
    contacts: &[Contact],
    traces: &HashMap<ContactId, &Trace>,
    is_held: bool,
) -> Result<Fates> {
    let blocked = blocked_now(tx, change, contacts, traces).await?;
    let members = members_now(tx, change, contacts).await?;
    let with_trace = |contact| Some((contact, Draft::of(contact), Trace::clone(traces.get(&contact.id)?)));
    let mut noted: Vec<(&Contact, Draft, Trace)> = contacts.iter().filter_map(with_trace).collect();
    let lists =
        noted.iter_mut().flat_map(|(_, now, trace)| [&mut now.tags, &mut trace.tags_added, &mut trace.tags_removed]);
    // A tag that is called otherwise now is the same.
    tags::follow(tx, &mut lists.collect::<Vec<_>>()).await?;
    let (mut steps, mut blocks) = (vec![], HashMap::<ContactId, &Trace>::new());
    for (contact, now, trace) in &noted {
        // A block that somebody took away since, or put since, perhaps once more.
        let is_blocked = blocked.contains(&contact.id);
        if trace.blocked.is_some() && !is_blocked || trace.unblocked.is_some() && is_blocked {
            continue;
        }
        // Somebody took him out of the segment since, or put him back, or the segment is gone.
        let is_member = members.contains(&contact.id);
        let moved_on = trace.entered.is_some() && !is_member || trace.left.is_some() && is_member;
        let moved = trace.entered.is_some() || trace.left.is_some();
        if moved_on || moved && !is_held {
            continue;
        }
        let Some((after, given)) = trace.undone(now) else { continue };
        blocks.insert(contact.id, trace);
        steps.push(Step { id: contact.id, before: Draft::of(contact), after, given });
    }
    let again = steps.iter().flat_map(|step| step.after.tags.iter().filter(|tag| !step.before.tags.contains(tag)));
    let again: HashSet<String> = again.cloned().collect();
    // A tag that was deleted since is made anew.
    tags::resolve(tx, again.into_iter().collect()).await?;
    let fates = write(tx, steps).await?;
    blocks.retain(|id, _| fates.get(id).is_some_and(|fate| fate.reason.is_none()));
    if let Some(channel) = change.block {
        let put: Vec<ContactId> = blocks.iter().filter(|(_, t)| t.blocked.is_some()).map(|(id, _)| *id).collect();
        do_not_contact::take_away_many(tx, &put, channel).await?;
    }
    if let Some(channel) = change.unblock {
        let taken: Vec<&Value> = blocks.values().filter_map(|trace| trace.unblocked.as_ref()).collect();
        do_not_contact::put_back(tx, &taken, channel).await?;
    }
    if let Some((segment, into)) = change.segment().filter(|_| is_held) {
        let moved = blocks.iter().filter(|(_, trace)| trace.entered.is_some() || trace.left.is_some());
        let moved: Vec<ContactId> = moved.map(|(id, _)| *id).collect();
        pick(tx, segment, &moved, !into).await?;
    }
    Ok(fates)
}

/// Which of the contacts are now in the segment that a change is about.
async fn members_now(tx: &mut Tx, change: &ContactBulkChange, contacts: &[Contact]) -> Result<HashSet<ContactId>> {
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    match change.segment() {
        Some((segment, _)) => Ok(many::members(tx, segment, &ids).await?.into_iter().collect()),
        None => Ok(HashSet::new()),
    }
}

/// Which of the contacts are blocked now by the channel that a change is about: as it put the block, when it put one.
async fn blocked_now(
    tx: &mut Tx,
    change: &ContactBulkChange,
    contacts: &[Contact],
    traces: &HashMap<ContactId, &Trace>,
) -> Result<HashSet<ContactId>> {
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    let since = ids.iter().map(|id| traces.get(id).and_then(|trace| trace.blocked_at)).collect::<Vec<_>>();
    let blocked = match (change.block, change.unblock) {
        (Some(channel), _) => do_not_contact::untouched(tx, &ids, &since, channel).await?,
        (None, Some(channel)) => do_not_contact::blocked(tx, &ids, channel).await?,
        (None, None) => vec![],
    };
    Ok(blocked.into_iter().collect())
}
