//! Statements about devices that are told.
use super::model::{MOST, News, PushSubscription, PushSubscriptionId};
use crate::{notifications::NotificationId, preferences::model::Choice};
use chrono::{DateTime, Utc};
use kernel::{Result, Tx, db::Query, ids::TenantId, notices::NoticeKind, row, sql};
use uuid::Uuid;

/// A person's devices where somebody is still signed in.
pub(crate) async fn list(
    tx: &mut Query,
    user: Uuid,
    session: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<PushSubscription>> {
    tx.rows(
        sql!(
            "select p.id, s.user_agent, p.created_at, p.last_success_at, coalesce(p.session_id = $2, false) as current
             from control.push_subscriptions p join control.sessions s on s.id = p.session_id
             where p.user_id = $1 and s.revoked_at is null and s.expires_at > $3 order by p.id desc limit 100"
        ),
        &[&user, &session, &now],
    )
    .await
}

/// A device to store.
pub(crate) struct NewRow<'a> {
    pub(crate) id: PushSubscriptionId,
    pub(crate) user: Uuid,
    pub(crate) session: Uuid,
    pub(crate) endpoint: &'a str,
    pub(crate) key: &'a [u8],
    pub(crate) secret: &'a [u8],
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// Adds a device, or gives it to whoever uses its browser now. Whoever has too many loses the oldest.
pub(crate) async fn put(tx: &mut Query, new: &NewRow<'_>, now: DateTime<Utc>) -> Result<PushSubscriptionId> {
    let id: PushSubscriptionId = tx
        .value(
            sql!(
                "insert into control.push_subscriptions
                   (id, user_id, session_id, endpoint, device_key, device_secret, created_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict on constraint push_subscriptions_endpoint_key do update
                   set user_id = $2, session_id = $3, device_key = $5, device_secret = $6, expires_at = $8, failures = 0
                 returning id"
            ),
            &[&new.id, &new.user, &new.session, &new.endpoint, &new.key, &new.secret, &now, &new.expires_at],
        )
        .await?;
    tx.exec(
        sql!(
            "delete from control.push_subscriptions where id in
               (select id from control.push_subscriptions where user_id = $1 and id <> $3 order by id desc offset $2)"
        ),
        // The one just put counts too, and is never the one that goes: ids of the same millisecond have no order.
        &[&new.user, &(MOST - 1), &id],
    )
    .await?;
    Ok(id)
}

/// Tells a person's device nothing any more.
pub(crate) async fn delete(tx: &mut Query, user: Uuid, id: PushSubscriptionId) -> Result<()> {
    tx.exec_one(sql!("delete from control.push_subscriptions where user_id = $1 and id = $2"), &[&user, &id]).await
}

row! {
    /// A device as a delivery needs it.
    #[derive(Debug, Clone)]
    pub(crate) struct Device {
        pub(crate) id: PushSubscriptionId,
        pub(crate) user_id: Uuid,
        pub(crate) endpoint: String,
        pub(crate) device_key: Vec<u8>,
        pub(crate) device_secret: Vec<u8>,
        pub(crate) locale: String,
    }
}

/// A device, while somebody is signed in there.
pub(crate) async fn device(tx: &mut Query, id: PushSubscriptionId, now: DateTime<Utc>) -> Result<Option<Device>> {
    tx.opt(
        sql!(
            "select p.id, p.user_id, p.endpoint, p.device_key, p.device_secret, u.locale
             from control.push_subscriptions p
             join control.sessions s on s.id = p.session_id join control.users u on u.id = p.user_id
             where p.id = $1 and s.revoked_at is null and s.expires_at > $2 and (p.expires_at is null or p.expires_at > $2)"
        ),
        &[&id, &now],
    )
    .await
}

row! {
    /// A device of somebody who is to be told.
    #[derive(Debug, Clone)]
    pub(crate) struct Target {
        pub(crate) id: PushSubscriptionId,
        pub(crate) user_id: Uuid,
    }
}

/// Devices of these people.
pub(crate) async fn targets(tx: &mut Query, users: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Target>> {
    tx.rows(
        sql!(
            "select p.id, p.user_id from control.push_subscriptions p
             join control.sessions s on s.id = p.session_id join control.users u on u.id = p.user_id
             where p.user_id = any ($1) and u.state = 'active' and s.revoked_at is null and s.expires_at > $2
               and (p.expires_at is null or p.expires_at > $2)"
        ),
        &[&users, &now],
    )
    .await
}

/// What these people chose about being told by push in a tenant.
pub(crate) async fn choices(tx: &mut Query, users: &[Uuid], tenant: TenantId) -> Result<Vec<Choice>> {
    tx.rows(
        sql!(
            "select user_id, module, kind, 'push' as channel, enabled from control.push_preferences
             where user_id = any ($1) and tenant_id = $2"
        ),
        &[&users, &tenant],
    )
    .await
}

/// Sets whether somebody is told a kind of news by push.
pub(crate) async fn choose(
    tx: &mut Query,
    (user, tenant): (Uuid, TenantId),
    kind: &NoticeKind,
    enabled: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec_one(
        sql!(
            "insert into control.push_preferences (user_id, tenant_id, module, kind, enabled, updated_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict on constraint push_preferences_pkey do update set enabled = $5, updated_at = $6"
        ),
        &[&user, &tenant, &kind.module, &kind.key, &enabled, &now],
    )
    .await
}

/// A message was taken by the push service.
pub(crate) async fn succeeded(tx: &mut Query, id: PushSubscriptionId, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql!("update control.push_subscriptions set last_success_at = $2, failures = 0 where id = $1"),
        &[&id, &now],
    )
    .await
    .map(drop)
}

/// A message was refused; gives how many in a row.
pub(crate) async fn refused(tx: &mut Query, id: PushSubscriptionId) -> Result<i32> {
    let failures = tx
        .value_opt(
            sql!("update control.push_subscriptions set failures = failures + 1 where id = $1 returning failures"),
            &[&id],
        )
        .await?;
    Ok(failures.unwrap_or(0))
}

/// The push service knows the device no more.
pub(crate) async fn gone(tx: &mut Query, id: PushSubscriptionId) -> Result<u64> {
    tx.exec(sql!("delete from control.push_subscriptions where id = $1"), &[&id]).await
}

/// What is unread of these notifications.
pub(crate) async fn news(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<News>> {
    tx.rows(
        sql!(
            "select id, user_id, kind, title, params, link, critical from notifications
             where id = any ($1) and read_at is null and archived_at is null and snoozed_until is null"
        ),
        &[&ids],
    )
    .await
}

/// The same of one.
pub(crate) async fn one(tx: &mut Tx, id: NotificationId) -> Result<Option<News>> {
    tx.opt(
        sql!(
            "select id, user_id, kind, title, params, link, critical from notifications
             where id = $1 and read_at is null and archived_at is null and snoozed_until is null"
        ),
        &[&id],
    )
    .await
}

/// The sealed key pair; the given one becomes it when there is none.
pub(crate) async fn key(tx: &mut Query, sealed: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>> {
    tx.exec(
        sql!("insert into control.push_keys (id, sealed, created_at) values (1, $1, $2) on conflict do nothing"),
        &[&sealed, &now],
    )
    .await?;
    tx.value(sql!("select sealed from control.push_keys where id = 1"), &[]).await
}
