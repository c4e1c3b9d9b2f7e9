//! What can be done with greetings.
mod by_hand;
mod following;
pub(super) mod sending;
pub(super) mod simulations;
pub(super) mod unsubscribes;

pub(super) use by_hand::{mark, unmark};
pub(crate) use following::{follow_segment, follow_stage, follow_tag};

use super::{
    db,
    jobs::{GreetPeople, PurgeGreeting},
    model::{Approval, Greeting, GreetingId, GreetingPatch, NewGreeting, NewPreview, Preview},
    moments, texts,
};
use crate::{feasts, greeting_batches, occasions};
use chrono::{DateTime, TimeDelta, Utc};
use contacts::{Owners, Problems};
use kernel::{Error, Result, Tx, auth::ActorKind, events::NewEvent, http::check_if_match, ids::UserId, jobs::Enqueue};
use notifications::mails::{self, NewMail, Template};
use serde_json::json;

/// How long a deleted greeting can be restored.
const UNDO: TimeDelta = TimeDelta::days(30);
/// Most greetings of a tenant.
const MOST: i64 = 100;

/// Sees to it that somebody looks at the next quarter of an hour, if there is anything to look for: each look enqueues the
/// next one, and whoever makes something to look for enqueues the first.
pub(crate) async fn wake(tx: &mut Tx) -> Result<()> {
    if db::any_enabled(tx).await? || occasions::any_to_tell(tx).await? {
        let slot = moments::next_slot(tx.now());
        let how = Enqueue { run_at: Some(slot), unique_key: Some(slot.timestamp().to_string()) };
        tx.enqueue(&GreetPeople { slot, part: 0 }, how).await?;
    }
    Ok(())
}

/// Makes a greeting.
pub(super) async fn create(tx: &mut Tx, new: NewGreeting) -> Result<Greeting> {
    let now = tx.now();
    let draft = Greeting {
        id: GreetingId::new(now),
        name: new.name,
        kinds: new.kinds,
        feasts: new.feasts,
        countries: new.countries,
        languages: new.languages,
        tags: new.tags,
        stages: new.stages,
        segments: new.segments,
        excluded_segments: new.excluded_segments,
        missing_segments: vec![],
        building: false,
        consent_purpose: new.consent_purpose,
        subject: new.subject,
        body: new.body,
        approval: new.approval.unwrap_or(Approval::Each),
        enabled: new.enabled,
        owner: tx.context().actor.id.map(UserId),
        created_at: now,
        updated_at: now,
        deleted_at: None,
        version: 1,
    };
    let greeting = checked(tx, draft).await?;
    if db::count(tx).await? >= MOST {
        return Err(Error::conflict("too_many_greetings", "At most 100 greetings."));
    }
    db::insert(tx, &greeting).await?;
    wake(tx).await?;
    record(tx, greeting.id, "greeting.created", "Greeting made", json!({ "enabled": greeting.enabled })).await?;
    db::find(tx, greeting.id).await
}

/// Changes a greeting. What was approved for another text or audience waits again, and so does what nobody had to approve.
pub(super) async fn update(
    tx: &mut Tx,
    id: GreetingId,
    patch: GreetingPatch,
    if_match: Option<&str>,
) -> Result<Greeting> {
    let current = db::find_for_update(tx, id).await?;
    check_if_match(if_match, current.version)?;
    let next = checked(tx, patched(&current, patch)).await?;
    let fields = changed_fields(&current, &next);
    if fields.is_empty() {
        return Ok(current);
    }
    db::update(tx, &next).await?;
    let harmless = |field: &&str| matches!(*field, "name" | "enabled" | "approval");
    let approved = current.approval == Approval::Each && fields.iter().all(harmless);
    let waits = next.approval == Approval::Each && !approved;
    greeting_batches::db::follow(tx, id, current.version + 1, waits).await?;
    wake(tx).await?;
    record(tx, id, "greeting.updated", "Greeting changed", json!({ "fields": fields })).await?;
    db::find(tx, id).await
}

fn patched(current: &Greeting, patch: GreetingPatch) -> Greeting {
    let mut next = current.clone();
    next.name = patch.name.unwrap_or(next.name);
    next.kinds = patch.kinds.unwrap_or(next.kinds);
    next.feasts = patch.feasts.unwrap_or(next.feasts);
    next.countries = patch.countries.unwrap_or(next.countries);
    next.languages = patch.languages.unwrap_or(next.languages);
    next.tags = patch.tags.unwrap_or(next.tags);
    next.stages = patch.stages.unwrap_or(next.stages);
    next.segments = patch.segments.unwrap_or(next.segments);
    next.excluded_segments = patch.excluded_segments.unwrap_or(next.excluded_segments);
    patch.consent_purpose.update_to(&mut next.consent_purpose);
    next.subject = patch.subject.unwrap_or(next.subject);
    next.body = patch.body.unwrap_or(next.body);
    next.approval = patch.approval.unwrap_or(next.approval);
    next.enabled = patch.enabled.unwrap_or(next.enabled);
    next
}

fn changed_fields(current: &Greeting, next: &Greeting) -> Vec<&'static str> {
    [
        ("name", current.name != next.name),
        ("kinds", current.kinds != next.kinds),
        ("feasts", current.feasts != next.feasts),
        ("countries", current.countries != next.countries),
        ("languages", current.languages != next.languages),
        ("tags", current.tags != next.tags),
        ("stages", current.stages != next.stages),
        ("segments", current.segments != next.segments),
        ("excluded_segments", current.excluded_segments != next.excluded_segments),
        ("consent_purpose", current.consent_purpose != next.consent_purpose),
        ("subject", current.subject != next.subject),
        ("body", current.body != next.body),
        ("approval", current.approval != next.approval),
        ("enabled", current.enabled != next.enabled),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

/// A greeting as it may be kept.
async fn checked(tx: &mut Tx, mut draft: Greeting) -> Result<Greeting> {
    let mut wrong = Problems::default();
    draft.name = wrong.text("/name", Some(draft.name), 100).unwrap_or_default();
    if draft.name.is_empty() {
        wrong.add("/name", "required", "A greeting needs a name.");
    }
    (draft.subject, draft.body) = texts::checked(&mut wrong, Some(draft.subject), Some(draft.body));
    let mut seen = vec![];
    draft.kinds.retain(|kind| {
        !seen.contains(kind) && {
            seen.push(*kind);
            true
        }
    });
    for list in [&mut draft.feasts, &mut draft.countries, &mut draft.languages, &mut draft.tags, &mut draft.stages] {
        list.sort_unstable();
        list.dedup();
    }
    for (field, list) in [
        ("/feasts", &draft.feasts),
        ("/countries", &draft.countries),
        ("/languages", &draft.languages),
        ("/tags", &draft.tags),
        ("/stages", &draft.stages),
    ] {
        wrong.count(field, list.len(), 100);
    }
    if draft.kinds.is_empty() && draft.feasts.is_empty() {
        wrong.add("/kinds", "required", "A greeting goes out on occasions or on feasts.");
    }
    if draft.feasts.iter().any(|key| feasts::find(key).is_none()) {
        wrong.add("/feasts", "feast_unknown", "There is no such feast.");
    }
    if draft.countries.iter().any(|code| code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
        wrong.add("/countries", "country_unknown", "Codes of ISO 3166 like BD.");
    }
    if draft.languages.iter().any(|tag| !(2..=3).contains(&tag.len()) || !tag.bytes().all(|b| b.is_ascii_lowercase())) {
        wrong.add("/languages", "language_unknown", "Codes of languages like ar, without regions.");
    }
    if draft.tags.iter().any(|tag| tag.trim().is_empty() || tag.chars().count() > 60) {
        wrong.add("/tags", "too_long", "Names of tags, each at most 60 characters.");
    }
    let purpose = |text: &str| {
        (1..=63).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if draft.consent_purpose.as_deref().is_some_and(|text| !purpose(text)) {
        wrong.add("/consent_purpose", "purpose_invalid", "1 to 63 lower-case letters, digits and _.");
    }
    if db::stages(tx, &draft.stages).await?.len() < draft.stages.len() {
        wrong.add("/stages", "stage_unknown", "There is no such stage.");
    }
    check_segments(tx, &mut wrong, &mut draft).await?;
    wrong.check()?;
    draft.tags = contacts::resolve_tags(tx, draft.tags).await?;
    Ok(draft)
}

/// Segments are there when they are named; one that was deleted since may stay.
async fn check_segments(tx: &mut Tx, wrong: &mut Problems, draft: &mut Greeting) -> Result<()> {
    let lists = [("/segments", &mut draft.segments), ("/excluded_segments", &mut draft.excluded_segments)];
    for (field, list) in lists {
        list.sort_unstable();
        list.dedup();
        wrong.count(field, list.len(), 100);
        let there = db::segments(tx, list).await?;
        if list.iter().any(|id| !there.contains(id) && !draft.missing_segments.contains(id)) {
            wrong.add(field, "segment_unknown", "There is no such segment.");
        }
    }
    if draft.segments.iter().any(|id| draft.excluded_segments.contains(id)) {
        wrong.add("/excluded_segments", "segment_twice", "Nobody is in a segment and not in it.");
    }
    Ok(())
}

/// Deletes a greeting; it can be restored for 30 days, then it is gone with what is known of what it sent.
pub(super) async fn delete(tx: &mut Tx, id: GreetingId, if_match: Option<&str>) -> Result<()> {
    let greeting = db::find_for_update(tx, id).await?;
    check_if_match(if_match, greeting.version)?;
    db::delete(tx, id).await?;
    let deleted_at = tx.now();
    let purge = PurgeGreeting { greeting: id, deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    record(tx, id, "greeting.deleted", "Greeting deleted", json!({})).await
}

/// Takes a deletion back; the greeting is switched off.
pub(super) async fn restore(tx: &mut Tx, id: GreetingId) -> Result<Greeting> {
    db::restore(tx, id).await?;
    record(tx, id, "greeting.restored", "Greeting restored", json!({})).await?;
    db::find(tx, id).await
}

/// Removes a greeting for good whose deletion was not taken back.
pub(super) async fn purge(tx: &mut Tx, id: GreetingId, deleted_at: DateTime<Utc>) -> Result<()> {
    match db::purge(tx, id, deleted_at).await? {
        true => record(tx, id, "greeting.purged", "Greeting removed for good", json!({})).await,
        false => Ok(()),
    }
}

/// A greeting as one contact would read it, on his next day or on a feast.
pub(super) async fn preview(tx: &mut Tx, new: NewPreview, owners: &Owners) -> Result<Preview> {
    let mut wrong = Problems::default();
    let (subject, body) = texts::checked(&mut wrong, Some(new.subject), Some(new.body));
    wrong.check()?;
    let mut values = texts::Values { sender: tx.tenant().name.clone(), ..texts::Values::default() };
    match new.contact {
        Some(contact) => {
            contacts::require(tx, contact, owners).await?;
            let facts = db::facts(tx, &[contact]).await?.pop().ok_or_else(Error::not_found)?;
            let reading = crate::occasion_settings::get(tx).await?.reading();
            let today = occasions::actions::today(tx);
            if let Some((own, day)) = facts.occasions.iter().find_map(|own| Some((own, own.when.next(today, reading)?)))
            {
                (values.occasion, values.years) = (own.label.clone(), own.when.years(day, reading));
            }
            (values.first_name, values.last_name, values.company) = (facts.first_name, facts.last_name, facts.company);
            values.name = facts.name;
        }
        None => {
            (values.first_name, values.last_name) = (Some("Nadia".into()), Some("Rahman".into()));
            (values.name, values.company, values.years) = ("Nadia Rahman".into(), Some("Lantern Tea".into()), Some(5));
        }
    }
    let (subject, body) = values.fill(&subject, &body);
    Ok(Preview { subject, body, name: values.name })
}

/// Sends a greeting to whoever asks, as one contact would read it: the mail looks like the real one, but for the link to opt out.
pub(super) async fn try_out(tx: &mut Tx, new: NewPreview, owners: &Owners) -> Result<Preview> {
    let actor = tx.context().actor;
    let Some(member) = actor.id.filter(|_| actor.kind == ActorKind::User) else {
        return Err(Error::conflict("member_needed", "A test goes to the member who asks for it, and a key is none."));
    };
    let preview = preview(tx, new, owners).await?;
    let data = json!({ "title": preview.subject, "body": preview.body });
    let now = tx.now();
    mails::queue(tx, now, &NewMail::to_member(Template::FormAutoreply, member, data)).await?;
    let event = NewEvent::new("greeting.tried", "greetings", tx.tenant().id.0, "Greeting sent to oneself as a test");
    tx.record(event.payload(&json!({}))).await?;
    Ok(preview)
}

async fn record(
    tx: &mut Tx,
    id: GreetingId,
    kind: &'static str,
    title: &str,
    payload: serde_json::Value,
) -> Result<()> {
    tx.record(NewEvent::new(kind, "greetings", id.0, title).payload(&payload)).await?;
    Ok(())
}
