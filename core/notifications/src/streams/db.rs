//! Statements on the account's log.
use super::model::LiveEvent;
use kernel::{Result, Tx, sql};

/// The newest event's place.
pub(crate) async fn last(tx: &mut Tx) -> Result<i64> {
    tx.value(sql!("select coalesce(max(seq), 0)::bigint from event_log"), &[]).await
}

/// Events after a place, in order.
pub(crate) async fn after(tx: &mut Tx, seq: i64) -> Result<Vec<LiveEvent>> {
    tx.rows(
        sql!(
            "select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.occurred_at
             from event_log l join events e on e.id = l.event_id where l.seq > $1 order by l.seq limit 200"
        ),
        &[&seq],
    )
    .await
}
