//! Counting companies anew. Whoever changes a won deal counts its company in the same transaction, with the company held, so
//! two deals that are won at once are both in the sum. Rates are shared meanwhile: whoever changes them waits, then marks whom
//! it concerns. Locks go deal, rates, companies by id.
use super::{db, jobs::RecountClients, model::value_of};
use crate::{
    exchange_rates::{moment, rates, today},
    exchange_settings,
};
use chrono::NaiveTime;
use companies::{CompanyId, values};
use kernel::{Result, Tx, events::Recorded, jobs::Enqueue};

/// Companies of one step of work.
pub(super) const STEP: i64 = 100;

/// Counts these companies anew.
pub(crate) async fn recount(tx: &mut Tx, companies: &[CompanyId]) -> Result<()> {
    if companies.is_empty() {
        return Ok(());
    }
    exchange_settings::share(tx).await?;
    let today = today(tx);
    for company in values::hold(tx, companies).await? {
        let items = db::won_items(tx, company).await?;
        let rates = rates(tx, items.iter().map(|item| item.currency.as_str())).await?;
        values::set(tx, company, &value_of(&items, &rates, today)).await?;
    }
    wake(tx).await
}

/// Somebody counts when the next company is due. The key is the moment, so a zone that changes is another job.
async fn wake(tx: &mut Tx) -> Result<()> {
    if let Some(day) = values::next_day(tx).await? {
        let at = moment(tx, day.and_time(NaiveTime::MIN)).max(tx.now());
        let key = if at == tx.now() { "now".to_owned() } else { at.to_rfc3339() };
        tx.enqueue(&RecountClients {}, Enqueue { run_at: Some(at), unique_key: Some(key) }).await?;
    }
    Ok(())
}

/// Rates of these currencies are others: who won deals in one of them is counted anew soon.
pub(crate) async fn rates_changed(tx: &mut Tx, currencies: &[String]) -> Result<()> {
    mark(tx, Some(currencies)).await
}

async fn mark(tx: &mut Tx, currencies: Option<&[String]>) -> Result<()> {
    let clients = db::clients(tx, currencies).await?;
    if clients.is_empty() {
        return Ok(());
    }
    let today = today(tx);
    values::mark(tx, &clients, today).await?;
    tx.enqueue(&RecountClients {}, Enqueue::default()).await.map(drop)
}

/// Deals came to a company, or went, because companies became one or apart: it is counted anew soon.
pub(crate) async fn deals_moved(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let company = CompanyId(event.subject_id);
    if !db::is_client(tx, company).await? {
        return Ok(());
    }
    let today = today(tx);
    values::mark(tx, &[company], today).await?;
    tx.enqueue(&RecountClients {}, Enqueue::default()).await.map(drop)
}

/// The account has another currency of its own, or another zone: everybody is counted anew soon.
pub(crate) async fn home_changed(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let fields = event.payload["fields"].as_array().cloned().unwrap_or_default();
    if !fields.iter().any(|field| field == "currency" || field == "zone") {
        return Ok(());
    }
    exchange_settings::lock(tx).await?;
    mark(tx, None).await?;
    exchange_settings::fetch_again(tx, event).await
}

/// Counts the next companies that are due; gives whether there may be more.
pub(super) async fn recount_due(tx: &mut Tx) -> Result<bool> {
    let today = today(tx);
    let due = values::due(tx, today, STEP).await?;
    if due.is_empty() {
        // Not with the key of this job, which still runs: another moment is due next.
        wake(tx).await?;
        return Ok(false);
    }
    recount(tx, &due).await?;
    Ok(true)
}
