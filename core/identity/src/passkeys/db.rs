//! Statements about passkeys.
use super::model::{CeremonyId, Passkey, PasskeyId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Query, Sql},
    ids::UserId,
    row, sql,
};
use serde_json::Value;

row! {
    /// A passkey as a proof needs it.
    pub(crate) struct KeyRow {
        pub id: PasskeyId,
        pub user_id: UserId,
        pub credential_id: Vec<u8>,
        pub public_key: Vec<u8>,
        pub algorithm: i32,
        pub counter: i64,
        pub transports: Vec<String>,
    }
}

/// A passkey to store.
pub(crate) struct NewRow<'a> {
    pub id: PasskeyId,
    pub user: UserId,
    pub credential_id: &'a [u8],
    pub public_key: &'a [u8],
    pub algorithm: i32,
    pub counter: i64,
    pub transports: &'a [String],
    pub synced: bool,
    pub name: &'a str,
    pub host: Option<&'a str>,
}

/// A person's passkeys, oldest first.
pub(crate) async fn list(tx: &mut Query, user: UserId) -> Result<Vec<Passkey>> {
    const SELECT: Sql = sql!(
        "select id, name, host, synced, created_at, last_used_at, version from passkeys where user_id = $1 order by id limit 100"
    );
    tx.rows(SELECT, &[&user]).await
}

/// One of a person's passkeys.
pub(crate) async fn get(tx: &mut Query, user: UserId, id: PasskeyId) -> Result<Passkey> {
    const SELECT: Sql = sql!(
        "select id, name, host, synced, created_at, last_used_at, version from passkeys where user_id = $1 and id = $2"
    );
    tx.row(SELECT, &[&user, &id]).await
}

/// A person's passkeys, to be left out when a device makes another one.
pub(crate) async fn keys(tx: &mut Query, user: UserId) -> Result<Vec<KeyRow>> {
    const SELECT: Sql = sql!(
        "select id, user_id, credential_id, public_key, algorithm, counter, transports from passkeys where user_id = $1 limit 100"
    );
    tx.rows(SELECT, &[&user]).await
}

/// The passkey with the id its device knows; locked, so that two proofs of it come one after the other.
pub(crate) async fn lock_by_credential(tx: &mut Query, credential: &[u8]) -> Result<Option<KeyRow>> {
    const SELECT: Sql = sql!(
        "select id, user_id, credential_id, public_key, algorithm, counter, transports from passkeys
         where credential_id = $1 for update"
    );
    tx.opt(SELECT, &[&credential]).await
}

/// Adds a passkey; another one with the id its device knows is a conflict.
pub(crate) async fn insert(tx: &mut Query, new: &NewRow<'_>, now: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into passkeys (id, user_id, credential_id, public_key, algorithm, counter, transports, synced, name, created_at, host)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values: [&(dyn postgres_types::ToSql + Sync); 11] = [
        &new.id,
        &new.user,
        &new.credential_id,
        &new.public_key,
        &new.algorithm,
        &new.counter,
        &new.transports,
        &new.synced,
        &new.name,
        &now,
        &new.host,
    ];
    tx.exec_one(INSERT, &values).await
}

/// Renames a passkey that has this version.
pub(crate) async fn rename(tx: &mut Query, user: UserId, id: PasskeyId, name: &str) -> Result<()> {
    const UPDATE: Sql = sql!("update passkeys set name = $3, version = version + 1 where user_id = $1 and id = $2");
    tx.exec_one(UPDATE, &[&user, &id, &name]).await
}

/// Removes a passkey.
pub(crate) async fn delete(tx: &mut Query, user: UserId, id: PasskeyId) -> Result<()> {
    const DELETE: Sql = sql!("delete from passkeys where user_id = $1 and id = $2");
    tx.exec_one(DELETE, &[&user, &id]).await
}

/// Notes a proof.
pub(crate) async fn used(tx: &mut Query, id: PasskeyId, counter: i64, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!("update passkeys set counter = $2, last_used_at = $3 where id = $1");
    tx.exec_one(UPDATE, &[&id, &counter, &now]).await
}

/// Keeps a challenge until it is answered.
pub(crate) async fn begin(
    tx: &mut Query,
    (id, user): (CeremonyId, Option<UserId>),
    state: &Value,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql =
        sql!("insert into passkey_ceremonies (id, user_id, state, created_at, expires_at) values ($1, $2, $3, $4, $5)");
    tx.exec_one(INSERT, &[&id, &user, state, &now, &expires_at]).await
}

/// Takes a challenge away: nobody answers it a second time. None when it was answered, is too old or is another person's.
pub(crate) async fn take(
    tx: &mut Query,
    id: CeremonyId,
    user: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Option<Value>> {
    const DELETE: Sql = sql!(
        "delete from passkey_ceremonies where id = $1 and user_id is not distinct from $2 and expires_at > $3 returning state"
    );
    tx.value_opt(DELETE, &[&id, &user, &now]).await
}
