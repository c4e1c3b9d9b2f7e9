//! Statements about changes of addresses.
use super::model::{Change, EmailChange, EmailChangeId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Query, Sql},
    ids::UserId,
    sql,
};

/// What somebody waits for, and what he can still take back, newest first.
pub(crate) async fn list(tx: &mut Query, user: UserId, now: DateTime<Utc>) -> Result<Vec<EmailChange>> {
    const SELECT: Sql = sql!(
        "select id, old_email, new_email, state, created_at, expires_at, confirmed_at, revert_until from email_changes
         where user_id = $1 and ((state = 'pending' and expires_at > $2) or (state = 'confirmed' and revert_until > $2))
         order by created_at desc, id desc"
    );
    tx.rows(SELECT, &[&user, &now]).await
}

/// One of them.
pub(crate) async fn get(tx: &mut Query, user: UserId, id: EmailChangeId) -> Result<EmailChange> {
    const SELECT: Sql = sql!(
        "select id, old_email, new_email, state, created_at, expires_at, confirmed_at, revert_until from email_changes
         where user_id = $1 and id = $2"
    );
    tx.row(SELECT, &[&user, &id]).await
}

/// Adds a change; the caller has ended the one before and holds the user.
pub(crate) async fn insert(tx: &mut Query, change: &Change, expires_at: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into email_changes (id, user_id, tenant_id, old_email, new_email, created_at, expires_at, revert_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let c = change;
    let values: [&(dyn postgres_types::ToSql + Sync); 8] =
        [&c.id, &c.user_id, &c.tenant_id, &c.old_email, &c.new_email, &c.created_at, &expires_at, &c.revert_until];
    tx.exec(INSERT, &values).await.map(drop)
}

/// A change that still waits.
pub(crate) async fn waiting(tx: &mut Query, id: EmailChangeId, now: DateTime<Utc>) -> Result<Option<Change>> {
    const SELECT: Sql = sql!(
        "select id, user_id, tenant_id, old_email, new_email, created_at, revert_until from email_changes
         where id = $1 and state = 'pending' and expires_at > $2"
    );
    tx.opt(SELECT, &[&id, &now]).await
}

/// Sets the token of the link to the new address; an earlier one no longer works.
pub(crate) async fn set_token(tx: &mut Query, id: EmailChangeId, hash: &[u8]) -> Result<()> {
    const UPDATE: Sql = sql!("update email_changes set token_hash = $2 where id = $1");
    tx.exec_one(UPDATE, &[&id, &hash]).await
}

/// Sets the token of the link to the old address.
pub(crate) async fn set_revert_token(tx: &mut Query, id: EmailChangeId, hash: &[u8]) -> Result<()> {
    const UPDATE: Sql = sql!("update email_changes set revert_hash = $2 where id = $1");
    tx.exec_one(UPDATE, &[&id, &hash]).await
}

/// Lets what somebody waits for wait longer; not found when it is over.
pub(crate) async fn extend(
    tx: &mut Query,
    (user, id): (UserId, EmailChangeId),
    now: DateTime<Utc>,
    (expires_at, revert_until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update email_changes set expires_at = $4, revert_until = $5
         where user_id = $1 and id = $2 and state = 'pending' and expires_at > $3"
    );
    tx.exec_one(UPDATE, &[&user, &id, &now, &expires_at, &revert_until]).await
}

/// Ends what somebody waits for; whether there was anything.
pub(crate) async fn cancel(tx: &mut Query, user: UserId) -> Result<bool> {
    const UPDATE: Sql = sql!("update email_changes set state = 'cancelled' where user_id = $1 and state = 'pending'");
    Ok(tx.exec(UPDATE, &[&user]).await? == 1)
}

/// Whose change the link to the new address belongs to, while it works.
pub(crate) async fn owner(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<UserId>> {
    const SELECT: Sql =
        sql!("select user_id from email_changes where token_hash = $1 and state = 'pending' and expires_at > $2");
    tx.value_opt(SELECT, &[&hash, &now]).await
}

/// Spends the link to the new address: exactly one caller gets it.
pub(crate) async fn confirm(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Change>> {
    const UPDATE: Sql = sql!(
        "update email_changes set state = 'confirmed', confirmed_at = $2
         where token_hash = $1 and state = 'pending' and expires_at > $2
         returning id, user_id, tenant_id, old_email, new_email, created_at, revert_until"
    );
    tx.opt(UPDATE, &[&hash, &now]).await
}

/// Whose change the link to the old address belongs to, while it works.
pub(crate) async fn revert_owner(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<UserId>> {
    const SELECT: Sql =
        sql!("select user_id from email_changes where revert_hash = $1 and state <> 'reverted' and revert_until > $2");
    tx.value_opt(SELECT, &[&hash, &now]).await
}

/// Spends the link to the old address: exactly one caller gets it.
pub(crate) async fn revert(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Change>> {
    const UPDATE: Sql = sql!(
        "update email_changes set state = 'reverted' where revert_hash = $1 and state <> 'reverted' and revert_until > $2
         returning id, user_id, tenant_id, old_email, new_email, created_at, revert_until"
    );
    tx.opt(UPDATE, &[&hash, &now]).await
}

/// Ends what came after a change that was taken back: none of its links works any more.
pub(crate) async fn revert_later(tx: &mut Query, user: UserId, than: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!("update email_changes set state = 'reverted' where user_id = $1 and created_at >= $2");
    tx.exec(UPDATE, &[&user, &than]).await.map(drop)
}
