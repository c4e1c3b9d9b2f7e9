//! Every statement on do-not-contact.
use super::model::{BlockedChannel, Direction, DoNotContact};
use crate::contacts::ContactId;
use kernel::{Result, Tx, db::Sql, sql};

/// Every block of a contact.
pub async fn list(tx: &mut Tx, contact: ContactId) -> Result<Vec<DoNotContact>> {
    const LIST: Sql = sql!(
        "select channel, direction, reason, actor_kind, created_at from do_not_contact where contact_id = $1 order by channel, direction"
    );
    tx.rows(LIST, &[&contact]).await
}

/// Puts a block; a block that is there keeps its time and gets the new reason.
pub async fn upsert(
    tx: &mut Tx,
    contact: ContactId,
    channel: BlockedChannel,
    direction: Direction,
    reason: Option<&str>,
) -> Result<()> {
    const UPSERT: Sql = sql!(
        "insert into do_not_contact (contact_id, channel, direction, reason, actor_kind, actor_id, created_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint do_not_contact_pkey do update set reason = excluded.reason, actor_kind = excluded.actor_kind, actor_id = excluded.actor_id"
    );
    let context = tx.context().clone();
    let actor = context.actor;
    tx.exec_one(
        UPSERT,
        &[&contact, &channel.as_str(), &direction.as_str(), &reason, &actor.kind.as_str(), &actor.id, &context.now],
    )
    .await
}

/// Takes a block away; gives whether there was one.
pub async fn delete(tx: &mut Tx, contact: ContactId, channel: BlockedChannel, direction: Direction) -> Result<bool> {
    const DELETE: Sql = sql!("delete from do_not_contact where contact_id = $1 and channel = $2 and direction = $3");
    Ok(tx.exec(DELETE, &[&contact, &channel.as_str(), &direction.as_str()]).await? == 1)
}

/// Whether a block stands in the way: one of the channel or of all channels.
pub async fn exists(tx: &mut Tx, contact: ContactId, channel: BlockedChannel, direction: Direction) -> Result<bool> {
    const EXISTS: Sql = sql!(
        "select exists (select from do_not_contact where contact_id = $1 and channel in ($2, 'all') and direction = $3)"
    );
    tx.value(EXISTS, &[&contact, &channel.as_str(), &direction.as_str()]).await
}
