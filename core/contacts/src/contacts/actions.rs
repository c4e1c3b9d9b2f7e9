//! What can be done with contacts. Every caller (API, form, import, job) uses these verbs.
use super::{
    db,
    draft::{Draft, MAX_TAGS},
    jobs::PurgeContact,
    model::{
        BulkChange, BulkResult, Contact, ContactId, ContactMade, ContactPatch, ContactUpsertBy, ContactUpserted,
        Duplicate, Match, MatchRule, Matched, NewContact, Owners,
    },
};
use crate::{
    addresses::EmailAddress,
    addresses::PhoneNumber,
    contact_bulk_runs::{self, ContactBulkChange},
    contact_stages,
    tags::{self, TagId},
};
use chrono::{DateTime, TimeDelta, Utc};
use fields::{Asking, Custom, Fields, RecordKind};
use kernel::{Error, Result, Tx, db::ListQuery, events::NewEvent, http::check_if_match, ids::UserId, jobs::Enqueue};
use serde_json::json;
use tenants::plans::Entitlements;

/// How long a deleted contact can be restored.
pub const UNDO: TimeDelta = TimeDelta::days(30);

/// How many further contacts the plan allows; `None` when it does not say. Deleted ones that can still be restored do not count: they
/// need room again when they come back. Members wait here for each other, so that two never share the last place; visitors' submissions
/// take another way and wait for nobody. Take it first of all.
pub(crate) async fn room(tx: &mut Tx, plan: &Entitlements) -> Result<Option<i64>> {
    let Some(&most) = plan.limits.get("contacts") else { return Ok(None) };
    db::lock_room(tx).await?;
    Ok(Some(most - db::count_up_to(tx, most).await?))
}

/// Refuses contacts for which there is no room.
pub(crate) fn check_room(room: Option<i64>, more: usize) -> Result<()> {
    match room.map(|room| usize::try_from(room).unwrap_or(0)) {
        Some(room) if more > room => {
            let detail = format!("The plan has room for {room} more contacts; {more} need it.");
            Err(Error::forbidden("plan_limit", detail))
        }
        _ => Ok(()),
    }
}

/// Makes a contact and says which known ones may be the same person.
pub async fn create(tx: &mut Tx, mut new: NewContact, owners: &Owners) -> Result<ContactMade> {
    let custom = std::mem::take(&mut new.custom);
    let country = tx.tenant().country.clone();
    let mut draft = Draft::new(new, country.as_deref(), tx.now())?;
    draft.source.get_or_insert_with(|| "api".to_owned());
    draft.owner = owner_in_reach(tx, draft.owner, owners)?;
    let (emails, phones) = draft.match_keys();
    db::lock_keys(tx, &emails, &phones).await?;
    let duplicates = db::duplicates(tx, &emails, &phones, &draft.display_name, owners).await?;
    let id = insert(tx, draft, &custom, Asking::Required).await?;
    Ok(ContactMade { contact: db::find(tx, id, owners).await?, duplicates })
}

/// Changes a contact.
pub async fn update(
    tx: &mut Tx,
    id: ContactId,
    mut patch: ContactPatch,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Contact> {
    let custom = std::mem::take(&mut patch.custom);
    let country = tx.tenant().country.clone();
    let before = db::find(tx, id, owners).await?;
    let (emails, phones) = Draft::of(&before).patched(patch.clone(), country.as_deref())?.match_keys();
    db::lock_keys(tx, &emails, &phones).await?;
    let locked = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, locked.version)?;
    let current = Draft::of(&locked);
    let mut next = current.patched(patch, country.as_deref())?;
    if next.owner != current.owner {
        next.owner = owner_in_reach(tx, next.owner, owners)?;
    }
    write(tx, id, &current, next, &custom).await?;
    db::find(tx, id, owners).await
}

/// Puts a contact of whom a deal is made into the stage for those, unless he is further already or there is none; says whether he is
/// in another one now.
///
/// # Errors
/// 404 when the contact is not in reach.
pub async fn convert(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<bool> {
    // Who makes a deal of the contact at the same time holds its key already, so that one is left free.
    let current = Draft::of(&db::find_for_change(tx, id, owners).await?);
    match contact_stages::convert(tx, &current.stage).await? {
        Some(stage) => write(tx, id, &current, Draft { stage, ..current.clone() }, &Custom::default()).await,
        None => Ok(false),
    }
}

/// Deletes a contact; it can be restored for 30 days, then it is gone.
pub async fn delete(tx: &mut Tx, id: ContactId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let contact = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, contact.version)?;
    refuse_hold(&contact)?;
    db::delete(tx, id).await?;
    let deleted_at = tx.now();
    let purge = PurgeContact { contact: id, deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    record(tx, "contact.deleted", id, "Contact deleted", json!({})).await
}

/// Takes a deletion back; 403 `plan_limit` when there is no room for the contact, who stays as he is then.
pub async fn restore(tx: &mut Tx, id: ContactId, plan: &Entitlements, owners: &Owners) -> Result<Contact> {
    let room = room(tx, plan).await?;
    db::restore(tx, id, owners).await?;
    check_room(room, 1)?;
    contact_stages::settle(tx, &[id]).await?;
    record(tx, "contact.restored", id, "Contact restored", json!({})).await?;
    db::find(tx, id, owners).await
}

/// Removes a contact for good whose deletion was not taken back.
pub(crate) async fn purge(tx: &mut Tx, id: ContactId, deleted_at: DateTime<Utc>) -> Result<()> {
    if db::purge(tx, id, deleted_at).await? {
        crate::consents::forget(tx, id).await?;
        fields::forget(tx, &[id.0]).await?;
        record(tx, "contact.purged", id, "Contact removed for good", json!({})).await?;
    }
    Ok(())
}

/// Puts a contact under legal hold (it can be neither deleted nor erased), or with `None` ends the hold.
pub async fn set_hold(tx: &mut Tx, id: ContactId, reason: Option<&str>, owners: &Owners) -> Result<()> {
    let deleted_at = db::set_hold(tx, id, reason, owners).await?;
    // Its removal came while it was held, and passed it by.
    if let Some(deleted_at) = deleted_at.filter(|at| reason.is_none() && *at + UNDO <= tx.now()) {
        tx.enqueue(&PurgeContact { contact: id, deleted_at }, Enqueue::default()).await?;
    }
    match reason {
        Some(_) => record(tx, "contact.held", id, "Contact put under legal hold", json!({})).await,
        None => record(tx, "contact.released", id, "Legal hold ended", json!({})).await,
    }
}

/// Changes stage, owner, tags or blocks of many contacts at once, or deletes them, or brings them back; those out of reach
/// are left alone and counted.
pub async fn change_many(tx: &mut Tx, change: BulkChange, owners: &Owners) -> Result<BulkResult> {
    let mut ids = change.contacts.clone();
    // Everybody locks in the same order, so two bulk changes cannot wait for each other.
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > 500 {
        return Err(Error::invalid("/contacts", "count", "1 to 500 contacts."));
    }
    if let Some(stage) = change.stage.as_ref().filter(|_| change.deleted.is_none()) {
        contact_stages::enter(tx, stage).await?;
    }
    let BulkChange { add_tags, remove_tags, stage, owner, block, unblock, deleted, .. } = change;
    let wish = ContactBulkChange { add_tags, remove_tags, stage, owner, block, unblock, deleted, ..Default::default() };
    let fates = contact_bulk_runs::apply(tx, &wish, &ids, owners).await?;
    let because = |reason: &str| fates.values().filter(|fate| fate.reason.as_deref() == Some(reason)).count();
    // Nothing is done by halves here: whoever is refused takes the others along.
    if because("too_many") > 0 {
        return Err(Error::invalid("/add_tags", "too_many", format!("A contact has at most {MAX_TAGS} tags.")));
    }
    let (missing, held, without_room) = (ids.len() - fates.len(), because("contact_on_hold"), because("plan_limit"));
    ids.retain(|id| fates.get(id).is_some_and(|fate| fate.outcome == "changed"));
    if without_room > 0 {
        check_room(i64::try_from(ids.len()).ok(), ids.len() + without_room)?;
    }
    let count = |contacts: usize| u32::try_from(contacts).unwrap_or(u32::MAX);
    let (missing, held) = (count(missing), count(held));
    Ok(BulkResult { changed: count(ids.len()), missing, held, contacts: ids })
}

/// Contacts that may be the same person.
pub async fn duplicates(
    tx: &mut Tx,
    email: Option<&str>,
    phone: Option<&str>,
    name: Option<&str>,
    owners: &Owners,
) -> Result<Vec<Duplicate>> {
    let country = tx.tenant().country.clone();
    let emails: Vec<String> = email.and_then(EmailAddress::parse).map(|e| e.canonical).into_iter().collect();
    let phones: Vec<String> =
        phone.and_then(|p| PhoneNumber::parse(p, country.as_deref())).map(|p| p.canonical()).into_iter().collect();
    let name: String = name.unwrap_or("").trim().chars().take(200).collect();
    db::duplicates(tx, &emails, &phones, &name, owners).await
}

/// Records that contacts leave the system, and by which filters they are chosen; refuses filters that do not work.
pub(crate) async fn record_export(tx: &mut Tx, filter: &[String], rows: u64) -> Result<()> {
    let fields: Vec<&str> = filter.iter().filter_map(|f| f.split(':').next()).collect();
    let tenant = tx.tenant().id;
    let event = NewEvent::new("contact.exported", "contacts", tenant.0, "Contacts exported");
    tx.record(event.payload(&json!({ "filtered_by": fields, "rows": rows }))).await?;
    Ok(())
}

/// Refuses filters and an order that do not work.
pub(crate) async fn check_list(tx: &mut Tx, query: ListQuery, deleted: bool) -> Result<()> {
    let spec = if deleted { &db::DELETED } else { &db::LIST };
    db::list(tx, spec, &query, "", &Some(vec![]), None).await.map(|_| ())
}

/// Finds the contact a person is, or makes one; for what people send themselves, such as forms.
///
/// The rule: an equal canonical e-mail address wins, in the order given; then an equal E.164 phone number. Among several
/// contacts with the address the oldest wins. A match gets what was missing and keeps what it had; an address that
/// belongs to another contact stays there. Two transactions with the same new address make one contact: the second waits
/// for the first and finds what it made. Without a usable address there is always a new contact. What cannot be used
/// (a broken address, a stage that is gone) is left out: nobody's submission is lost for it.
pub async fn match_or_create(tx: &mut Tx, person: Match) -> Result<Matched> {
    let country = tx.tenant().country.clone();
    let rule = person.rule;
    let mut said = Draft::said(person, country.as_deref(), tx.now())?;
    let (emails, phones) = said.match_keys();
    db::lock_keys(tx, &emails, &phones).await?;
    let by_email = if matches!(rule, MatchRule::EmailOrPhone | MatchRule::Email) { &emails[..] } else { &[] };
    let by_phone = if matches!(rule, MatchRule::EmailOrPhone | MatchRule::Phone) { &phones[..] } else { &[] };
    let found = match db::find_match(tx, by_email, by_phone, &None).await? {
        // It may have been deleted between the two statements; then it is as if it had never matched.
        Some(found) => lock_match(tx, found, &None).await?,
        None => None,
    };
    let Some((matched, contact)) = found else {
        let id = insert(tx, said, &Custom::default(), Asking::Nothing).await?;
        return Ok(Matched { id, matched_by: None });
    };
    leave_to_others(tx, matched.id, &mut said).await?;
    said.tags = tags::resolve(tx, said.tags).await?;
    let current = Draft::of(&contact);
    let next = current.enriched(&said);
    write(tx, matched.id, &current, next, &Custom::default()).await?;
    Ok(matched)
}

/// Makes a contact, or writes what is said about it to the one in reach that has its address already: what nothing is said of
/// stays, addresses, pages and tags are added, and an address that belongs to another contact stays there. Two at once with
/// the same new address make one contact, as in [`match_or_create`].
pub async fn upsert(
    tx: &mut Tx,
    mut new: NewContact,
    by: ContactUpsertBy,
    plan: &Entitlements,
    owners: &Owners,
) -> Result<ContactUpserted> {
    let custom = std::mem::take(&mut new.custom);
    let country = tx.tenant().country.clone();
    let (mut said, problems) = Draft::read(new, country.as_deref(), tx.now());
    problems.check()?;
    let (emails, phones) = said.match_keys();
    let by_email = if by == ContactUpsertBy::Phone { &[] } else { &emails[..] };
    let by_phone = if by == ContactUpsertBy::Email { &[] } else { &phones[..] };
    if by_email.is_empty() && by_phone.is_empty() {
        let (field, detail) = match by {
            ContactUpsertBy::Phone => ("/phones", "Give a phone number that can be dialled from anywhere."),
            _ => ("/emails", "Give an address by which the contact is found."),
        };
        return Err(Error::invalid(field, "required", detail));
    }
    // Before the addresses, as whoever makes a contact does.
    let room = room(tx, plan).await?;
    db::lock_keys(tx, &emails, &phones).await?;
    let found = match db::find_match(tx, by_email, by_phone, owners).await? {
        Some(found) => lock_match(tx, found, owners).await?,
        None => None,
    };
    let Some((matched, contact)) = found else {
        check_room(room, 1)?;
        if said.display_name.is_empty() {
            said.display_name = said.derived_name();
        }
        said.source.get_or_insert_with(|| "api".to_owned());
        said.owner = owner_in_reach(tx, said.owner, owners)?;
        let id = insert(tx, said, &custom, Asking::Required).await?;
        return Ok(ContactUpserted { contact: db::find(tx, id, owners).await?, created: true, matched_by: None });
    };
    leave_to_others(tx, matched.id, &mut said).await?;
    said.tags = tags::resolve(tx, said.tags).await?;
    let current = Draft::of(&contact);
    let mut next = current.replaced_by(&said);
    if !said.stage.is_empty() {
        next.stage = said.stage;
    }
    if next.owner != current.owner {
        next.owner = owner_in_reach(tx, next.owner, owners)?;
    }
    write(tx, matched.id, &current, next, &custom).await?;
    let contact = db::find(tx, matched.id, owners).await?;
    Ok(ContactUpserted { contact, created: false, matched_by: matched.matched_by })
}

/// Takes addresses that other contacts have out of what is said of one.
async fn leave_to_others(tx: &mut Tx, id: ContactId, said: &mut Draft) -> Result<()> {
    let (emails, phones) = said.match_keys();
    let taken = db::addresses_of_others(tx, id, &emails, &phones).await?;
    said.emails.retain(|(email, _)| !taken.contains(&email.canonical));
    said.phones.retain(|(phone, _)| !taken.contains(&phone.canonical()));
    Ok(())
}

async fn lock_match(tx: &mut Tx, found: Matched, owners: &Owners) -> Result<Option<(Matched, Contact)>> {
    match db::find_for_update(tx, found.id, owners).await {
        Ok(contact) => Ok(Some((found, contact))),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

async fn insert(tx: &mut Tx, mut draft: Draft, custom: &Custom, asking: Asking) -> Result<ContactId> {
    match asking {
        Asking::Required if !draft.stage.is_empty() => contact_stages::enter(tx, &draft.stage).await?,
        // Of what people send themselves a stage that is gone costs nobody anything.
        _ => draft.stage = contact_stages::first(tx, &draft.stage).await?,
    }
    draft.tags = tags::resolve(tx, draft.tags).await?;
    let id = ContactId::new(tx.now());
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    draft.custom = fields::settle(tx, &fields, id.0, None, custom, asking, &draft.own()).await?;
    db::insert(tx, id, &draft).await?;
    index(tx, &fields, id, &Custom::default(), &draft.custom).await?;
    let payload = json!({ "stage": draft.stage, "owner": draft.owner });
    record(tx, "contact.created", id, "Contact created", payload).await?;
    Ok(id)
}

/// Finds the contact by its custom values from now on; 422 when another record has one that is unique.
async fn index(tx: &mut Tx, fields: &Fields, id: ContactId, before: &Custom, after: &Custom) -> Result<()> {
    let refused = fields::store(tx, fields, &[(id.0, before, after)]).await?;
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid_fields(refused.into_iter().map(|(_, why)| why).collect()))
    }
}

/// Writes what differs and records it: fields together, stage, owner and tags each as a fact of its own. `custom` are
/// changes of the tenant's own fields.
async fn write(tx: &mut Tx, id: ContactId, current: &Draft, mut next: Draft, custom: &Custom) -> Result<bool> {
    if current.tags != next.tags {
        next.tags = tags::resolve(tx, next.tags).await?;
    }
    if next.stage.is_empty() {
        next.stage = contact_stages::first(tx, "").await?;
    }
    if *current == next && custom.0.is_empty() {
        return Ok(false);
    }
    let fields = fields::fields_of(tx, RecordKind::Contact).await?;
    next.custom =
        fields::settle(tx, &fields, id.0, Some(&current.custom), custom, Asking::Nothing, &next.own()).await?;
    if *current == next {
        return Ok(false);
    }
    if current.stage != next.stage {
        contact_stages::enter(tx, &next.stage).await?;
    }
    db::update(tx, id, &next).await?;
    index(tx, &fields, id, &current.custom, &next.custom).await?;
    if current.emails != next.emails || current.phones != next.phones {
        db::replace_addresses(tx, id, &next).await?;
    }
    let (mut added, mut removed) = (vec![], vec![]);
    if current.tags != next.tags {
        // A tag that is only called otherwise now was neither put nor taken.
        let (before, after) = (tags::ids(tx, current.tags.iter()).await?, tags::ids(tx, next.tags.iter()).await?);
        added = after.difference(&before).copied().collect();
        removed = before.difference(&after).copied().collect();
    }
    tx.record_all(&facts(id, current, &next, &added, &removed)).await?;
    Ok(true)
}

/// What is told of a change of a contact: its fields together, stage, owner and tags each as a fact of its own.
pub(crate) fn facts(
    id: ContactId,
    before: &Draft,
    after: &Draft,
    tags_added: &[TagId],
    tags_removed: &[TagId],
) -> Vec<NewEvent> {
    let fact = |kind, title: String, payload: serde_json::Value| {
        NewEvent::new(kind, "contacts", id.0, title).contact(id.0).payload(&payload)
    };
    let mut facts = vec![];
    let fields = before.changed_fields(after);
    if !fields.is_empty() {
        facts.push(fact("contact.updated", "Contact changed".into(), json!({ "fields": fields })));
    }
    if before.stage != after.stage {
        let payload = json!({ "from": before.stage, "to": after.stage });
        facts.push(fact("contact.stage_changed", format!("Stage changed to {}", after.stage), payload));
    }
    if before.owner != after.owner {
        let payload = json!({ "from": before.owner, "to": after.owner });
        facts.push(fact("contact.assigned", "Owner changed".into(), payload));
    }
    if before.tags != after.tags {
        let payload = json!({ "added": tags_added, "removed": tags_removed });
        facts.push(fact("contact.tagged", "Tags changed".into(), payload));
    }
    facts
}

/// Writes a locked contact as it is to be, without asking anything and without an event: for verbs that tell it in a way of
/// their own.
pub(crate) async fn rewrite(tx: &mut Tx, id: ContactId, current: &Draft, next: &Draft, fields: &Fields) -> Result<()> {
    db::update(tx, id, next).await?;
    index(tx, fields, id, &current.custom, &next.custom).await?;
    if current.emails != next.emails || current.phones != next.phones {
        db::replace_addresses(tx, id, next).await?;
    }
    Ok(())
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    id: ContactId,
    title: impl Into<String>,
    payload: serde_json::Value,
) -> Result<()> {
    tx.record(NewEvent::new(kind, "contacts", id.0, title).contact(id.0).payload(&payload)).await?;
    Ok(())
}

/// Whoever reaches only some owners' contacts gives them to one of those, by default to himself.
pub(crate) fn owner_in_reach(tx: &Tx, owner: Option<UserId>, owners: &Owners) -> Result<Option<UserId>> {
    let Some(reached) = owners else { return Ok(owner) };
    let owner = owner.or_else(|| tx.context().actor.id.map(UserId));
    match owner {
        Some(owner) if reached.contains(&owner.0) => Ok(Some(owner)),
        _ => Err(Error::invalid("/owner", "owner_out_of_reach", "Name an owner whose contacts you may change.")),
    }
}

fn refuse_hold(contact: &Contact) -> Result<()> {
    match contact.hold_reason {
        Some(_) => Err(Error::conflict("contact_on_hold", "The contact is under legal hold. End the hold first.")),
        None => Ok(()),
    }
}
