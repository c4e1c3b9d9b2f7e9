//! Every statement on do-not-contact.
use super::model::{BlockedChannel, Direction, DoNotContact};
use crate::contacts::ContactId;
use chrono::{DateTime, Utc};
use kernel::{Result, Tx, auth::ActorKind, db::Sql, row, sql};
use serde_json::Value;
use uuid::Uuid;

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

/// Puts outbound blocks of a channel where there are none; gives the contacts that had none.
pub async fn add_many(tx: &mut Tx, contacts: &[ContactId], channel: BlockedChannel) -> Result<Vec<ContactId>> {
    const ADD: Sql = sql!(
        "insert into do_not_contact (contact_id, channel, direction, reason, actor_kind, actor_id, created_at)
         select n.id, $2, 'outbound', null, $3, $4, $5 from unnest($1::uuid[]) as n(id) order by n.id
         on conflict on constraint do_not_contact_pkey do nothing returning contact_id"
    );
    let context = tx.context().clone();
    let actor = context.actor;
    tx.values(ADD, &[&contacts, &channel.as_str(), &actor.kind.as_str(), &actor.id, &context.now]).await
}

row! {
    /// A block that was taken away.
    pub struct Taken {
        pub contact: ContactId,
        pub block: Value,
    }
}

/// Takes outbound blocks of a channel away; gives each as it was.
pub async fn take_many(tx: &mut Tx, contacts: &[ContactId], channel: BlockedChannel) -> Result<Vec<Taken>> {
    const TAKE: Sql = sql!(
        "delete from do_not_contact d where d.contact_id = any($1) and d.channel = $2 and d.direction = 'outbound'
         returning d.contact_id as contact, to_jsonb(d) as block"
    );
    tx.rows(TAKE, &[&contacts, &channel.as_str()]).await
}

/// Puts blocks back as they were; gives the contacts that had none meanwhile.
pub async fn put_back(tx: &mut Tx, blocks: &[&Value]) -> Result<Vec<ContactId>> {
    const PUT: Sql = sql!(
        "insert into do_not_contact (contact_id, channel, direction, reason, actor_kind, actor_id, created_at)
         select n.contact_id, n.channel, n.direction, n.reason, n.actor_kind, n.actor_id, n.created_at
         from unnest($1::jsonb[]) as b(block), jsonb_populate_record(null::do_not_contact, b.block) n order by n.contact_id
         on conflict on constraint do_not_contact_pkey do nothing returning contact_id"
    );
    tx.values(PUT, &[&blocks]).await
}

/// Those of the contacts that have an outbound block of a channel.
pub async fn blocked(tx: &mut Tx, contacts: &[ContactId], channel: BlockedChannel) -> Result<Vec<ContactId>> {
    const BLOCKED: Sql = sql!(
        "select contact_id from do_not_contact where contact_id = any($1) and channel = $2 and direction = 'outbound'"
    );
    tx.values(BLOCKED, &[&contacts, &channel.as_str()]).await
}

/// Those of the contacts whose outbound block of a channel was put at a moment, or at any when there is none, and not once more since.
pub async fn untouched(
    tx: &mut Tx,
    contacts: &[ContactId],
    since: &[Option<DateTime<Utc>>],
    channel: BlockedChannel,
) -> Result<Vec<ContactId>> {
    const UNTOUCHED: Sql = sql!(
        "select d.contact_id from unnest($1::uuid[], $2::timestamptz[]) as n(id, since)
           join do_not_contact d on d.contact_id = n.id and d.channel = $3 and d.direction = 'outbound'
         where d.created_at = coalesce(n.since, d.created_at) and d.reason is null and not exists (
           select from events e where e.contact_id = d.contact_id and e.kind = 'contact.blocked' and e.occurred_at > d.created_at
             and e.payload ->> 'channel' = d.channel and e.payload ->> 'direction' = d.direction)"
    );
    tx.values(UNTOUCHED, &[&contacts, &since, &channel.as_str()]).await
}

row! {
    /// A block that an import brings.
    pub struct Brought {
        pub contact: Uuid,
        pub channel: String,
        pub direction: String,
    }
}

fn parts(blocks: &[Brought]) -> (Vec<Uuid>, Vec<&str>, Vec<&str>) {
    let mut parts = (vec![], vec![], vec![]);
    for block in blocks {
        parts.0.push(block.contact);
        parts.1.push(block.channel.as_str());
        parts.2.push(block.direction.as_str());
    }
    parts
}

/// Puts blocks where there are none, in the name of whoever brings them; gives those that are new.
pub async fn bring(tx: &mut Tx, blocks: &[Brought], by: Option<Uuid>) -> Result<Vec<Brought>> {
    const BRING: Sql = sql!(
        "insert into do_not_contact (contact_id, channel, direction, reason, actor_kind, actor_id, created_at)
         select n.id, n.channel, n.direction, null, $4, $5, $6 from unnest($1::uuid[], $2::text[], $3::text[]) as n(id, channel, direction)
         order by 1, 2, 3
         on conflict on constraint do_not_contact_pkey do nothing returning contact_id as contact, channel, direction"
    );
    let (now, (contacts, channels, directions)) = (tx.now(), parts(blocks));
    let kind = if by.is_some() { ActorKind::User } else { ActorKind::System };
    tx.rows(BRING, &[&contacts, &channels, &directions, &kind.as_str(), &by, &now]).await
}

/// Those of these blocks that are not there.
pub async fn not_yet(tx: &mut Tx, blocks: &[Brought]) -> Result<Vec<Brought>> {
    const NOT_YET: Sql = sql!(
        "select n.id as contact, n.channel, n.direction from unnest($1::uuid[], $2::text[], $3::text[]) as n(id, channel, direction)
         where not exists (select from do_not_contact d where d.contact_id = n.id and d.channel = n.channel and d.direction = n.direction)"
    );
    let (contacts, channels, directions) = parts(blocks);
    tx.rows(NOT_YET, &[&contacts, &channels, &directions]).await
}

/// Takes blocks away that are as an import put them, and that nobody put once more; gives contacts with one that is not.
pub async fn take_back(tx: &mut Tx, contacts: &[Uuid], blocks: &[&Value]) -> Result<Vec<Uuid>> {
    const TAKE: Sql = sql!(
        "with said as (
           select n.id, b.channel, b.direction, b.at from unnest($1::uuid[], $2::jsonb[]) as n(id, blocks)
             cross join jsonb_to_recordset(n.blocks) as b(channel text, direction text, at timestamptz)),
         gone as (
           delete from do_not_contact d using said s where d.contact_id = s.id and d.channel = s.channel and d.direction = s.direction
             and d.created_at = s.at and d.reason is null and not exists (
               select from events e where e.contact_id = d.contact_id and e.kind = 'contact.blocked' and e.occurred_at >= s.at)
           returning d.contact_id, d.channel, d.direction)
         select distinct s.id from said s join do_not_contact d on d.contact_id = s.id and d.channel = s.channel and d.direction = s.direction
         where not exists (select from gone g where g.contact_id = d.contact_id and g.channel = d.channel and g.direction = d.direction)"
    );
    tx.values(TAKE, &[&contacts, &blocks]).await
}
