//! Statements about users.
use super::model::{Density, MeChanges, NewUser, Theme, User};
use chrono::{DateTime, Utc};
use kernel::{
    Error, OnConstraint, Result,
    db::{Query, Sql},
    ids::{TenantId, UserId},
    row, sql,
};
use poem_openapi::Object;
use uuid::Uuid;

/// By address.
pub(crate) async fn by_email(tx: &mut Query, email: &str) -> Result<Option<User>> {
    const SELECT: Sql = sql!(
        "select u.id, u.email, u.name, u.password_hash, u.state, u.locale, u.theme, u.density, u.created_at, u.version,
           exists (select 1 from totp t where t.user_id = u.id and t.confirmed_at is not null) as second_factor
         from users u where u.email = $1"
    );
    tx.opt(SELECT, &[&email]).await
}

/// By id.
pub(crate) async fn by_id(tx: &mut Query, id: UserId) -> Result<User> {
    const SELECT: Sql = sql!(
        "select u.id, u.email, u.name, u.password_hash, u.state, u.locale, u.theme, u.density, u.created_at, u.version,
           exists (select 1 from totp t where t.user_id = u.id and t.confirmed_at is not null) as second_factor
         from users u where u.id = $1"
    );
    tx.row(SELECT, &[&id]).await
}

/// Adds a user whose address is proven.
pub(crate) async fn insert(tx: &mut Query, id: UserId, new: &NewUser<'_>, now: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into users (id, email, name, password_hash, locale, password_changed_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6, $6)"
    );
    tx.exec(INSERT, &[&id, &new.email, &new.name, &new.password_hash, &new.locale, &now])
        .await
        .map(drop)
        .on_constraint("users_email_key", || Error::conflict("user_exists", "There is an account with this address."))
}

/// Changes what a person says of himself; gives the new version.
pub(crate) async fn update(tx: &mut Query, id: UserId, changes: &MeChanges, now: DateTime<Utc>) -> Result<i64> {
    const UPDATE: Sql = sql!(
        "update users set name = coalesce($2, name), locale = coalesce($3, locale), theme = coalesce($4, theme),
           density = coalesce($5, density), updated_at = $6, version = version + 1 where id = $1 returning version"
    );
    let (theme, density) = (changes.theme.map(Theme::as_str), changes.density.map(Density::as_str));
    tx.value(UPDATE, &[&id, &changes.name, &changes.locale, &theme, &density, &now]).await
}

/// Languages that people read, BCP 47.
pub async fn locales(tx: &mut Query, ids: &[UserId]) -> Result<Vec<String>> {
    const SELECT: Sql = sql!("select locale from users where id = any($1)");
    tx.values(SELECT, &[&ids]).await
}

/// Holds a user's row until the transaction ends.
pub(crate) async fn lock(tx: &mut Query, id: UserId) -> Result<()> {
    const LOCK: Sql = sql!("select 1 from users where id = $1 for update");
    tx.exec_one(LOCK, &[&id]).await
}

/// Lets a user in or keeps him out everywhere.
pub(crate) async fn set_state(tx: &mut Query, id: UserId, state: &str, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!("update users set state = $2, updated_at = $3, version = version + 1 where id = $1");
    tx.exec_one(UPDATE, &[&id, &state, &now]).await
}

/// The address somebody signs in with from now on. Of two who want one at once, the constraint decides.
pub(crate) async fn set_email(tx: &mut Query, id: UserId, email: &str, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!("update users set email = $2, updated_at = $3, version = version + 1 where id = $1");
    tx.exec_one(UPDATE, &[&id, &email, &now]).await.on_constraint("users_email_key", || {
        Error::conflict("email_taken", "There is an account with this address. Take another one.")
    })
}

/// Sets a new password.
pub(crate) async fn set_password(tx: &mut Query, id: UserId, hash: &str, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update users set password_hash = $2, password_changed_at = $3, updated_at = $3, version = version + 1
         where id = $1"
    );
    tx.exec_one(UPDATE, &[&id, &hash, &now]).await
}

row! {
    /// A tenant a person belongs to.
    #[derive(Object, Debug, Clone)]
    pub struct Belonging {
        /// The tenant.
        pub tenant: TenantId,
        /// Its name.
        pub name: String,
        /// `agency` or `client`.
        pub kind: String,
        /// Whether it may work: `active`, `read_only`, `suspended`, …
        pub state: String,
        /// Names of the person's roles in it.
        pub roles: Vec<String>,
    }
}

/// Where a person is an active member, by name.
pub(crate) async fn belongings(tx: &mut Query, user: UserId) -> Result<Vec<Belonging>> {
    const SELECT: Sql = sql!(
        "select t.id as tenant, t.name, coalesce(t.kind, '') as kind, t.state,
           array(select r.name from member_roles mr join roles r on r.id = mr.role_id
             where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id order by r.name) as roles
         from memberships m join tenants t on t.id = m.tenant_id
         where m.user_id = $1 and m.state = 'active' and t.kind is not null and t.state not in ('deleting', 'deleted')
         order by lower(t.name), t.id"
    );
    tx.rows(SELECT, &[&user]).await
}

/// Name of whoever started an impersonation.
pub(crate) async fn impersonator(tx: &mut Query, id: Uuid) -> Result<String> {
    const SELECT: Sql = sql!("select impersonator_name from impersonations where id = $1");
    tx.value(SELECT, &[&id]).await
}
