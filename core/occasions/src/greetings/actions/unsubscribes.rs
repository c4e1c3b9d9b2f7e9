//! Opting out of greetings by the link in each of them.
use crate::greetings::db;
use chrono::{DateTime, TimeDelta, Utc};
use contacts::{Channel, ConsentState, ContactId, Evidence, NewConsent};
use kernel::{App, Result, Tx, ids::TenantId};
use serde::{Deserialize, Serialize};

/// Kind of the signed link.
const LINK: &str = "greeting-unsubscribe";
/// Somebody may look for the link in an old mail.
const LIFE: TimeDelta = TimeDelta::days(3 * 366);
/// What the ledger of consents calls being greeted.
const PURPOSE: &str = "greetings";

/// What a link says.
#[derive(Serialize, Deserialize)]
pub(in crate::greetings) struct Claims {
    pub tenant: TenantId,
    pub contact: ContactId,
}

/// The link by which a contact opts out.
pub(in crate::greetings) fn link(tx: &Tx, contact: ContactId) -> Result<String> {
    let claims = Claims { tenant: tx.tenant().id, contact };
    // The same all day, so that a mail that is tried again is the same mail.
    let day = DateTime::from_timestamp(tx.now().timestamp() / 86_400 * 86_400, 0).unwrap_or_else(|| tx.now());
    let token = tx.app().keys.sign(LINK, &claims, day, LIFE)?;
    Ok(format!("{}/v1/greeting-unsubscribes/{token}", tx.app().config.server.public_url))
}

/// What a link says, unless it is forged or too old.
pub(in crate::greetings) fn read(app: &App, token: &str, now: DateTime<Utc>) -> Option<Claims> {
    app.keys.verify(LINK, token, now)
}

/// Writes into the ledger that a contact wants no greetings, also when he was deleted since or became part of another one: whoever
/// is told that it was done is not greeted again. Whoever greets him at the same time waits for this, or this for him.
pub(in crate::greetings) async fn opt_out(tx: &mut Tx, contact: ContactId) -> Result<()> {
    let Some(contact) = db::lock_reader(tx, contact).await? else { return Ok(()) };
    if db::has_opted_out(tx, contact).await? {
        return Ok(());
    }
    let line = NewConsent {
        purpose: PURPOSE.into(),
        channel: Some(Channel::Email),
        state: ConsentState::Withdrawn,
        text: None,
        text_version: None,
        evidence: Evidence { note: Some("by the link in a greeting".into()), ..Evidence::default() },
    };
    contacts::add_consent(tx, contact, line).await.map(drop)
}
