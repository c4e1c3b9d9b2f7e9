//! Statements on `webhooks`.
use super::model::{Webhook, WebhookId};
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    ids::UserId,
    sql,
};

const LIST: ListSpec = ListSpec {
    select: "select w.id, w.name, w.url, w.kinds, w.enabled, w.disabled_reason, w.failing_since, w.last_delivery_at, w.previous_until, w.created_by, w.created_at, w.updated_at, w.version from webhooks w",
    id: "w.id",
    always: "",
    fields: &[
        Field { name: "created_at", sql: "w.created_at", kind: FieldKind::Time, sort: Some("w.created_at") },
        Field { name: "name", sql: "w.name", kind: FieldKind::Text, sort: Some("w.name") },
        Field { name: "enabled", sql: "w.enabled", kind: FieldKind::Bool, sort: None },
        Field { name: "kinds", sql: "w.kinds", kind: FieldKind::TextArray, sort: None },
    ],
    default_sort: "-created_at",
};

pub(crate) async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Page<Webhook>> {
    tx.list(&LIST, query, &[]).await
}

pub(crate) async fn get(tx: &mut Tx, id: WebhookId) -> Result<Webhook> {
    const GET: Sql = sql!(
        "select id, name, url, kinds, enabled, disabled_reason, failing_since, last_delivery_at, previous_until, created_by, created_at, updated_at, version
         from webhooks where id = $1"
    );
    tx.row(GET, &[&id]).await
}

pub(crate) async fn lock(tx: &mut Tx, id: WebhookId) -> Result<Webhook> {
    const LOCK: Sql = sql!(
        "select id, name, url, kinds, enabled, disabled_reason, failing_since, last_delivery_at, previous_until, created_by, created_at, updated_at, version
         from webhooks where id = $1 for update"
    );
    tx.row(LOCK, &[&id]).await
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: WebhookId,
    name: &str,
    url: &str,
    kinds: &[String],
    secret: &[u8],
    by: Option<UserId>,
) -> Result<Webhook> {
    const INSERT: Sql = sql!(
        "insert into webhooks (id, name, url, kinds, secret, created_by, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)
         returning id, name, url, kinds, enabled, disabled_reason, failing_since, last_delivery_at, previous_until, created_by, created_at, updated_at, version"
    );
    let now = tx.now();
    tx.row(INSERT, &[&id, &name, &url, &kinds, &secret, &by, &now]).await
}

pub(crate) async fn count(tx: &mut Tx) -> Result<i64> {
    const COUNT: Sql = sql!("select count(*) from webhooks");
    tx.value(COUNT, &[]).await
}

pub(crate) async fn update(tx: &mut Tx, webhook: &Webhook) -> Result<Webhook> {
    const UPDATE: Sql = sql!(
        "update webhooks set name = $2, url = $3, kinds = $4, enabled = $5, disabled_reason = $6, failing_since = $7, updated_at = $8, version = version + 1
         where id = $1
         returning id, name, url, kinds, enabled, disabled_reason, failing_since, last_delivery_at, previous_until, created_by, created_at, updated_at, version"
    );
    let now = tx.now();
    tx.row(
        UPDATE,
        &[
            &webhook.id,
            &webhook.name,
            &webhook.url,
            &webhook.kinds,
            &webhook.enabled,
            &webhook.disabled_reason,
            &webhook.failing_since,
            &now,
        ],
    )
    .await
}

pub(crate) async fn delete(tx: &mut Tx, id: WebhookId) -> Result<()> {
    const DELETE: Sql = sql!("delete from webhooks where id = $1");
    tx.exec_one(DELETE, &[&id]).await
}

/// Puts a new secret first; the one so far signs along until `until`.
pub(crate) async fn rotate(tx: &mut Tx, id: WebhookId, secret: &[u8], until: DateTime<Utc>) -> Result<Webhook> {
    const ROTATE: Sql = sql!(
        "update webhooks set previous_secret = secret, previous_until = $3, secret = $2, updated_at = $4, version = version + 1 where id = $1
         returning id, name, url, kinds, enabled, disabled_reason, failing_since, last_delivery_at, previous_until, created_by, created_at, updated_at, version"
    );
    let now = tx.now();
    tx.row(ROTATE, &[&id, &secret, &until, &now]).await
}

/// Webhooks that want an event of one of these spellings, and one that is named.
pub(crate) async fn wanting(tx: &mut Tx, spellings: &[String], named: Option<WebhookId>) -> Result<Vec<uuid::Uuid>> {
    const WANTING: Sql = sql!("select id from webhooks where enabled and (kinds && $1 or id = $2)");
    tx.values(WANTING, &[&spellings, &named]).await
}

/// A call was taken: it does not fail any more.
pub(crate) async fn succeeded(tx: &mut Tx, id: WebhookId) -> Result<()> {
    // The row is only written when it says something new: a busy webhook is called many times a second.
    const SUCCEEDED: Sql = sql!(
        "update webhooks set failing_since = null, last_delivery_at = $2::timestamptz
         where id = $1 and (failing_since is not null or last_delivery_at is null or last_delivery_at < $2::timestamptz - interval '1 minute')"
    );
    let now = tx.now();
    tx.exec(SUCCEEDED, &[&id, &now]).await.map(|_| ())
}

/// A call failed: since when they all have.
pub(crate) async fn failed(tx: &mut Tx, id: WebhookId) -> Result<Option<DateTime<Utc>>> {
    const FAILED: Sql =
        sql!("update webhooks set failing_since = coalesce(failing_since, $2) where id = $1 returning failing_since");
    let now = tx.now();
    tx.value_opt(FAILED, &[&id, &now]).await
}

/// Switches it off; false when it already was.
pub(crate) async fn disable(tx: &mut Tx, id: WebhookId, reason: &str) -> Result<bool> {
    const DISABLE: Sql = sql!(
        "update webhooks set enabled = false, disabled_reason = $2, updated_at = $3, version = version + 1 where id = $1 and enabled"
    );
    let now = tx.now();
    Ok(tx.exec(DISABLE, &[&id, &reason, &now]).await? == 1)
}
