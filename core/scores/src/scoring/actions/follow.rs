//! How scores follow what happens: to contacts, to what rules name, and to the day.
use super::{begin, count::Plan};
use crate::scoring::{
    db,
    jobs::{FadeScores, RefreshScores},
};
use chrono::{Days, NaiveDate};
use kernel::{Result, Tx, events::Recorded, jobs::Enqueue};
use uuid::Uuid;

/// Notes whom an event concerns. It runs after the change was committed, so no writer waits for it.
pub(crate) async fn notice(tx: &mut Tx, event: &Recorded) -> Result<()> {
    // What follows from scores changes none.
    if matches!(event.subject.as_str(), "segments" | "scores" | "scoring") {
        return Ok(());
    }
    let concerned = segments::concerned(event);
    let mut noted = if concerned.is_empty() { 0 } else { db::note(tx, &concerned, false).await? };
    match event.subject.as_str() {
        "deals" => noted += db::note_deal(tx, event.subject_id).await?,
        "companies" => noted += db::note_company(tx, event.subject_id).await?,
        "tags" => tags(tx, event).await?,
        // Whom it brought waited for its end.
        "contact_imports" => tx.enqueue_once(&RefreshScores {}).await?,
        "contact_stages" if event.kind == "contact_stage.deleted" => {
            let (from, to) = (event.payload["key"].as_str(), event.payload["to"].as_str());
            if replace(tx, "stage", from.unwrap_or(""), to.unwrap_or("")).await? {
                begin(tx).await?;
            }
        }
        "custom_fields" | "forms" | "pipelines" => again_if(tx, |plan| plan.names(event.subject_id, false)).await?,
        "occasion_settings" => again_if(tx, Plan::uses_days).await?,
        // The tenant may have moved to another zone.
        "tenants" => tx.enqueue_once(&FadeScores {}).await?,
        _ => {}
    }
    if noted > 0 {
        tx.enqueue_once(&RefreshScores {}).await?;
    }
    let today = today(tx);
    if db::is_armed(tx, today).await? { Ok(()) } else { wake(tx, today).await }
}

/// Begins what an account that has just got scores, or whose jobs were lost, waits for.
async fn wake(tx: &mut Tx, today: NaiveDate) -> Result<()> {
    let row = db::find(tx).await?;
    if row.armed_on.is_none() && row.is_counting {
        begin(tx).await?;
    }
    tx.enqueue_once(&FadeScores {}).await?;
    db::set_armed(tx, today).await
}

fn today(tx: &Tx) -> NaiveDate {
    tasks::day_of(tx.now(), tasks::zone_of(&tx.tenant().zone))
}

async fn again_if(tx: &mut Tx, concerns: impl FnOnce(&Plan) -> bool) -> Result<()> {
    let row = db::find(tx).await?;
    let plan = Plan::of(tx, &row.rules.0, row.warm_from, row.hot_from).await?;
    if concerns(&plan) { begin(tx).await } else { Ok(()) }
}

/// Rules follow a tag that became another one; when one that they name goes, all is counted anew.
async fn tags(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let from = event.payload["from"].as_str().unwrap_or("").to_owned();
    if event.kind == "tag.merged" {
        let into = format!("tag_{}", kernel::ids::encode(event.subject_id));
        replace(tx, "tags", &from, &into).await?;
    }
    if event.kind == "tag.created" {
        return Ok(());
    }
    again_if(tx, |plan| plan.names(event.subject_id, true)).await
}

/// Lets rules name another value of a field; gives whether any did name the one before.
async fn replace(tx: &mut Tx, field: &str, from: &str, into: &str) -> Result<bool> {
    let row = db::lock(tx).await?;
    let mut rules = row.rules.0;
    let mut changed = false;
    for rule in &mut rules {
        if let Some(next) = segments::with_value(&rule.definition, field, from, into) {
            (rule.definition, changed) = (next, true);
        }
    }
    if changed {
        db::update(tx, &rules, row.warm_from, row.hot_from).await?;
    }
    Ok(changed)
}

/// Notes contacts that were changed by the thousand, in the transaction that does so.
pub(crate) async fn touched(tx: &mut Tx, contacts: &[Uuid]) -> Result<()> {
    db::note(tx, contacts, true).await?;
    tx.enqueue_once(&RefreshScores {}).await
}

/// Notes whose score is another one by the day alone since scores were last right, and sees to it that somebody looks again
/// when the day ends.
pub(crate) async fn fade(tx: &mut Tx) -> Result<()> {
    let row = db::lock(tx).await?;
    let plan = Plan::of(tx, &row.rules.0, row.warm_from, row.hot_from).await?;
    let (today, zone) = (plan.today, tx.tenant().zone.clone());
    match row.scored_on {
        Some(day) if row.zone.as_deref() == Some(&zone) && day <= today => {
            let old = segments::as_of(tx, day, &zone).await?;
            if day < today && db::note_passed(tx, &plan.ageing(&old), &old, plan.at()).await? > 0 {
                tx.enqueue_once(&RefreshScores {}).await?;
            }
        }
        Some(_) => begin(tx).await?,
        None => {}
    }
    db::set_scored(tx, today, &zone).await?;
    db::set_armed(tx, today).await?;
    let zone = tasks::zone_of(&zone);
    let tomorrow = tasks::day_start(today + Days::new(1), zone);
    let how = Enqueue { run_at: Some(tomorrow), unique_key: Some(tomorrow.timestamp_micros().to_string()) };
    tx.enqueue(&FadeScores {}, how).await.map(drop)
}
