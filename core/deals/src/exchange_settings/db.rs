//! Every statement on the settings of rates.
use super::model::ExchangeSettings;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Result, Tx, db::Sql, sql};

/// The settings.
pub(super) async fn get(tx: &mut Tx) -> Result<ExchangeSettings> {
    const GET: Sql = sql!(
        "select source, url, fetched_at, fetched_for, problem, updated_at, version from exchange_settings where id = 1"
    );
    tx.row(GET, &[]).await
}

/// Since when rates and probabilities are kept as they were; nothing when they are from the beginning.
pub(crate) async fn kept_since(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    const SINCE: Sql = sql!("select kept_since from exchange_settings where id = 1");
    tx.value(SINCE, &[]).await
}

/// Holds the settings alone until the end of the transaction: for whoever changes rates. Waits for whoever counts by them.
pub(crate) async fn lock(tx: &mut Tx) -> Result<()> {
    const LOCK: Sql = sql!("select version from exchange_settings where id = 1 for update");
    tx.value::<i64>(LOCK, &[]).await.map(drop)
}

/// Holds the settings together with others until the end of the transaction: for whoever counts by rates and keeps the sum.
pub(crate) async fn share(tx: &mut Tx) -> Result<()> {
    const SHARE: Sql = sql!("select version from exchange_settings where id = 1 for share");
    tx.value::<i64>(SHARE, &[]).await.map(drop)
}

/// Writes locked settings.
pub(super) async fn update(tx: &mut Tx, next: &ExchangeSettings) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update exchange_settings set source = $1, url = $2, problem = null, updated_at = $3, version = version + 1 where id = 1"
    );
    let now = tx.now();
    tx.exec_one(UPDATE, &[&next.source.as_str(), &next.url, &now]).await
}

/// Rates of a day came.
pub(super) async fn fetched(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    const FETCHED: Sql =
        sql!("update exchange_settings set fetched_at = $1, fetched_for = $2, problem = null where id = 1");
    let now = tx.now();
    tx.exec_one(FETCHED, &[&now, &day]).await
}

/// They did not come.
pub(super) async fn failed(tx: &mut Tx, problem: &str) -> Result<()> {
    const FAILED: Sql = sql!("update exchange_settings set problem = $1 where id = 1");
    tx.exec_one(FAILED, &[&problem]).await
}
