//! Every statement on the settings.
use super::model::OccasionSettings;
use chrono::NaiveDate;
use kernel::{Result, Tx, db::Sql, sql};

/// The settings.
pub(crate) async fn get(tx: &mut Tx) -> Result<OccasionSettings> {
    const GET: Sql = sql!(
        "select leap_policy, packs, hijri_shift, notices, one_a_day, noticed_on, updated_at, version from occasion_settings where id = 1"
    );
    tx.row(GET, &[]).await
}

/// The settings, locked until the end of the transaction.
pub(crate) async fn lock(tx: &mut Tx) -> Result<OccasionSettings> {
    const LOCK: Sql = sql!("select version from occasion_settings where id = 1 for update");
    tx.value::<i64>(LOCK, &[]).await?;
    get(tx).await
}

/// Writes locked settings.
pub(super) async fn update(tx: &mut Tx, next: &OccasionSettings) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update occasion_settings set leap_policy = $1, packs = $2, hijri_shift = $3, notices = $4, one_a_day = $5, updated_at = $6,
           version = version + 1 where id = 1"
    );
    let now = tx.now();
    tx.exec_one(
        UPDATE,
        &[&next.leap_policy.as_str(), &next.packs, &next.hijri_shift, &next.notices, &next.one_a_day, &now],
    )
    .await
}

/// Owners have been told of this day.
pub(crate) async fn set_noticed(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    const SET: Sql = sql!("update occasion_settings set noticed_on = $1 where id = 1");
    tx.exec_one(SET, &[&day]).await
}
