//! Changing where rates come from, and taking over what came.
use super::{
    db,
    ecb::Sheet,
    jobs::FetchRates,
    model::{ExchangeSettings, ExchangeSettingsPatch, RateSource},
};
use crate::exchange_rates::{self, RateOrigin};
use contacts::Problems;
use kernel::{
    Result, Tx,
    events::{NewEvent, Recorded},
    http::check_if_match,
    jobs::Enqueue,
    outbound::Outbound,
};
use serde_json::json;

/// Changes the settings; a source is asked at once.
pub(super) async fn update(
    tx: &mut Tx,
    patch: ExchangeSettingsPatch,
    if_match: Option<&str>,
    outbound: &Outbound,
) -> Result<ExchangeSettings> {
    db::lock(tx).await?;
    let current = db::get(tx).await?;
    check_if_match(if_match, current.version)?;
    let mut next = current.clone();
    next.source = patch.source.unwrap_or(next.source);
    patch.url.update_to(&mut next.url);
    let mut wrong = Problems::default();
    next.url = wrong.text("/url", next.url, 500);
    if let Some(Err(why)) = next.url.as_deref().map(|url| outbound.check_url(url)) {
        wrong.add("/url", "url_invalid", why);
    }
    wrong.check()?;
    let changes = [("source", current.source != next.source), ("url", current.url != next.url)];
    let fields: Vec<&str> = changes.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect();
    if fields.is_empty() {
        return Ok(current);
    }
    db::update(tx, &next).await?;
    let tenant = tx.tenant().id;
    let event = NewEvent::new(
        "exchange_settings.updated",
        "exchange_settings",
        tenant.0,
        "Source of rates of exchange changed",
    );
    tx.record(event.payload(&json!({ "fields": fields }))).await?;
    if next.source != RateSource::Nowhere {
        tx.enqueue(&FetchRates {}, Enqueue::default()).await?;
    }
    db::get(tx).await
}

/// The account has another currency of its own: a source is asked for rates into it.
pub(crate) async fn fetch_again(tx: &mut Tx, _: &Recorded) -> Result<()> {
    if db::get(tx).await?.source != RateSource::Nowhere {
        tx.enqueue(&FetchRates {}, Enqueue::default()).await?;
    }
    Ok(())
}

/// Takes over what a source gave, unless it was left meanwhile.
pub(super) async fn take(tx: &mut Tx, sheet: &Sheet) -> Result<()> {
    db::lock(tx).await?;
    if db::get(tx).await?.source != RateSource::Ecb {
        return Ok(());
    }
    let home = tx.tenant().currency.clone();
    let Some(drafts) = sheet.rates_into(&home) else { return db::failed(tx, "home_not_listed").await };
    exchange_rates::put(tx, &home, &drafts, RateOrigin::Ecb).await?;
    db::fetched(tx, sheet.day).await
}
