//! Statements about sign-ups.
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Query, Sql},
    row, sql,
};
use uuid::Uuid;

row! {
    /// A sign-up.
    #[derive(Debug, Clone)]
    pub(crate) struct SignUp {
        pub email: String,
        pub name: String,
        pub agency: String,
        pub password_hash: String,
        /// The language he reads, BCP 47.
        pub locale: String,
    }
}

/// Keeps a sign-up until its address is proven.
pub(crate) async fn insert(
    tx: &mut Query,
    id: Uuid,
    new: &SignUp,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into sign_ups (id, email, name, agency, password_hash, locale, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let values: [&(dyn postgres_types::ToSql + Sync); 8] =
        [&id, &new.email, &new.name, &new.agency, &new.password_hash, &new.locale, &now, &expires_at];
    tx.exec(INSERT, &values).await.map(drop)
}

/// A sign-up that still waits.
pub(crate) async fn waiting(tx: &mut Query, id: Uuid, now: DateTime<Utc>) -> Result<Option<SignUp>> {
    const SELECT: Sql = sql!(
        "select email, name, agency, password_hash, locale from sign_ups where id = $1 and used_at is null and expires_at > $2"
    );
    tx.opt(SELECT, &[&id, &now]).await
}

/// Sets the token whose hash this is.
pub(crate) async fn set_token(tx: &mut Query, id: Uuid, hash: &[u8]) -> Result<()> {
    const UPDATE: Sql = sql!("update sign_ups set token_hash = $2 where id = $1");
    tx.exec_one(UPDATE, &[&id, &hash]).await
}

/// The sign-up whose token has this hash and that still waits.
pub(crate) async fn by_token(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<SignUp>> {
    const SELECT: Sql = sql!(
        "select email, name, agency, password_hash, locale from sign_ups
         where token_hash = $1 and used_at is null and expires_at > $2"
    );
    tx.opt(SELECT, &[&hash, &now]).await
}

/// Spends a sign-up: exactly one caller gets it.
pub(crate) async fn spend(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<SignUp>> {
    const UPDATE: Sql = sql!(
        "update sign_ups set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2
         returning email, name, agency, password_hash, locale"
    );
    tx.opt(UPDATE, &[&hash, &now]).await
}
