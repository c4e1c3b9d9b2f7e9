//! Telling a deal's owner of its next step, on its day at nine in the morning of the account. The job holds the deal and tells
//! only while the step is for that day and the deal is open: so a step that moved and a deal that ended are not told, and a day
//! is told once.
use super::super::{
    db::{self, extra},
    jobs::RemindStep,
    model::{Deal, DealId, DealStatus},
};
use crate::{DEAL_STEP_DUE, exchange_rates::moment};
use chrono::{NaiveDate, NaiveTime};
use kernel::{Result, Tx, events::NewEvent, jobs::Enqueue};
use notifications::notifications::{Notice, notify};
use serde_json::json;

/// On the clock of the account.
const NINE: Option<NaiveTime> = NaiveTime::from_hms_opt(9, 0, 0);

/// Somebody will look at a deal on the day of its next step; of a day whose morning is over nobody is told.
pub(crate) async fn remind(tx: &mut Tx, deal: &Deal) -> Result<()> {
    let Some((day, nine)) = deal.next_step_on.zip(NINE) else { return Ok(()) };
    let at = moment(tx, day.and_time(nine));
    if deal.status != DealStatus::Open || at <= tx.now() {
        return Ok(());
    }
    let how = Enqueue { run_at: Some(at), unique_key: Some(format!("{}/{}", deal.id, at.to_rfc3339())) };
    tx.enqueue(&RemindStep { deal: deal.id, on: day }, how).await.map(drop)
}

/// Tells the owner of a step, if it still is one. In a zone that lies further west by now it waits for nine there.
pub(in crate::deals) async fn tell(tx: &mut Tx, id: DealId, on: NaiveDate) -> Result<()> {
    let Some(told_on) = extra::step_for_update(tx, id).await? else { return Ok(()) };
    let deal = db::find(tx, id, &None).await?;
    let due = deal.status == DealStatus::Open && deal.next_step_on == Some(on) && told_on != Some(on);
    let Some(owner) = deal.owner.filter(|_| due) else { return Ok(()) };
    if NINE.is_some_and(|nine| moment(tx, on.and_time(nine)) > tx.now()) {
        return remind(tx, &deal).await;
    }
    extra::step_told(tx, id, on).await?;
    let contact = deal.contacts.first().map(|contact| contact.contact.0);
    let event = NewEvent::new("deal.step_due", "deals", id.0, "Next step of a deal is due").contact(contact);
    let event = tx.record(event.payload(&json!({ "on": on }))).await?;
    // Titles of deals are people's words: the notice leads to it, and an erasure has nothing to look for.
    let mut notice = Notice::new(&DEAL_STEP_DUE, json!({}), vec![owner.0]).link(format!("/deals/{id}"));
    (notice.event_id, notice.contact_id) = (Some(event), contact);
    notice.dedupe_key = Some(format!("deal.step_due/{id}/{on}"));
    notify(tx, &notice).await.map(drop)
}
