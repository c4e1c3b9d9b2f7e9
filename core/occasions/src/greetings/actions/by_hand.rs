//! What members did by hand, so that no mail goes out for it.
use super::sending;
use crate::{
    greetings::{
        db,
        decide::decide,
        model::{GreetingSend, NewGreetingSend, SendId},
    },
    occasion_settings,
};
use chrono::Days;
use contacts::Owners;
use kernel::{Error, Result, Tx, events::NewEvent};
use serde_json::json;

/// Writes down that a contact in reach was greeted by hand. It is a line like that of a mail, so a unique index says that of both
/// there is one, whoever comes first.
pub(in crate::greetings) async fn mark(tx: &mut Tx, new: NewGreetingSend, owners: &Owners) -> Result<GreetingSend> {
    let today = tx.now().date_naive();
    if new.day < today - Days::new(1) || new.day > today + Days::new(400) {
        return Err(Error::invalid("/day", "out_of_range", "From yesterday to 400 days ahead."));
    }
    // As whoever sends does: the greeting first, then the contact.
    let unknown = |field| {
        move |error: Error| {
            if error.is_not_found() { Error::invalid(field, "unknown", "There is none.") } else { error }
        }
    };
    let greeting = db::find_for_share(tx, new.greeting).await.map_err(unknown("/greeting"))?;
    contacts::require(tx, new.contact, owners).await.map_err(unknown("/contact"))?;
    let locked = db::lock_contacts(tx, &[new.contact]).await?;
    let facts = db::facts(tx, &locked).await?;
    let settings = occasion_settings::get(tx).await?;
    let day = sending::day(tx, new.day, &settings).await?;
    // Whoever may not be written to may still be rung up, so only what is celebrated counts.
    let only = std::slice::from_ref(&greeting);
    let Some(verdict) = facts.iter().find_map(|facts| decide(&day, facts, only).swap_remove(0)) else {
        return Err(Error::invalid(
            "/day",
            "nothing_on_day",
            "This greeting has nothing to congratulate him on that day.",
        ));
    };
    let occurrence = &verdict.cause.occurrence;
    let claim = db::Claim { greeting: greeting.id, contact: new.contact, day: new.day, occurrence, reason: None };
    let Some(id) = db::mark(tx, &claim, day.one_a_day).await? else {
        return Err(Error::conflict("greeting_sent", "It went out already."));
    };
    let event = NewEvent::new("greeting.marked", "greetings", greeting.id.0, "Greeted by hand").contact(new.contact.0);
    tx.record(event.payload(&json!({ "day": new.day }))).await?;
    db::find_send(tx, id, owners).await
}

/// Takes that back; while the day lasts a mail goes out after all.
pub(in crate::greetings) async fn unmark(tx: &mut Tx, id: SendId, owners: &Owners) -> Result<()> {
    let send = db::find_send(tx, id, owners).await?;
    if !db::unmark(tx, id).await? {
        return Err(Error::conflict("not_by_hand", "A mail went out, or nothing did."));
    }
    let event = NewEvent::new("greeting.unmarked", "greetings", send.greeting.0, "Not greeted by hand after all");
    tx.record(event.contact(send.contact.0).payload(&json!({ "day": send.day }))).await.map(drop)
}
