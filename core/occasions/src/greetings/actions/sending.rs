//! Greeting people: a page of contacts in a transaction, each claimed before his mail is queued.
use super::unsubscribes;
use crate::{
    feasts, greeting_batches,
    greetings::{
        db::{self, Wanted},
        decide::{Day, Facts, Feast, SkipReason, Verdict, decide},
        model::{Approval, Greeting, GreetingId},
        moments,
        texts::Values,
    },
    occasion_settings::{self, OccasionSettings},
};
use chrono::NaiveDate;
use contacts::ContactId;
use kernel::{
    Result, Tx,
    crypto::{hex, sha256},
    events::NewEvent,
};
use messaging::{NewEmail, Sent, send_email};
use serde_json::json;
use std::collections::BTreeMap;

/// Contacts of one transaction.
const PAGE: i64 = 50;

/// A day as the tenant reads it.
pub(crate) async fn day(tx: &mut Tx, on: NaiveDate, settings: &OccasionSettings) -> Result<Day> {
    let shifts = feasts::shifts(tx).await?;
    Ok(day_with(on, settings, &shifts, &tx.tenant().locale))
}

/// The same when it is known how feasts are shifted.
pub(in crate::greetings) fn day_with(
    on: NaiveDate,
    settings: &OccasionSettings,
    shifts: &feasts::Shifts,
    locale: &str,
) -> Day {
    let reading = settings.reading();
    let on_it = feasts::packs().feasts.iter().filter_map(|rule| {
        let (_, year) = rule.days(on, on, reading, shifts).pop()?;
        Some((rule.key.clone(), Feast { names: rule.name.clone(), year }))
    });
    let feasts: BTreeMap<String, Feast> = on_it.collect();
    Day::new(on, reading, feasts, locale, settings.one_a_day)
}

/// Whether a greeting has somebody to greet on a day of whom nothing has been decided.
pub(crate) async fn has_candidates(tx: &mut Tx, greeting: &Greeting, day: &Day) -> Result<bool> {
    let anchors: Vec<String> = day.anchors.iter().cloned().collect();
    let wanted = Wanted { greeting, day: day.on, anchors: narrowed(greeting, day, &anchors), zones: None };
    Ok(!db::candidates(tx, &wanted, None, 1).await?.is_empty())
}

/// Anchors that candidates must have, or none when a feast is on the day.
fn narrowed<'a>(greeting: &Greeting, day: &Day, anchors: &'a [String]) -> Option<&'a [String]> {
    let on_feast = greeting.feasts.iter().any(|key| day.feasts.contains_key(key));
    (!on_feast).then_some(anchors)
}

/// Greets the next contacts for whom it is time, after one of them. Gives those that were looked at; none when there are no
/// more, or when the greeting does not go out any more.
pub(in crate::greetings) async fn page(
    tx: &mut Tx,
    id: GreetingId,
    on: NaiveDate,
    after: Option<ContactId>,
) -> Result<Vec<ContactId>> {
    // Whoever changes the greeting or decides about the day waits for this, or this for him.
    let greeting = match db::find_for_share(tx, id).await {
        Err(error) if error.is_not_found() => return Ok(vec![]),
        found => found?,
    };
    if !greeting.enabled || !greeting_batches::db::is_approved(tx, id, on, greeting.version).await? {
        return Ok(vec![]);
    }
    let settings = occasion_settings::get(tx).await?;
    let day = day(tx, on, &settings).await?;
    let zones = moments::due_zones(on, tx.now());
    let anchors: Vec<String> = day.anchors.iter().cloned().collect();
    let wanted =
        Wanted { greeting: &greeting, day: on, anchors: narrowed(&greeting, &day, &anchors), zones: Some(&zones) };
    let ids = db::candidates(tx, &wanted, after, PAGE).await?;
    if ids.is_empty() {
        return Ok(ids);
    }
    let locked = db::lock_contacts(tx, &ids).await?;
    // Asked again with the lock: whoever opted out or was deleted in the meantime is seen.
    let all = db::all(tx, false).await?;
    let place = all.iter().position(|other| other.id == id);
    for facts in db::facts(tx, &locked).await? {
        let verdict = place.and_then(|place| decide(&day, &facts, &all).swap_remove(place));
        let tenants = tx.tenant().zone.clone();
        let is_due = moments::is_due(on, moments::zone_of(facts.zone.as_deref(), &tenants), tx.now());
        if let Some(verdict) = verdict.filter(|_| is_due) {
            greet(tx, &greeting, &day, &facts, &verdict).await?;
        }
    }
    Ok(ids)
}

/// Claims a greeting for a contact and queues its mail, or writes down why not.
async fn greet(tx: &mut Tx, greeting: &Greeting, day: &Day, facts: &Facts, verdict: &Verdict) -> Result<()> {
    let occurrence = &verdict.cause.occurrence;
    let claim = |reason| db::Claim { greeting: greeting.id, contact: facts.contact, day: day.on, occurrence, reason };
    let reason = verdict.skip.map(SkipReason::as_str);
    let Some(claimed) = db::claim(tx, &claim(reason), day.one_a_day).await? else {
        // Decided before, or another greeting went out to him on this day.
        let reason = Some(SkipReason::AnotherGreeting.as_str());
        return db::claim(tx, &claim(reason), day.one_a_day).await.map(drop);
    };
    if reason.is_some() {
        return Ok(());
    }
    let email = mail(tx, greeting, day, facts, verdict)?;
    match send_email(tx, email).await? {
        Sent::Queued(mail) if db::set_mail(tx, claimed, mail.0).await? => {
            let event = NewEvent::new("greeting.sent", "greetings", greeting.id.0, "Greeting sent");
            let event = event.contact(facts.contact.0).payload(&json!({ "day": day.on }));
            tx.record(event).await.map(drop)
        }
        Sent::Queued(_) => db::set_skipped(tx, claimed, SkipReason::AnotherGreeting.as_str()).await,
        Sent::Blocked => db::set_skipped(tx, claimed, SkipReason::DoNotContact.as_str()).await,
        Sent::Unusable => db::set_skipped(tx, claimed, SkipReason::NoAddress.as_str()).await,
    }
}

fn mail(tx: &Tx, greeting: &Greeting, day: &Day, facts: &Facts, verdict: &Verdict) -> Result<NewEmail> {
    let values = Values {
        first_name: facts.first_name.clone(),
        last_name: facts.last_name.clone(),
        name: facts.name.clone(),
        company: facts.company.clone(),
        years: verdict.cause.years,
        occasion: verdict.cause.occasion.clone(),
        sender: tx.tenant().name.clone(),
    };
    let (subject, body) = values.fill(&greeting.subject, &greeting.body);
    let address = facts.email.clone().unwrap_or_default();
    // Somebody who is known twice under one address gets one, of a feast also when it is moved in between. The key names nobody.
    let reader = hex(&sha256(address.as_bytes()));
    let what = if verdict.cause.is_own { day.on.to_string() } else { verdict.cause.occurrence.clone() };
    Ok(NewEmail {
        contact: facts.contact,
        subject,
        body,
        locale: facts.language.clone().unwrap_or_else(|| tx.tenant().locale.clone()),
        purpose: "greeting",
        dedupe_key: format!("greeting/{}/{what}/{reader}", greeting.id),
        unsubscribe: Some(unsubscribes::link(tx, facts.contact)?),
        address,
    })
}

/// What a new batch waits for.
pub(crate) fn first_state(greeting: &Greeting) -> &'static str {
    match greeting.approval {
        Approval::Each => "waiting",
        Approval::Automatic => "approved",
    }
}
