//! Every statement on shifts of feasts.
use super::Shifts;
use kernel::{Result, Tx, db::Sql, row, sql};

row! {
    struct Shift { feast: String, year: i32, days: i16 }
}

/// Every shift.
pub(crate) async fn shifts(tx: &mut Tx) -> Result<Shifts> {
    const ALL: Sql = sql!("select feast, year, days from feast_shifts");
    let rows: Vec<Shift> = tx.rows(ALL, &[]).await?;
    Ok(rows.into_iter().map(|row| ((row.feast, row.year), i64::from(row.days))).collect())
}

/// Says how a feast is shifted in a year.
pub(super) async fn set(tx: &mut Tx, feast: &str, year: i32, days: i16) -> Result<()> {
    const SET: Sql = sql!(
        "insert into feast_shifts (feast, year, days, updated_at) values ($1, $2, $3, $4)
         on conflict on constraint feast_shifts_pkey do update set days = excluded.days, updated_at = excluded.updated_at"
    );
    let now = tx.now();
    tx.exec_one(SET, &[&feast, &year, &days, &now]).await
}

/// Takes a shift back.
pub(super) async fn clear(tx: &mut Tx, feast: &str, year: i32) -> Result<()> {
    const CLEAR: Sql = sql!("delete from feast_shifts where feast = $1 and year = $2");
    tx.exec(CLEAR, &[&feast, &year]).await.map(drop)
}
