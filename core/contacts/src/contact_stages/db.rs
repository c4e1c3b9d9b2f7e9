//! Every statement on contact stages.
use super::api::ContactStage;
use kernel::{Error, Result, Tx, db::Sql, sql};

/// Every stage, in order.
pub async fn list(tx: &mut Tx) -> Result<Vec<ContactStage>> {
    const LIST: Sql = sql!("select key, label, position, outcome from contact_stages order by position, key");
    tx.rows(LIST, &[]).await
}

/// Whether there is a stage of this key.
pub async fn exists(tx: &mut Tx, key: &str) -> Result<bool> {
    const EXISTS: Sql = sql!("select exists (select from contact_stages where key = $1)");
    tx.value(EXISTS, &[&key]).await
}

/// Refuses a stage that does not exist.
pub async fn require(tx: &mut Tx, key: &str) -> Result<()> {
    if exists(tx, key).await? {
        Ok(())
    } else {
        Err(Error::invalid("/stage", "stage_unknown", "There is no such stage; see /v1/contact-stages."))
    }
}
