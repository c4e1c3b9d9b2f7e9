//! Every statement on days off.
use super::model::{Holiday, HolidayId, NewHoliday};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    sql,
};

/// Every day off.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select h.id, h.day, h.name, h.is_yearly as yearly, h.created_at from holidays h",
    id: "h.id",
    always: "",
    fields: &[
        Field { name: "day", sql: "h.day", kind: FieldKind::Date, sort: Some("h.day") },
        Field { name: "yearly", sql: "h.is_yearly", kind: FieldKind::Bool, sort: None },
    ],
    default_sort: "day",
};

/// How many there are. Whoever adds one waits here for others.
pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    const LOCK: Sql = sql!("select w.version from working_time w where w.key = 1 for update");
    tx.value::<i64>(LOCK, &[]).await?;
    tx.value(sql!("select count(*) from holidays"), &[]).await
}

/// A new one; gives whether that day was not off yet.
pub(super) async fn insert(tx: &mut Tx, id: HolidayId, new: &NewHoliday) -> Result<bool> {
    const INSERT: Sql = sql!(
        "insert into holidays (id, day, name, is_yearly, created_at) values ($1, $2, $3, $4, $5)
         on conflict on constraint holidays_day_key do nothing"
    );
    let now = tx.now();
    Ok(tx.exec(INSERT, &[&id, &new.day, &new.name, &new.yearly, &now]).await? == 1)
}

/// The day off.
pub(super) async fn find(tx: &mut Tx, id: HolidayId) -> Result<Holiday> {
    const FIND: Sql =
        sql!("select h.id, h.day, h.name, h.is_yearly as yearly, h.created_at from holidays h where h.id = $1");
    tx.row(FIND, &[&id]).await
}

/// Removes it.
pub(super) async fn delete(tx: &mut Tx, id: HolidayId) -> Result<()> {
    tx.exec_one(sql!("delete from holidays where id = $1"), &[&id]).await
}
