//! What companies are worth: counted by the module of deals, kept here, so that lists sort and filter by it.
use crate::companies::model::{ClientValue, CompanyId};
use chrono::NaiveDate;
use kernel::{Result, Tx, db::Sql, sql};

/// Holds companies, deleted ones too, until the end of the transaction, in one order; gives those that are there. What belongs
/// to them may meanwhile be added.
pub async fn hold(tx: &mut Tx, ids: &[CompanyId]) -> Result<Vec<CompanyId>> {
    const HOLD: Sql = sql!("select c.id from companies c where c.id = any($1) order by c.id for no key update");
    tx.values(HOLD, &[&ids]).await
}

/// Writes what a held company is worth. Its version stays: nothing that anybody edits has changed.
pub async fn set(tx: &mut Tx, id: CompanyId, value: &ClientValue) -> Result<()> {
    const SET: Sql = sql!(
        "update companies set lifetime_value = $2, contract_value = $3, recurring_revenue = $4, value_currency = $5, value_missing = $6,
           value_next = $7 where id = $1"
    );
    let ClientValue { lifetime_value, contract_value, recurring_revenue, currency, missing, changes_on } = value;
    tx.exec_one(SET, &[&id, lifetime_value, contract_value, recurring_revenue, currency, missing, changes_on]).await
}

/// These are to be counted anew on a day.
pub async fn mark(tx: &mut Tx, ids: &[CompanyId], day: NaiveDate) -> Result<()> {
    const MARK: Sql = sql!("update companies set value_next = $2 where id = any($1)");
    hold(tx, ids).await?;
    tx.exec(MARK, &[&ids, &day]).await.map(drop)
}

/// Companies that are to be counted anew by a day, the longest overdue first.
pub async fn due(tx: &mut Tx, day: NaiveDate, limit: i64) -> Result<Vec<CompanyId>> {
    const DUE: Sql = sql!("select c.id from companies c where c.value_next <= $1 order by c.value_next, c.id limit $2");
    tx.values(DUE, &[&day, &limit]).await
}

/// The next day on which one is.
pub async fn next_day(tx: &mut Tx) -> Result<Option<NaiveDate>> {
    const NEXT: Sql = sql!("select min(c.value_next) from companies c where c.value_next is not null");
    tx.value(NEXT, &[]).await
}
