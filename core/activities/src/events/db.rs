//! The statements behind the event log.
use super::model::{Event, Events};
use kernel::{Result, Tx, db::Sql, events::Recorded, sql};

/// Events after a place in the log, of these kinds or of all.
pub async fn list(tx: &mut Tx, after: i64, kinds: &[String], limit: u32) -> Result<Events> {
    const HEAD: Sql = sql!("select coalesce(max(seq), 0) from event_log");
    const LIST: Sql = sql!(
        "select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at
         from event_log l join events e on e.id = l.event_id
         where l.seq > $1 and l.seq <= $2 and (cardinality($3::text[]) = 0 or e.kind = any($3)) order by l.seq limit $4"
    );
    // The end is read first: with a filter, a stretch without a hit is behind the reader and need not be read again.
    let head: i64 = tx.value(HEAD, &[]).await?;
    let found: Vec<Recorded> = tx.rows(LIST, &[&after, &head, &kinds, &i64::from(limit)]).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map_or(head.max(after), |event| event.seq);
    Ok(Events { items: found.into_iter().map(Event::from).collect(), next })
}
