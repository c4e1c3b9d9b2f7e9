//! What can be done with days off.
use super::{
    db,
    model::{Holiday, HolidayId, NewHoliday},
};
use kernel::{Error, Result, Tx, events::NewEvent};

/// Most days off of a tenant.
const MOST: i64 = 500;

/// Adds a day off.
pub(super) async fn create(tx: &mut Tx, new: NewHoliday) -> Result<Holiday> {
    let new = new.checked()?;
    if db::count(tx).await? >= MOST {
        return Err(Error::conflict("holidays_full", "There are as many days off as there may be."));
    }
    let id = HolidayId::new(tx.now());
    if !db::insert(tx, id, &new).await? {
        return Err(Error::conflict("holiday_known", "That day is off already."));
    }
    tx.record(NewEvent::new("holiday.created", "holidays", id.0, "Day off added")).await?;
    db::find(tx, id).await
}

/// Takes a day off away.
pub(super) async fn delete(tx: &mut Tx, id: HolidayId) -> Result<()> {
    db::delete(tx, id).await?;
    tx.record(NewEvent::new("holiday.deleted", "holidays", id.0, "Day off removed")).await?;
    Ok(())
}
