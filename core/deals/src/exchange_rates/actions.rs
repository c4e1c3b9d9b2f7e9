//! What can be done with rates. Whoever changes one holds the settings alone, so that nobody counts by rates that are just
//! becoming others: see `client_values`.
use super::{
    db, file,
    model::{
        ExchangeRate, ExchangeRateId, ExchangeRatePatch, NewExchangeRate, NewRateImport, RateDraft, RateImport,
        RateOrigin,
    },
};
use crate::{client_values, exchange_settings};
use contacts::Problems;
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match};
use serde_json::json;

/// Writes a rate down.
pub(super) async fn create(tx: &mut Tx, new: NewExchangeRate) -> Result<ExchangeRate> {
    let home = tx.tenant().currency.clone();
    let draft = checked(&new, &home)?;
    exchange_settings::lock(tx).await?;
    let id = ExchangeRateId::new(tx.now());
    db::insert(tx, id, &home, &draft).await?;
    tell(tx, id, "exchange_rate.created", "Rate of exchange added", &draft.currency).await?;
    db::find(tx, id).await
}

/// Changes what a unit is worth.
pub(super) async fn update(
    tx: &mut Tx,
    id: ExchangeRateId,
    patch: ExchangeRatePatch,
    if_match: Option<&str>,
) -> Result<ExchangeRate> {
    exchange_settings::lock(tx).await?;
    let known = db::find(tx, id).await?;
    check_if_match(if_match, known.version)?;
    let new = NewExchangeRate { currency: known.currency.clone(), rate: patch.rate, valid_from: known.valid_from };
    let draft = checked(&new, &known.home)?;
    if draft.rate.to_string() != known.rate {
        db::update(tx, id, &known.home, &draft).await?;
        tell(tx, id, "exchange_rate.updated", "Rate of exchange changed", &draft.currency).await?;
    }
    db::find(tx, id).await
}

/// Removes a rate; the one before it counts again.
pub(super) async fn delete(tx: &mut Tx, id: ExchangeRateId, if_match: Option<&str>) -> Result<()> {
    exchange_settings::lock(tx).await?;
    let known = db::find(tx, id).await?;
    check_if_match(if_match, known.version)?;
    db::delete(tx, id).await?;
    tell(tx, id, "exchange_rate.deleted", "Rate of exchange removed", &known.currency).await
}

/// Takes the rates of a file: its good rows, whatever the others are.
pub(super) async fn import(tx: &mut Tx, new: &NewRateImport) -> Result<RateImport> {
    let home = tx.tenant().currency.clone();
    let (drafts, refused) = file::rates(&new.text, &home)?;
    exchange_settings::lock(tx).await?;
    let mut result = put(tx, &home, &drafts, RateOrigin::Import).await?;
    result.refused = refused;
    Ok(result)
}

/// Writes rates of a file or of a source; the settings are locked.
pub(crate) async fn put(tx: &mut Tx, home: &str, drafts: &[RateDraft], origin: RateOrigin) -> Result<RateImport> {
    let put = db::put(tx, home, drafts, origin).await?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let added = put.iter().filter(|added| **added).count();
    let result = RateImport {
        added: count(added),
        changed: count(put.len() - added),
        unchanged: count(drafts.len() - put.len()),
        refused: vec![],
    };
    if !put.is_empty() {
        let tenant = tx.tenant().id;
        let event = NewEvent::new("exchange_rate.imported", "exchange_rates", tenant.0, "Rates of exchange taken over");
        let payload = json!({ "origin": origin.as_str(), "added": result.added, "changed": result.changed });
        tx.record(event.payload(&payload)).await?;
        let mut currencies: Vec<String> = drafts.iter().map(|draft| draft.currency.clone()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        client_values::rates_changed(tx, &currencies).await?;
    }
    Ok(result)
}

fn checked(new: &NewExchangeRate, home: &str) -> Result<RateDraft> {
    let mut wrong = Problems::default();
    let draft = RateDraft::checked(new, home, &mut wrong);
    wrong.check()?;
    draft.ok_or_else(|| Error::internal("a rate without a problem is none"))
}

async fn tell(tx: &mut Tx, id: ExchangeRateId, kind: &'static str, title: &str, currency: &str) -> Result<()> {
    tx.record(NewEvent::new(kind, "exchange_rates", id.0, title).payload(&json!({ "currency": currency }))).await?;
    client_values::rates_changed(tx, &[currency.to_owned()]).await
}
