//! Deciding whether what waits goes out.
use super::{
    db,
    model::{BatchState, GreetingBatch, GreetingBatchId},
};
use crate::{
    GREETING_WAITING,
    greetings::{self, Approval, Greeting, GreetingId},
    occasion_settings,
};
use chrono::{Days, NaiveDate};
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match};
use notifications::notifications::{Notice, notify};
use serde_json::json;
use std::collections::HashSet;

/// How many days ahead something waits for approval.
const AHEAD: usize = 3;

/// Sees to it that there is a batch for each greeting and day on which somebody is greeted, today and soon; what nobody
/// decided about in time expires. Gives what goes out today, wherever it is today.
pub(crate) async fn prepare(tx: &mut Tx) -> Result<Vec<(GreetingId, NaiveDate)>> {
    let days = greetings::days_of(tx.now());
    let first = days[0];
    for id in db::expire(tx, first).await? {
        record(tx, id, "greeting_batch.expired", "Greetings of a day expired").await?;
    }
    let all = greetings::all_enabled(tx).await?;
    if all.is_empty() {
        return Ok(vec![]);
    }
    let settings = occasion_settings::get(tx).await?;
    let soon: Vec<NaiveDate> = first.iter_days().take(AHEAD + 2).collect();
    let known: HashSet<_> = db::known(tx, &soon).await?.into_iter().map(|batch| (batch.greeting, batch.day)).collect();
    for on in soon {
        let day = greetings::day(tx, on, &settings).await?;
        let wanted = all.iter().filter(|greeting| day.concerns(greeting) && !known.contains(&(greeting.id, on)));
        for greeting in wanted {
            if greetings::has_candidates(tx, greeting, &day).await? {
                ensure(tx, greeting, on).await?;
            }
        }
    }
    for greeting in all.iter().filter(|greeting| greeting.approval == Approval::Automatic) {
        db::release(tx, greeting.id).await?;
    }
    Ok(db::ready(tx, &days).await?.into_iter().map(|ready| (ready.greeting, ready.day)).collect())
}

/// Makes the batch of a day, unless there is one, and tells whoever made the greeting when it waits.
async fn ensure(tx: &mut Tx, greeting: &Greeting, on: NaiveDate) -> Result<()> {
    let state = greetings::first_state(greeting);
    let Some(id) = db::insert(tx, greeting.id, on, state, greeting.version).await? else { return Ok(()) };
    record(tx, id, "greeting_batch.created", "Greetings of a day prepared").await?;
    if let (Approval::Each, Some(owner)) = (greeting.approval, greeting.owner) {
        let params = json!({ "greeting": greeting.name, "on": on });
        let mut notice = Notice::new(&GREETING_WAITING, params, vec![owner.0]).gather();
        notice.dedupe_key = Some(format!("greeting.waiting/{id}"));
        notify(tx, &notice.link("/occasions/greetings?view=approvals")).await?;
    }
    Ok(())
}

/// Decides about a batch. The day must not be over.
pub(super) async fn decide(
    tx: &mut Tx,
    id: GreetingBatchId,
    state: BatchState,
    if_match: Option<&str>,
) -> Result<GreetingBatch> {
    let seen = db::find(tx, id).await?;
    // The greeting first, as everybody else does: what is approved is what it says now.
    let greeting = greetings::find_for_share(tx, seen.greeting).await?;
    let batch = db::lock(tx, id).await?;
    check_if_match(if_match, batch.version)?;
    let is_over = batch.day < tx.now().date_naive() - Days::new(1);
    if is_over || batch.state == BatchState::Expired {
        return Err(Error::conflict("batch_over", "The day is over."));
    }
    if batch.state == state {
        return Ok(batch);
    }
    db::decide(tx, id, state, greeting.version).await?;
    let (kind, title) = match state {
        BatchState::Approved => ("greeting_batch.approved", "Greetings of a day approved"),
        _ => ("greeting_batch.rejected", "Greetings of a day rejected"),
    };
    greetings::look_now(tx).await?;
    record(tx, id, kind, title).await?;
    db::find(tx, id).await
}

async fn record(tx: &mut Tx, id: GreetingBatchId, kind: &'static str, title: &str) -> Result<()> {
    tx.record(NewEvent::new(kind, "greeting_batches", id.0, title).payload(&json!({}))).await?;
    Ok(())
}
