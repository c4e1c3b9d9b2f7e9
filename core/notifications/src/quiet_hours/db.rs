//! Statements on quiet hours.
use super::model::{NewQuietHours, QuietHoursRow, Spans};
use kernel::{Result, Tx, sql};
use uuid::Uuid;

/// Those of some people, which nobody changes before this transaction ends: what is decided by them now is done by then.
pub(super) async fn of_users(tx: &mut Tx, users: &[Uuid]) -> Result<Vec<QuietHoursRow>> {
    tx.rows(sql!("select user_id, zone, spans from quiet_hours where user_id = any ($1) for share"), &[&users]).await
}

/// Those of a person, if he has some.
pub(super) async fn find(tx: &mut Tx, user: Uuid) -> Result<Option<QuietHoursRow>> {
    tx.opt(sql!("select user_id, zone, spans from quiet_hours where user_id = $1"), &[&user]).await
}

/// Gives a person others.
pub(super) async fn put(tx: &mut Tx, user: Uuid, new: NewQuietHours) -> Result<QuietHoursRow> {
    let now = tx.now();
    tx.row(
        sql!(
            "insert into quiet_hours (user_id, zone, spans, updated_at) values ($1, $2, $3, $4)
             on conflict on constraint quiet_hours_pkey do update set zone = $2, spans = $3, updated_at = $4
             returning user_id, zone, spans"
        ),
        &[&user, &new.zone, &Spans(new.spans), &now],
    )
    .await
}
