//! Statements about second factors.
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Query, Sql},
    ids::UserId,
    row, sql,
};

row! {
    /// A second factor.
    pub(crate) struct TotpRow {
        pub sealed: Vec<u8>,
        pub created_at: DateTime<Utc>,
        pub confirmed_at: Option<DateTime<Utc>>,
    }
}

/// The user's, confirmed or not.
pub(crate) async fn get(tx: &mut Query, user: UserId) -> Result<Option<TotpRow>> {
    const SELECT: Sql = sql!("select sealed, created_at, confirmed_at from totp where user_id = $1");
    tx.opt(SELECT, &[&user]).await
}

/// Begins an enrolment, in place of an older one.
pub(crate) async fn begin(tx: &mut Query, user: UserId, sealed: &[u8], now: DateTime<Utc>) -> Result<()> {
    const UPSERT: Sql = sql!(
        "insert into totp (user_id, sealed, created_at) values ($1, $2, $3)
         on conflict (user_id) do update set sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0
         where totp.confirmed_at is null"
    );
    tx.exec_one(UPSERT, &[&user, &sealed, &now]).await
}

/// Spends a time step: false when it was spent before.
pub(crate) async fn spend(tx: &mut Query, user: UserId, step: i64) -> Result<bool> {
    const UPDATE: Sql = sql!("update totp set last_step = $2 where user_id = $1 and last_step < $2");
    Ok(tx.exec(UPDATE, &[&user, &step]).await? == 1)
}

/// Switches the second factor on.
pub(crate) async fn confirm(tx: &mut Query, user: UserId, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!("update totp set confirmed_at = $2 where user_id = $1 and confirmed_at is null");
    tx.exec_one(UPDATE, &[&user, &now]).await
}

/// Switches it off; false when it was not on.
pub(crate) async fn delete(tx: &mut Query, user: UserId) -> Result<bool> {
    const DELETE: Sql = sql!("delete from totp where user_id = $1 and confirmed_at is not null");
    Ok(tx.exec(DELETE, &[&user]).await? == 1)
}

/// Replaces all recovery codes.
pub(crate) async fn set_codes(tx: &mut Query, user: UserId, hashes: &[Vec<u8>], now: DateTime<Utc>) -> Result<()> {
    const DELETE: Sql = sql!("delete from recovery_codes where user_id = $1");
    const INSERT: Sql = sql!(
        "insert into recovery_codes (user_id, hash, created_at) select $1, hash, $3 from unnest($2::bytea[]) as hash"
    );
    tx.exec(DELETE, &[&user]).await?;
    tx.exec(INSERT, &[&user, &hashes, &now]).await.map(drop)
}

/// Spends a recovery code: false when there is no such code left.
pub(crate) async fn spend_recovery(tx: &mut Query, user: UserId, hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    const UPDATE: Sql =
        sql!("update recovery_codes set used_at = $3 where user_id = $1 and hash = $2 and used_at is null");
    Ok(tx.exec(UPDATE, &[&user, &hash, &now]).await? == 1)
}
