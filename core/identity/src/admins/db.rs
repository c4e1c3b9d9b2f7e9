//! Statements about platform admins.
use super::model::{Admin, AdminId};
use chrono::{DateTime, Utc};
use kernel::{
    Error, OnConstraint, Result,
    db::{Query, Sql},
    row, sql,
};
use serde_json::Value;
use uuid::Uuid;

/// An admin to store.
pub(crate) struct NewRow<'a> {
    pub id: AdminId,
    pub email: &'a str,
    pub name: &'a str,
    pub hash: &'a str,
    pub role: &'a str,
    pub sealed: &'a [u8],
}

/// Adds an admin.
pub(crate) async fn insert(tx: &mut Query, new: &NewRow<'_>, now: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into platform_admins (id, email, name, password_hash, role_id, totp_sealed, created_at, updated_at)
         select $1, $2, $3, $4, r.id, $6, $7, $7 from roles r
         where r.tenant_id is null and r.tenant_kind = 'platform' and r.key = $5"
    );
    let values: [&(dyn postgres_types::ToSql + Sync); 7] =
        [&new.id, &new.email, &new.name, &new.hash, &new.role, &new.sealed, &now];
    let added = tx.exec(INSERT, &values).await.on_constraint("platform_admins_email_key", || {
        Error::conflict("admin_exists", "There is an admin with this address.")
    })?;
    if added == 0 {
        return Err(Error::invalid("/role", "role_unknown", "Take platform_admin or platform_support."));
    }
    Ok(())
}

row! {
    /// An admin as sign-in needs him.
    pub(crate) struct SecretRow {
        pub id: AdminId,
        pub password_hash: String,
        pub state: String,
        pub totp_sealed: Vec<u8>,
    }
}

/// By address.
pub(crate) async fn by_email(tx: &mut Query, email: &str) -> Result<Option<SecretRow>> {
    const SELECT: Sql = sql!("select id, password_hash, state, totp_sealed from platform_admins where email = $1");
    tx.opt(SELECT, &[&email]).await
}

/// One admin.
pub(crate) async fn get(tx: &mut Query, id: AdminId) -> Result<Admin> {
    const SELECT: Sql = sql!(
        "select a.id, a.email, a.name, r.key as role, a.state, a.created_at
         from platform_admins a join roles r on r.id = a.role_id where a.id = $1"
    );
    tx.row(SELECT, &[&id]).await
}

/// Every admin, by name.
pub(crate) async fn all(tx: &mut Query) -> Result<Vec<Admin>> {
    const SELECT: Sql = sql!(
        "select a.id, a.email, a.name, r.key as role, a.state, a.created_at
         from platform_admins a join roles r on r.id = a.role_id order by lower(a.name), a.id"
    );
    tx.rows(SELECT, &[]).await
}

/// Spends a time step of the second factor: false when it was spent before.
pub(crate) async fn spend(tx: &mut Query, id: AdminId, step: i64) -> Result<bool> {
    const UPDATE: Sql = sql!("update platform_admins set totp_last_step = $2 where id = $1 and totp_last_step < $2");
    Ok(tx.exec(UPDATE, &[&id, &step]).await? == 1)
}

/// Starts a session.
pub(crate) async fn insert_session(
    tx: &mut Query,
    (id, admin): (Uuid, AdminId),
    (user_agent, ip): (&str, &str),
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into admin_sessions (id, admin_id, user_agent, ip, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)"
    );
    tx.exec(INSERT, &[&id, &admin, &user_agent, &ip, &now, &expires_at]).await.map(drop)
}

/// Ends a session.
pub(crate) async fn revoke_session(tx: &mut Query, id: Uuid, admin: AdminId, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql =
        sql!("update admin_sessions set revoked_at = $3 where id = $1 and admin_id = $2 and revoked_at is null");
    tx.exec_one(UPDATE, &[&id, &admin, &now]).await
}

row! {
    /// The admin behind a living session.
    pub(crate) struct LivingRow {
        pub name: String,
        pub role: String,
        pub grants: Value,
    }
}

/// The admin behind a living session.
pub(crate) async fn living(
    tx: &mut Query,
    session: Uuid,
    admin: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<LivingRow>> {
    const SELECT: Sql = sql!(
        "select a.name, r.key as role, r.grants from admin_sessions s
         join platform_admins a on a.id = s.admin_id join roles r on r.id = a.role_id
         where s.id = $1 and s.admin_id = $2 and s.revoked_at is null and s.expires_at > $3 and a.state = 'active'"
    );
    tx.opt(SELECT, &[&session, &admin, &now]).await
}

/// When a session ends by itself.
pub(crate) async fn session_end(tx: &mut Query, session: Uuid) -> Result<DateTime<Utc>> {
    tx.value(sql!("select expires_at from admin_sessions where id = $1"), &[&session]).await
}

/// Lets an admin in or keeps him out.
pub(crate) async fn set_state(tx: &mut Query, id: AdminId, state: &str, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql =
        sql!("update platform_admins set state = $2, updated_at = $3, version = version + 1 where id = $1");
    tx.exec_one(UPDATE, &[&id, &state, &now]).await
}
