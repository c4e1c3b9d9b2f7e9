//! What can be done with occasions. Every caller (API, import, job) uses these verbs.
pub(crate) mod notices;

use super::{
    dates::{Reading, When, anchors, is_hijri},
    db::{self, Asked, renewals::Renewing},
    hijri,
    jobs::PurgeOccasion,
    model::{
        Draft, NewOccasion, Occasion, OccasionId, OccasionKind, OccasionPatch, Reach, UpcomingDay, UpcomingDays,
        UpcomingFeast, UpcomingOccasion,
    },
};
use crate::{feasts, greetings, occasion_settings};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use contacts::{Owners, Problems};
use kernel::{
    Error, Result, Tx,
    db::ListQuery,
    events::NewEvent,
    http::{Page, check_if_match},
    jobs::Enqueue,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How long a deleted occasion can be restored.
const UNDO: TimeDelta = TimeDelta::days(30);
/// Most occasions of a contact or a company.
pub(super) const MOST: i64 = 50;

/// The day it is in the account's zone.
pub(crate) fn today(tx: &Tx) -> NaiveDate {
    let zone: chrono_tz::Tz = tx.tenant().zone.parse().unwrap_or(chrono_tz::Tz::UTC);
    tx.now().with_timezone(&zone).date_naive()
}

/// How a tenant reads dates that come every year, for modules that ask on which days they fall.
#[derive(Debug, Clone, Copy)]
pub struct Calendar(Reading);

impl Calendar {
    /// Anchors of the dates that fall on these days, each once: what rows of `occasions` are found by.
    pub fn anchors(&self, days: &[NaiveDate]) -> Vec<String> {
        let all: std::collections::BTreeSet<String> = days.iter().flat_map(|day| anchors(*day, self.0)).collect();
        all.into_iter().collect()
    }
}

/// How the tenant reads dates now.
pub async fn calendar(tx: &mut Tx) -> Result<Calendar> {
    occasion_settings::get(tx).await.map(|settings| Calendar(settings.reading()))
}

/// Days as statements ask for them.
pub(crate) fn ask(days: impl IntoIterator<Item = NaiveDate>, reading: Reading) -> Asked {
    let mut asked = Asked::default();
    for day in days {
        let hijri_year = hijri::of(day - TimeDelta::days(reading.hijri_shift)).year;
        for anchor in anchors(day, reading) {
            asked.days.push(day);
            asked.years.push(if is_hijri(&anchor) { hijri_year } else { day.year() });
            asked.anchors.push(anchor);
        }
    }
    asked
}

/// The occasion as it is seen today.
pub(super) async fn find(tx: &mut Tx, id: OccasionId, owners: &Owners) -> Result<Occasion> {
    let reading = occasion_settings::get(tx).await?.reading();
    let today = today(tx);
    Ok(db::find(tx, id, owners).await?.seen(today, reading))
}

/// One page of occasions as they are seen today.
pub(super) async fn list(tx: &mut Tx, deleted: bool, query: &ListQuery, owners: &Owners) -> Result<Page<Occasion>> {
    let reading = occasion_settings::get(tx).await?.reading();
    let today = today(tx);
    let mut page = db::list(tx, deleted, query, owners).await?;
    page.items = page.items.into_iter().map(|occasion| occasion.seen(today, reading)).collect();
    Ok(page)
}

/// Writes an occasion down.
pub(super) async fn create(tx: &mut Tx, new: NewOccasion, reach: &Reach) -> Result<Occasion> {
    let (draft, when) = checked(Draft::new(&new))?;
    let mut wrong = Problems::default();
    let about = match (new.contact, new.company) {
        (Some(contact), None) => {
            missing(&mut wrong, contacts::require(tx, contact, &reach.contacts).await, "contact")?;
            contact.0
        }
        (None, Some(company)) => {
            missing(&mut wrong, companies::require(tx, company, &reach.companies).await, "company")?;
            company.0
        }
        _ => return Err(Error::invalid("/contact", "about_one", "An occasion is about a contact or about a company.")),
    };
    wrong.check()?;
    if db::count_of(tx, about).await? >= MOST {
        return Err(too_many());
    }
    let id = OccasionId::new(tx.now());
    db::insert(tx, id, (new.contact, new.company), &draft, &when.anchor()).await?;
    greetings::wake(tx).await?;
    let after = find(tx, id, &None).await?;
    record(tx, &after, "occasion.created", "Occasion added", json!({ "kind": after.kind.as_str() })).await?;
    Ok(after)
}

/// Changes an occasion.
pub(super) async fn update(
    tx: &mut Tx,
    id: OccasionId,
    patch: OccasionPatch,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Occasion> {
    let occasion = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, occasion.version)?;
    let current = Draft::of(&occasion);
    let (next, when) = checked(current.patched(patch))?;
    let fields = current.changed_fields(&next);
    if !fields.is_empty() {
        db::update(tx, id, &next, &when.anchor()).await?;
        greetings::wake(tx).await?;
        record(tx, &occasion, "occasion.updated", "Occasion changed", json!({ "fields": fields })).await?;
    }
    find(tx, id, &None).await
}

/// An occasion as it may be stored, and its date.
fn checked(mut draft: Draft) -> Result<(Draft, When)> {
    let mut wrong = Problems::default();
    draft.label = wrong.text("/label", draft.label, 100);
    if draft.label.is_none() && matches!(draft.kind, OccasionKind::Milestone | OccasionKind::Custom) {
        wrong.add("/label", "required", "Say what it is.");
    }
    draft.notices = occasion_settings::actions::notices(&mut wrong, draft.notices);
    let when = draft.date.when();
    if let Err((field, detail)) = when {
        wrong.add(format!("/{field}"), "date_invalid", detail);
    }
    wrong.check()?;
    when.map(|when| (draft, when)).map_err(|(field, detail)| Error::invalid(field, "date_invalid", detail))
}

/// Deletes an occasion; it can be restored for 30 days, then it is gone.
pub(super) async fn delete(tx: &mut Tx, id: OccasionId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let occasion = db::find_for_update(tx, id, owners).await?;
    check_if_match(if_match, occasion.version)?;
    db::delete(tx, id).await?;
    let deleted_at = tx.now();
    let purge = PurgeOccasion { occasion: id, deleted_at };
    tx.enqueue(&purge, Enqueue { run_at: Some(deleted_at + UNDO), ..Enqueue::default() }).await?;
    record(tx, &occasion, "occasion.deleted", "Occasion removed", json!({})).await
}

fn too_many() -> Error {
    Error::conflict("too_many_occasions", "At most 50 occasions of one contact or company.")
}

/// Takes a deletion back.
pub(super) async fn restore(tx: &mut Tx, id: OccasionId, owners: &Owners) -> Result<Occasion> {
    db::restore(tx, id, owners).await?;
    greetings::wake(tx).await?;
    let after = find(tx, id, &None).await?;
    let about = after.contact.map(|contact| contact.0).or(after.company.map(|company| company.0));
    if let Some(about) = about
        && db::count_of(tx, about).await? > MOST
    {
        return Err(too_many());
    }
    record(tx, &after, "occasion.restored", "Occasion restored", json!({})).await?;
    Ok(after)
}

/// Removes an occasion for good whose deletion was not taken back.
pub(super) async fn purge(tx: &mut Tx, id: OccasionId, deleted_at: DateTime<Utc>) -> Result<()> {
    if db::purge(tx, id, deleted_at).await? {
        tx.record(NewEvent::new("occasion.purged", "occasions", id.0, "Occasion removed for good")).await?;
    }
    Ok(())
}

/// What there is between two days.
pub(super) async fn upcoming(
    tx: &mut Tx,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    per_day: Option<u32>,
    owners: &Owners,
    renewing: &Renewing,
) -> Result<UpcomingDays> {
    let today = today(tx);
    let from = from.unwrap_or(today);
    let to = to.or_else(|| from.checked_add_days(Days::new(29))).unwrap_or(from);
    feasts::actions::span(from, to, 62)?;
    let per_day = match per_day.unwrap_or(5) {
        count @ 0..=200 => i64::from(count),
        _ => return Err(Error::invalid("/per_day", "limit_range", "per_day goes from 0 to 200.")),
    };
    let settings = occasion_settings::get(tx).await?;
    let mut days: BTreeMap<NaiveDate, UpcomingDay> = BTreeMap::new();
    let empty =
        |day| UpcomingDay { day, count: 0, occasions: vec![], renewal_count: 0, renewals: vec![], feasts: vec![] };
    let asked = ask(from.iter_days().take_while(|day| *day <= to), settings.reading());
    for row in db::days::on_days(tx, &asked, per_day.max(1), owners).await? {
        let day = days.entry(row.on).or_insert_with(|| empty(row.on));
        day.count = row.count;
        if per_day > 0 {
            day.occasions.push(row.occasion());
        }
    }
    for row in db::renewals::renewals(tx, (from, to), per_day.max(1), renewing).await? {
        let day = days.entry(row.on).or_insert_with(|| empty(row.on));
        day.renewal_count = row.count;
        if per_day > 0 {
            day.renewals.push(row.renewal());
        }
    }
    let shifts = feasts::shifts(tx).await?;
    for feast in &feasts::packs().feasts {
        let kept = feasts::packs()
            .packs
            .iter()
            .filter(|(country, keys)| settings.packs.contains(country) && keys.contains(&feast.key));
        let countries: Vec<String> = kept.map(|(country, _)| country.clone()).collect();
        if countries.is_empty() {
            continue;
        }
        for (day, _) in feast.days(from, to, settings.reading(), &shifts) {
            let feast =
                UpcomingFeast { key: feast.key.clone(), name: feast.name.clone(), countries: countries.clone() };
            days.entry(day).or_insert_with(|| empty(day)).feasts.push(feast);
        }
    }
    Ok(UpcomingDays { today, items: days.into_values().collect() })
}

/// The next occasions of one day, after one of them.
pub(super) async fn of_day(
    tx: &mut Tx,
    day: NaiveDate,
    after: Option<OccasionId>,
    limit: u32,
    owners: &Owners,
) -> Result<Page<UpcomingOccasion>> {
    feasts::actions::span(day, day, 62)?;
    let asked = ask([day], occasion_settings::get(tx).await?.reading());
    let mut items = db::days::of_day(tx, &asked, after, i64::from(limit), owners).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let last = items.iter().map(|one| one.id).max().filter(|_| more);
    Ok(Page { items, next_cursor: last.map(|id| id.to_string()) })
}

fn missing(wrong: &mut Problems, found: Result<()>, what: &str) -> Result<()> {
    match found {
        Err(error) if error.is_not_found() => {
            wrong.add(format!("/{what}"), &format!("{what}_unknown"), format!("There is no such {what}."));
            Ok(())
        }
        other => other,
    }
}

/// Records a fact; timelines of the contact and of the company show it.
async fn record(tx: &mut Tx, occasion: &Occasion, kind: &'static str, title: &str, mut payload: Value) -> Result<()> {
    payload["company"] = json!(occasion.company);
    let event = NewEvent::new(kind, "occasions", occasion.id.0, title).contact(occasion.contact.map(|c| c.0));
    tx.record(event.payload(&payload)).await?;
    Ok(())
}
