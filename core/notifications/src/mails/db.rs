//! Statements on mails. `ops.mails` shows each tenant its own rows only; the control plane sees the platform's.
use super::model::{Mail, MailId, NewMail, PATIENCE};
use chrono::{DateTime, Utc};
use kernel::{
    ControlTx, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Query},
    http::Page,
    ids::TenantId,
    sql,
};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Adds a mail; false when its dedupe key was used before.
pub(crate) async fn insert(query: &mut Query, id: MailId, now: DateTime<Utc>, mail: &NewMail) -> Result<bool> {
    let headers = serde_json::to_value(&mail.headers).map_err(kernel::Error::internal)?;
    let added = query
        .exec(
            sql!(
                "insert into ops.mails (id, tenant, brand_tenant, recipient, recipient_name, reply_to, headers, template,
                   locale, data, contact_id, notification_id, dedupe_key, next_at, created_at, recipient_user, patient_until)
                 values ($1, case when current_user like 't\\_%' then current_user else '' end,
                   $2, nullif($3, ''), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15)
                 on conflict (tenant, dedupe_key) where dedupe_key is not null do nothing"
            ),
            &[
                &id,
                &mail.brand,
                &mail.to,
                &mail.to_name,
                &mail.reply_to,
                &headers,
                &mail.template.as_str(),
                &mail.locale,
                &mail.data,
                &mail.contact_id,
                &mail.notification_id,
                &mail.dedupe_key,
                &now,
                &mail.to_user,
                &(now + PATIENCE),
            ],
        )
        .await?;
    Ok(added == 1)
}

/// The mail that has the key.
pub(crate) async fn by_dedupe_key(query: &mut Query, key: &str) -> Result<MailId> {
    query
        .value(
            sql!(
                "select id from ops.mails
                 where tenant = (case when current_user like 't\\_%' then current_user else '' end) and dedupe_key = $1"
            ),
            &[&key],
        )
        .await
}

kernel::row! {
    /// A mail in hand.
    #[derive(Debug, Clone)]
    pub(crate) struct Claimed {
        pub(crate) id: MailId,
        pub(crate) brand_tenant: Option<TenantId>,
        pub(crate) recipient: Option<String>,
        pub(crate) recipient_user: Option<Uuid>,
        pub(crate) recipient_name: Option<String>,
        pub(crate) reply_to: Option<String>,
        pub(crate) headers: Value,
        pub(crate) template: String,
        pub(crate) locale: String,
        pub(crate) data: Option<Value>,
        pub(crate) message_id: Option<String>,
        pub(crate) attempts: i32,
        pub(crate) patient_until: DateTime<Utc>,
    }
}

/// Takes a mail in hand: one program at a time. A claim whose program died is taken over once it ran out; the
/// `Message-ID` stays, so a server that already has the mail can tell.
pub(crate) async fn claim(
    query: &mut Query,
    id: MailId,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    domain: &str,
) -> Result<Option<Claimed>> {
    let message_id = format!("<{}@{domain}>", kernel::ids::encode(id.0));
    query
        .opt(
            sql!(
                "update ops.mails set state = 'sending', attempts = attempts + 1, claimed_until = $3,
                   message_id = coalesce(message_id, $4)
                 where id = $1 and ((state = 'queued' and next_at <= $2) or (state = 'sending' and claimed_until <= $2))
                 returning id, brand_tenant, recipient, recipient_user, recipient_name, reply_to, headers, template, locale, data,
                   message_id, attempts, patient_until"
            ),
            &[&id, &now, &until, &message_id],
        )
        .await
}

/// When a mail that is not ours to send may be looked at again; none when it is finished.
pub(crate) async fn due(query: &mut Query, id: MailId) -> Result<Option<(DateTime<Utc>, i32)>> {
    kernel::row! { struct Due { at: DateTime<Utc>, attempts: i32 } }
    let due: Option<Due> = query
        .opt(
            sql!(
                "select coalesce(case when state = 'sending' then claimed_until end, next_at) as at, attempts
                 from ops.mails where id = $1 and state in ('queued', 'sending')"
            ),
            &[&id],
        )
        .await?;
    Ok(due.map(|d| (d.at, d.attempts)))
}

/// Taken by the server. The contents go at once: they may hold links that sign somebody in.
pub(crate) async fn sent(query: &mut Query, id: MailId, now: DateTime<Utc>, subject: &str, to: &str) -> Result<()> {
    query
        .exec(
            sql!(
                "update ops.mails set state = 'sent', sent_at = $2, subject = $3, recipient = coalesce(recipient, $4), data = null,
                   headers = '{}', claimed_until = null, last_error = null
                 where id = $1 and state = 'sending'"
            ),
            &[&id, &now, &subject, &to],
        )
        .await
        .map(|_| ())
}

/// Not taken: waits for its next turn.
pub(crate) async fn waits(query: &mut Query, id: MailId, next: DateTime<Utc>, error: &str) -> Result<()> {
    query
        .exec(
            sql!(
                "update ops.mails set state = 'queued', next_at = $2, claimed_until = null, last_error = $3
                 where id = $1 and state = 'sending'"
            ),
            &[&id, &next, &error],
        )
        .await
        .map(|_| ())
}

/// Given up. The contents stay until the mail is old, so that it can be tried again.
pub(crate) async fn failed(query: &mut Query, id: MailId, error: &str) -> Result<()> {
    query
        .exec(
            sql!(
                "update ops.mails set state = 'failed', claimed_until = null, last_error = $2
                 where id = $1 and state = 'sending'"
            ),
            &[&id, &error],
        )
        .await
        .map(|_| ())
}

kernel::row! {
    /// A member as a reader of mail.
    #[derive(Debug, Clone)]
    pub(crate) struct Reader { pub(crate) email: String, pub(crate) name: String, pub(crate) locale: String }
}

/// Address, name and language of an active member of the tenant or of its agency. People are rows of the control
/// plane; mail goes out before the module that signs them in is known, so they are read here.
pub(crate) async fn reader(tx: &mut ControlTx, tenant: TenantId, user: Uuid) -> Result<Option<Reader>> {
    tx.opt(
        sql!(
            "select u.email, m.name, u.locale from control.memberships m join control.users u on u.id = m.user_id
             where m.user_id = $2 and m.state = 'active' and u.state = 'active'
               and m.tenant_id in (select t.id from control.tenants t where t.id = $1
                 union all select t.parent_id from control.tenants t where t.id = $1)
             order by m.tenant_id = $1 desc limit 1"
        ),
        &[&tenant, &user],
    )
    .await
}

const LIST: ListSpec = ListSpec {
    select: "select m.id, m.template, m.recipient, m.subject, m.state, m.attempts, m.next_at, m.last_error, m.created_at, m.sent_at \
        from ops.mails m",
    id: "m.id",
    always: "m.tenant = current_user",
    fields: &[
        Field { name: "template", sql: "m.template", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "m.state", kind: FieldKind::Text, sort: None },
        Field { name: "recipient", sql: "m.recipient", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "m.created_at", kind: FieldKind::Time, sort: Some("m.created_at") },
    ],
    default_sort: "-created_at",
};

/// One page of the tenant's mails; of one reader only, when his level says so.
pub(crate) async fn list(tx: &mut Tx, query: &ListQuery, readers: Option<&Vec<Uuid>>) -> Result<Page<Mail>> {
    match readers {
        None => tx.list(&LIST, query, &[]).await,
        Some(users) => tx.list(&LIST, query, &[Clause("m.recipient_user = any(?)", users, Type::UUID_ARRAY)]).await,
    }
}

/// One of the tenant's mails.
pub(crate) async fn get(tx: &mut Tx, id: MailId, readers: Option<&Vec<Uuid>>) -> Result<Mail> {
    tx.row(
        sql!(
            "select id, template, recipient, subject, state, attempts, next_at, last_error, created_at, sent_at
             from ops.mails where tenant = current_user and id = $1 and ($2::uuid[] is null or recipient_user = any ($2))"
        ),
        &[&id, &readers],
    )
    .await
}

/// Mails that deliver a notification.
pub(crate) async fn of_notification(tx: &mut Tx, notification: Uuid) -> Result<Vec<Mail>> {
    tx.rows(
        sql!(
            "select id, template, recipient, subject, state, attempts, next_at, last_error, created_at, sent_at
             from ops.mails where tenant = current_user and notification_id = $1 order by created_at, id"
        ),
        &[&notification],
    )
    .await
}

/// Mails that wait, with how often they were tried, oldest first.
pub(crate) async fn waiting(tx: &mut Tx) -> Result<Vec<(MailId, i32)>> {
    kernel::row! { struct Waiting { id: MailId, attempts: i32 } }
    let rows: Vec<Waiting> = tx
        .rows(
            sql!(
                "select id, attempts from ops.mails where tenant = current_user and state in ('queued', 'sending')
                 order by created_at limit 10000"
            ),
            &[],
        )
        .await?;
    Ok(rows.into_iter().map(|mail| (mail.id, mail.attempts)).collect())
}

/// Lets a failed mail wait for its turn again, with new patience; gives the number of its next attempt.
pub(crate) async fn requeue(tx: &mut Tx, id: MailId) -> Result<Option<i32>> {
    let now = tx.now();
    tx.value_opt(
        sql!(
            "update ops.mails set state = 'queued', next_at = $2, patient_until = $3
             where tenant = current_user and id = $1 and state = 'failed' and data is not null
             returning attempts + 1"
        ),
        &[&id, &now, &(now + PATIENCE)],
    )
    .await
}

/// Wipes what is personal in mails to these addresses (lower case) or about this contact.
pub(crate) async fn erase(query: &mut Query, addresses: &[String], contact_id: Option<Uuid>) -> Result<u64> {
    query
        .exec(
            sql!(
                "update ops.mails set recipient = null, recipient_name = null, reply_to = null, headers = '{}',
                   data = null, subject = null, message_id = null, contact_id = null, dedupe_key = null,
                   last_error = null, state = case when state = 'sent' then 'sent' else 'failed' end
                 where tenant = (case when current_user like 't\\_%' then current_user else '' end)
                   and (lower(recipient) = any ($1) or contact_id = $2 or data -> 'contacts' ? $2::uuid::text)"
            ),
            &[&addresses, &contact_id],
        )
        .await
}

/// Deletes mails older than a moment, of every tenant; says how many.
pub(crate) async fn purge(query: &mut Query, before: DateTime<Utc>) -> Result<i64> {
    query.value(sql!("select ops.purge_mails($1, 5000)"), &[&before]).await
}
