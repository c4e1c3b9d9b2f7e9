//! Statements on `deliveries`.
use super::model::{Delivery, DeliveryBody, DeliveryId};
use crate::webhooks::model::WebhookId;
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    ids::EventId,
    sql,
};
use serde_json::Value;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select d.id, d.webhook_id as webhook, d.event_id as event, d.replay, d.kind, d.ordering_key, d.state, d.attempts, d.next_at, d.status, d.error, d.response_excerpt, d.duration_ms, d.last_attempt_at, d.created_at, d.finished_at from deliveries d",
    id: "d.id",
    always: "",
    fields: &[
        Field { name: "created_at", sql: "d.created_at", kind: FieldKind::Time, sort: Some("d.created_at") },
        Field { name: "webhook", sql: "d.webhook_id", kind: FieldKind::Id("whk"), sort: None },
        Field { name: "event", sql: "d.event_id", kind: FieldKind::Id("evt"), sort: None },
        Field { name: "kind", sql: "d.kind", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "d.state", kind: FieldKind::Text, sort: None },
        Field { name: "status", sql: "d.status::bigint", kind: FieldKind::Int, sort: None },
    ],
    default_sort: "-created_at",
};

pub(crate) async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Page<Delivery>> {
    tx.list(&LIST, query, &[]).await
}

pub(crate) async fn get(tx: &mut Tx, id: DeliveryId) -> Result<Delivery> {
    const GET: Sql = sql!(
        "select id, webhook_id as webhook, event_id as event, replay, kind, ordering_key, state, attempts, next_at, status, error, response_excerpt, duration_ms, last_attempt_at, created_at, finished_at
         from deliveries where id = $1"
    );
    tx.row(GET, &[&id]).await
}

pub(crate) async fn body(tx: &mut Tx, id: DeliveryId) -> Result<DeliveryBody> {
    const BODY: Sql = sql!("select id, payload from deliveries where id = $1");
    tx.row(BODY, &[&id]).await
}

/// What an event says to webhooks.
pub(crate) struct NewDelivery<'a> {
    pub event: EventId,
    pub kind: &'a str,
    pub ordering_key: &'a str,
    pub contact: Option<Uuid>,
    pub payload: &'a Value,
}

/// Adds a delivery for each webhook; what is there already stays. Gives the new ones.
pub(crate) async fn insert(tx: &mut Tx, new: &NewDelivery<'_>, ids: &[Uuid], webhooks: &[Uuid]) -> Result<Vec<Uuid>> {
    const INSERT: Sql = sql!(
        "insert into deliveries (id, webhook_id, event_id, kind, ordering_key, contact_id, payload, next_at, created_at)
         select t.id, t.webhook, $3, $4, $5, (select c.id from contacts c where c.id = $6), $7, $8, $8
         from unnest($1::uuid[], $2::uuid[]) as t(id, webhook)
         on conflict (webhook_id, event_id, replay) do nothing returning id"
    );
    let now = tx.now();
    tx.values(INSERT, &[&ids, &webhooks, &new.event, &new.kind, &new.ordering_key, &new.contact, &new.payload, &now])
        .await
}

/// Adds the next replay of a delivery.
pub(crate) async fn replay(tx: &mut Tx, of: DeliveryId, id: DeliveryId) -> Result<Delivery> {
    const REPLAY: Sql = sql!(
        "insert into deliveries (id, webhook_id, event_id, replay, kind, ordering_key, contact_id, payload, next_at, created_at)
         select $2, d.webhook_id, d.event_id,
                (select max(o.replay) + 1 from deliveries o where o.webhook_id = d.webhook_id and o.event_id = d.event_id),
                d.kind, d.ordering_key, d.contact_id, d.payload, $3, $3
         from deliveries d where d.id = $1
         returning id, webhook_id as webhook, event_id as event, replay, kind, ordering_key, state, attempts, next_at, status, error, response_excerpt, duration_ms, last_attempt_at, created_at, finished_at"
    );
    let now = tx.now();
    tx.row(REPLAY, &[&of, &id, &now]).await
}

kernel::row! {
    /// What an attempt needs.
    pub(crate) struct Due {
        pub webhook_id: WebhookId, pub event_id: EventId, pub replay: i32, pub kind: String, pub ordering_key: String, pub payload: Value, pub state: String,
        pub attempts: i32, pub url: String, pub enabled: bool, pub secret: Vec<u8>, pub previous_secret: Option<Vec<u8>>,
    }
}

pub(crate) async fn due(tx: &mut Tx, id: DeliveryId) -> Result<Option<Due>> {
    const DUE: Sql = sql!(
        "select d.webhook_id, d.event_id, d.replay, d.kind, d.ordering_key, d.payload, d.state, d.attempts, w.url, w.enabled, w.secret,
                case when w.previous_until > $2 then w.previous_secret end as previous_secret
         from deliveries d join webhooks w on w.id = d.webhook_id where d.id = $1"
    );
    let now = tx.now();
    tx.opt(DUE, &[&id, &now]).await
}

/// What came of an attempt.
#[derive(Debug, Default)]
pub(crate) struct Attempt {
    pub status: Option<i32>,
    pub error: Option<String>,
    pub response_excerpt: Option<String>,
    pub duration_ms: i32,
}

/// Notes an attempt; false when another run of the same attempt was quicker.
pub(crate) async fn attempted(
    tx: &mut Tx,
    id: DeliveryId,
    number: i32,
    attempt: &Attempt,
    state: &str,
    next_at: Option<DateTime<Utc>>,
) -> Result<bool> {
    const ATTEMPTED: Sql = sql!(
        "update deliveries set attempts = $2, status = $3, error = $4, response_excerpt = $5, duration_ms = $6, state = $7, next_at = $8,
                last_attempt_at = $9::timestamptz, finished_at = case when $7 = 'waiting' then null else $9::timestamptz end
         where id = $1 and state = 'waiting' and attempts = $2 - 1"
    );
    let now = tx.now();
    let touched = tx
        .exec(
            ATTEMPTED,
            &[
                &id,
                &number,
                &attempt.status,
                &attempt.error,
                &attempt.response_excerpt,
                &attempt.duration_ms,
                &state,
                &next_at,
                &now,
            ],
        )
        .await?;
    Ok(touched == 1)
}

pub(crate) async fn drop_waiting(tx: &mut Tx, id: DeliveryId) -> Result<()> {
    const DROP: Sql = sql!(
        "update deliveries set state = 'dropped', next_at = null, finished_at = $2 where id = $1 and state = 'waiting'"
    );
    let now = tx.now();
    tx.exec(DROP, &[&id, &now]).await.map(|_| ())
}

pub(crate) async fn erase(tx: &mut Tx, contact: Uuid) -> Result<u64> {
    const ERASE: Sql = sql!("delete from deliveries where contact_id = $1");
    tx.exec(ERASE, &[&contact]).await
}

pub(crate) async fn delete_old(tx: &mut Tx, before: DateTime<Utc>, batch: i64) -> Result<u64> {
    const OLD: Sql = sql!(
        "delete from deliveries where id in (select id from deliveries where finished_at < $1 order by finished_at limit $2)"
    );
    tx.exec(OLD, &[&before, &batch]).await
}
