//! Statements about sessions and refresh tokens.
use super::model::SessionId;
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Field, FieldKind, ListSpec, Query, Sql},
    ids::{TenantId, UserId},
    row, sql,
};
use uuid::Uuid;

/// Living sessions.
pub(crate) const LIST: ListSpec = ListSpec {
    select: "select s.id, s.tenant_id as tenant, s.user_agent, s.ip, s.second_factor, s.created_at, s.last_seen_at, s.expires_at, false as current from sessions s",
    id: "s.id",
    always: "s.revoked_at is null",
    fields: &[
        Field { name: "created_at", sql: "s.created_at", kind: FieldKind::Time, sort: Some("s.created_at") },
        Field { name: "last_seen_at", sql: "s.last_seen_at", kind: FieldKind::Time, sort: Some("s.last_seen_at") },
        Field { name: "tenant", sql: "s.tenant_id", kind: FieldKind::Id("ten"), sort: None },
    ],
    default_sort: "-created_at",
};

/// A session to start.
pub(crate) struct NewSession<'a> {
    pub id: SessionId,
    pub user: UserId,
    pub tenant: TenantId,
    pub user_agent: &'a str,
    pub ip: &'a str,
    pub second_factor: bool,
    pub expires_at: DateTime<Utc>,
}

/// Starts a session.
pub(crate) async fn insert(tx: &mut Query, new: &NewSession<'_>, now: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into sessions (id, user_id, tenant_id, user_agent, ip, second_factor, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8)"
    );
    let second = new.second_factor;
    tx.exec(INSERT, &[&new.id, &new.user, &new.tenant, &new.user_agent, &new.ip, &second, &now, &new.expires_at])
        .await
        .map(drop)
}

/// Adds a refresh token to a session's family.
pub(crate) async fn insert_token(
    tx: &mut Query,
    (id, session, hash): (Uuid, SessionId, &[u8]),
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql =
        sql!("insert into refresh_tokens (id, session_id, hash, created_at, expires_at) values ($1, $2, $3, $4, $5)");
    tx.exec(INSERT, &[&id, &session, &hash, &now, &expires_at]).await.map(drop)
}

row! {
    /// A refresh token and its session.
    pub(crate) struct TokenRow {
        pub id: Uuid,
        pub session_id: SessionId,
        pub user_id: UserId,
        pub tenant_id: TenantId,
        pub user_state: String,
        pub expires_at: DateTime<Utc>,
        pub used_at: Option<DateTime<Utc>>,
        pub used_key: Option<Vec<u8>>,
        pub revoked_at: Option<DateTime<Utc>>,
        pub successor_hash: Option<Vec<u8>>,
        pub successor_used: bool,
    }
}

/// The token with this hash; its session's row is held until the transaction ends, so rotations go one after another.
pub(crate) async fn token(tx: &mut Query, hash: &[u8]) -> Result<Option<TokenRow>> {
    const LOCK: Sql = sql!(
        "select s.id from sessions s where s.id = (select session_id from refresh_tokens where hash = $1) for update"
    );
    const SELECT: Sql = sql!(
        "select t.id, t.session_id, s.user_id, s.tenant_id, u.state as user_state, t.expires_at, t.used_at, t.used_key,
           s.revoked_at, n.hash as successor_hash, n.used_at is not null as successor_used
         from refresh_tokens t join sessions s on s.id = t.session_id join users u on u.id = s.user_id
         left join refresh_tokens n on n.id = t.successor_id where t.hash = $1"
    );
    // Two statements: what the second one reads is newer than whatever the lock had to wait for.
    if tx.value_opt::<Uuid>(LOCK, &[&hash]).await?.is_none() {
        return Ok(None);
    }
    tx.opt(SELECT, &[&hash]).await
}

/// Marks a token as used and names its successor.
pub(crate) async fn rotate(
    tx: &mut Query,
    id: Uuid,
    (successor, key): (Uuid, Option<&[u8]>),
    now: DateTime<Utc>,
) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update refresh_tokens set used_at = $2, successor_id = $3, used_key = $4 where id = $1 and used_at is null"
    );
    tx.exec_one(UPDATE, &[&id, &now, &successor, &key]).await
}

/// Keeps a session alive.
pub(crate) async fn extend(
    tx: &mut Query,
    id: SessionId,
    tenant: TenantId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    const UPDATE: Sql = sql!("update sessions set tenant_id = $2, last_seen_at = $3, expires_at = $4 where id = $1");
    tx.exec_one(UPDATE, &[&id, &tenant, &now, &expires_at]).await
}

/// Remembers where a session works.
pub(crate) async fn set_tenant(tx: &mut Query, id: SessionId, tenant: TenantId) -> Result<()> {
    const UPDATE: Sql = sql!("update sessions set tenant_id = $2 where id = $1 and revoked_at is null");
    tx.exec_one(UPDATE, &[&id, &tenant]).await
}

/// Ends one living session of a user.
pub(crate) async fn revoke(
    tx: &mut Query,
    user: UserId,
    id: SessionId,
    because: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update sessions set revoked_at = $4, revoked_because = $3
         where id = $1 and user_id = $2 and revoked_at is null and expires_at > $4"
    );
    tx.exec_one(UPDATE, &[&id, &user, &because, &now]).await
}

/// Ends every session of a user, except one if named; gives their ids.
pub(crate) async fn revoke_all(
    tx: &mut Query,
    user: UserId,
    except: Option<Uuid>,
    because: &str,
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>> {
    const UPDATE: Sql = sql!(
        "update sessions set revoked_at = $4, revoked_because = $3
         where user_id = $1 and revoked_at is null and expires_at > $4 and ($2::uuid is null or id <> $2) returning id"
    );
    tx.values(UPDATE, &[&user, &except, &because, &now]).await
}

row! {
    /// A tenant somebody could work in.
    pub(crate) struct Place {
        pub tenant_id: TenantId,
        pub parent_id: Option<TenantId>,
        pub state: String,
    }
}

/// Where a user may work, the tenant worked in last first.
pub(crate) async fn places(tx: &mut Query, user: UserId) -> Result<Vec<Place>> {
    const SELECT: Sql = sql!(
        "select m.tenant_id, t.parent_id, t.state from memberships m join tenants t on t.id = m.tenant_id
         where m.user_id = $1 and m.state = 'active' and t.state not in ('warming', 'ready', 'deleting', 'deleted')
         order by (select max(s.last_seen_at) from sessions s where s.user_id = $1 and s.tenant_id = m.tenant_id)
           desc nulls last, m.created_at, m.tenant_id"
    );
    tx.rows(SELECT, &[&user]).await
}

row! {
    /// What is known of a user's devices.
    pub(crate) struct DeviceRow {
        pub known: bool,
        pub first: bool,
    }
}

/// Remembers a device; tells whether it was known, and whether it is the first one of all.
pub(crate) async fn note_device(tx: &mut Query, user: UserId, device: &[u8], now: DateTime<Utc>) -> Result<DeviceRow> {
    const SELECT: Sql = sql!(
        "select exists (select 1 from known_devices where user_id = $1 and device = $2) as known,
           not exists (select 1 from known_devices where user_id = $1) as first"
    );
    const UPSERT: Sql = sql!(
        "insert into known_devices (user_id, device, first_seen_at, last_seen_at) values ($1, $2, $3, $3)
         on conflict (user_id, device) do update set last_seen_at = excluded.last_seen_at"
    );
    let row = tx.row(SELECT, &[&user, &device]).await?;
    tx.exec(UPSERT, &[&user, &device, &now]).await?;
    Ok(row)
}

/// Deletes what ended long ago; gives how many rows.
pub(crate) async fn sweep(tx: &mut Query, now: DateTime<Utc>) -> Result<u64> {
    const SIGN_UPS: Sql = sql!("delete from sign_ups where expires_at < $1::timestamptz - interval '7 days'");
    const RESETS: Sql = sql!("delete from password_resets where expires_at < $1::timestamptz - interval '7 days'");
    const SESSIONS: Sql = sql!(
        "delete from sessions where expires_at < $1::timestamptz - interval '30 days' or revoked_at < $1::timestamptz - interval '30 days'"
    );
    const ADMINS: Sql = sql!("delete from admin_sessions where expires_at < $1::timestamptz - interval '30 days'");
    const DEVICES: Sql = sql!("delete from known_devices where last_seen_at < $1::timestamptz - interval '400 days'");
    const EMAILS: Sql = sql!("delete from email_changes where revert_until < $1");
    const CEREMONIES: Sql = sql!("delete from passkey_ceremonies where expires_at < $1");
    let mut rows = 0;
    for statement in [SIGN_UPS, RESETS, SESSIONS, ADMINS, DEVICES, EMAILS, CEREMONIES] {
        rows += tx.exec(statement, &[&now]).await?;
    }
    Ok(rows)
}
