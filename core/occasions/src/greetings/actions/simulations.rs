//! What would go out on days to come, asked of the rule that sends.
use super::sending::day_with;
use crate::{
    feasts,
    greetings::{
        db,
        decide::{Day, Facts, SkipReason, decide},
        model::{Greeting, GreetingId, SimulatedDay, SimulatedSend, SimulatedSends, Simulation, SkipCount},
        moments,
    },
    occasion_settings,
};
use chrono::{Days, NaiveDate};
use contacts::{ContactId, Owners};
use kernel::{Error, Result, Tx};
use std::collections::{BTreeMap, HashMap};

/// Contacts looked at for one answer, so that it costs the same however many there are.
const CONTACTS: i64 = 2_000;
/// The same for the contacts of a day, each of whom may be named.
const OF_DAY: i64 = 200;
/// Longest time that is simulated at once, in days.
const LONGEST: i64 = 367;

/// Contacts in pages, and after which one there are more. Without feasts only those who have occasions are looked at.
async fn contacts_after(
    tx: &mut Tx,
    after: Option<ContactId>,
    anchors: Option<&[String]>,
    page: i64,
) -> Result<(Vec<Facts>, Option<ContactId>)> {
    let mut ids = db::next_contacts(tx, after, anchors, page + 1).await?;
    let more = ids.len() as i64 > page;
    ids.truncate(usize::try_from(page).unwrap_or(0));
    let next = ids.last().copied().filter(|_| more);
    Ok((db::facts(tx, &ids).await?, next))
}

/// What would go out between two days to the next contacts after one of them.
pub(in crate::greetings) async fn simulate(
    tx: &mut Tx,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    drafts: bool,
    after: Option<ContactId>,
) -> Result<Simulation> {
    let from = from.unwrap_or_else(|| crate::occasions::actions::today(tx));
    let to = to.or_else(|| from.checked_add_days(Days::new(365))).unwrap_or(from);
    feasts::actions::span(from, to, LONGEST)?;
    let greetings = db::all(tx, drafts).await?;
    let settings = occasion_settings::get(tx).await?;
    let shifts = feasts::shifts(tx).await?;
    let days = from.iter_days().take_while(|day| *day <= to);
    let all: Vec<Day> = days.map(|day| day_with(day, &settings, &shifts, &tx.tenant().locale)).collect();
    let plan = Plan::new(&all, &greetings);
    let anchors: Option<&[String]> = plan.feasts.is_empty().then_some(&[]);
    let (people, next) = contacts_after(tx, after, anchors, CONTACTS).await?;
    let mut days: BTreeMap<NaiveDate, (i64, BTreeMap<SkipReason, i64>)> = BTreeMap::new();
    for facts in &people {
        for place in plan.days_of(facts) {
            for verdict in decide(&all[place], facts, &greetings).into_iter().flatten() {
                let (sent, skipped) = days.entry(all[place].on).or_default();
                match verdict.skip {
                    None => *sent += 1,
                    Some(reason) => *skipped.entry(reason).or_default() += 1,
                }
            }
        }
    }
    let items = days.into_iter().map(|(day, (sent, skipped))| {
        let skipped = skipped.into_iter().map(|(reason, count)| SkipCount { reason, count }).collect();
        SimulatedDay { day, sent, skipped }
    });
    let next_cursor = next.map(|id| id.to_string());
    Ok(Simulation { items: items.collect(), contacts: people.len() as i64, next_cursor })
}

/// On which days anything may happen to somebody, so that not every day is asked for everybody.
struct Plan {
    by_anchor: HashMap<String, Vec<usize>>,
    feasts: Vec<usize>,
}

impl Plan {
    fn new(days: &[Day], greetings: &[Greeting]) -> Self {
        let mut by_anchor: HashMap<String, Vec<usize>> = HashMap::new();
        let mut feasts = vec![];
        for (place, day) in days.iter().enumerate() {
            for anchor in &day.anchors {
                by_anchor.entry(anchor.clone()).or_default().push(place);
            }
            if greetings.iter().any(|greeting| greeting.feasts.iter().any(|key| day.feasts.contains_key(key))) {
                feasts.push(place);
            }
        }
        Plan { by_anchor, feasts }
    }

    fn days_of(&self, facts: &Facts) -> Vec<usize> {
        let own = facts.occasions.iter().filter_map(|own| self.by_anchor.get(&own.anchor)).flatten();
        let mut days: Vec<usize> = own.chain(&self.feasts).copied().collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// What would go out on a day, contact by contact.
pub(in crate::greetings) async fn of_day(
    tx: &mut Tx,
    on: NaiveDate,
    (only, drafts): (Option<GreetingId>, bool),
    after: Option<ContactId>,
    owners: &Owners,
) -> Result<SimulatedSends> {
    feasts::actions::span(on, on, LONGEST)?;
    let mut greetings = db::all(tx, drafts || only.is_some()).await?;
    greetings.retain(|greeting| drafts || greeting.enabled || Some(greeting.id) == only);
    if only.is_some_and(|id| !greetings.iter().any(|greeting| greeting.id == id)) {
        return Err(Error::not_found());
    }
    let settings = occasion_settings::get(tx).await?;
    let shifts = feasts::shifts(tx).await?;
    let day = day_with(on, &settings, &shifts, &tx.tenant().locale);
    let on_feast = greetings.iter().any(|greeting| greeting.feasts.iter().any(|key| day.feasts.contains_key(key)));
    let anchors: Vec<String> = day.anchors.iter().cloned().collect();
    let (people, next) = contacts_after(tx, after, (!on_feast).then_some(&anchors), OF_DAY).await?;
    let tenants = tx.tenant().zone.clone();
    let mut items = vec![];
    for facts in &people {
        let in_reach = owners.as_ref().is_none_or(|owners| facts.owner.is_some_and(|owner| owners.contains(&owner)));
        if !in_reach {
            continue;
        }
        let zone = moments::zone_of(facts.zone.as_deref(), &tenants);
        for (greeting, verdict) in greetings.iter().zip(decide(&day, facts, &greetings)) {
            let Some(verdict) = verdict.filter(|_| only.is_none_or(|id| id == greeting.id)) else { continue };
            items.push(SimulatedSend {
                contact: facts.contact,
                name: facts.name.clone(),
                greeting: greeting.id,
                greeting_name: greeting.name.clone(),
                occasion: verdict.cause.occasion,
                years: verdict.cause.years,
                at: moments::moment(on, zone),
                zone: zone.name().to_owned(),
                reason: verdict.skip,
            });
        }
    }
    Ok(SimulatedSends { items, next_cursor: next.map(|id| id.to_string()) })
}
