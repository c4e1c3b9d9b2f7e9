//! Statements about password resets.
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Query, Sql},
    ids::UserId,
    sql,
};
use uuid::Uuid;

/// Adds a reset; earlier ones of the user no longer work.
pub(crate) async fn insert(
    tx: &mut Query,
    (id, user, hash): (Uuid, UserId, &[u8]),
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into password_resets (id, user_id, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)"
    );
    end_all(tx, user, now).await?;
    tx.exec(INSERT, &[&id, &user, &hash, &now, &expires_at]).await.map(drop)
}

/// Links that somebody got before no longer work.
pub(crate) async fn end_all(tx: &mut Query, user: UserId, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!("update password_resets set used_at = $2 where user_id = $1 and used_at is null");
    tx.exec(UPDATE, &[&user, &now]).await.map(drop)
}

/// Whose reset this is, while it works.
pub(crate) async fn owner(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<UserId>> {
    const SELECT: Sql =
        sql!("select user_id from password_resets where token_hash = $1 and used_at is null and expires_at > $2");
    tx.value_opt(SELECT, &[&hash, &now]).await
}

/// Spends a reset: false when somebody was faster.
pub(crate) async fn spend(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    const UPDATE: Sql =
        sql!("update password_resets set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2");
    Ok(tx.exec(UPDATE, &[&hash, &now]).await? == 1)
}
