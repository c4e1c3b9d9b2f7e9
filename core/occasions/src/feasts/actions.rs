//! Saying on which day a feast is.
use super::{
    db,
    model::{Feast, FeastDay, Feasts, NewFeastShift},
    pack,
};
use crate::occasion_settings;
use chrono::{Datelike, NaiveDate};
use contacts::Problems;
use kernel::{Error, Result, Tx, events::NewEvent};
use serde_json::json;

/// Longest time asked for at once, in days: two years.
const LONGEST: i64 = 800;

/// Two days, both included, as somebody asked for them.
pub(crate) fn span(from: NaiveDate, to: NaiveDate, longest: i64) -> Result<()> {
    let known = 1900..=2150;
    if !known.contains(&from.year()) || !known.contains(&to.year()) {
        return Err(Error::invalid("/from", "date_range", "Days between 1900 and 2150."));
    }
    match (to - from).num_days() {
        days if days < 0 || days >= longest => Err(Error::invalid(
            "/to",
            "span_range",
            format!("Not before `from`, and less than {longest} days after it."),
        )),
        _ => Ok(()),
    }
}

/// Every feast with its days between two days.
pub(super) async fn list(tx: &mut Tx, from: NaiveDate, to: NaiveDate) -> Result<Feasts> {
    span(from, to, LONGEST)?;
    let reading = occasion_settings::get(tx).await?.reading();
    let shifts = db::shifts(tx).await?;
    let packs = pack::packs();
    let items = packs.feasts.iter().map(|feast| {
        let days = feast.days(from, to, reading, &shifts).into_iter().map(|(day, year)| {
            let shift = shifts.get(&(feast.key.clone(), year)).and_then(|days| i16::try_from(*days).ok());
            FeastDay { day, year, shift }
        });
        let countries = packs.packs.iter().filter(|(_, feasts)| feasts.contains(&feast.key));
        Feast {
            key: feast.key.clone(),
            name: feast.name.clone(),
            hijri: feast.is_hijri(),
            source: feast.source.clone(),
            countries: countries.map(|(country, _)| country.clone()).collect(),
            days: days.collect(),
        }
    });
    Ok(Feasts { version: packs.version.clone(), packs: packs.packs.keys().cloned().collect(), items: items.collect() })
}

/// Says that a feast is on another day in one year.
pub(super) async fn shift(tx: &mut Tx, new: NewFeastShift) -> Result<()> {
    let mut wrong = Problems::default();
    if !pack::find(&new.feast).is_some_and(|feast| feast.is_hijri()) {
        wrong.add("/feast", "feast_unknown", "There is no such feast that the moon decides.");
    }
    if !(1300..=1600).contains(&new.year) {
        wrong.add("/year", "year_range", "A year of the Hijri calendar, 1300 to 1600.");
    }
    if new.days.is_some_and(|days| !(-3..=3).contains(&days)) {
        wrong.add("/days", "shift_range", "-3 to 3 days.");
    }
    wrong.check()?;
    match new.days {
        Some(days) => db::set(tx, &new.feast, new.year, days).await?,
        None => db::clear(tx, &new.feast, new.year).await?,
    }
    let tenant = tx.tenant().id;
    let payload = json!({ "feast": new.feast, "year": new.year, "days": new.days });
    tx.record(NewEvent::new("feast.shifted", "feasts", tenant.0, "Day of a feast changed").payload(&payload)).await?;
    Ok(())
}
