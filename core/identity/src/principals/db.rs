//! What is looked up for a credential, each time in one statement.
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Query, Sql},
    row, sql,
};
use uuid::Uuid;

row! {
    /// A member as his session shows him.
    pub(crate) struct SessionMemberRow {
        /// `[{"*": "all"}, …]`
        pub grants: serde_json::Value,
        /// Members of his teams, himself included.
        pub team_members: Vec<Uuid>,
        /// End of the session.
        pub expires_at: DateTime<Utc>,
    }
}

row! {
    /// A member.
    pub(crate) struct MemberRow {
        /// `[{"*": "all"}, …]`
        pub grants: serde_json::Value,
        /// Members of his teams, himself included.
        pub team_members: Vec<Uuid>,
    }
}

/// The member behind a living session, if he still is one.
pub(crate) async fn session_member(
    tx: &mut Query,
    session: Uuid,
    user: Uuid,
    tenant: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<SessionMemberRow>> {
    const SELECT: Sql = sql!(
        "select coalesce((select jsonb_agg(r.grants) from member_roles mr join roles r on r.id = mr.role_id
             where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id), '[]') as grants,
           array(select m.user_id union select other.user_id from team_members mine
             join team_members other on other.team_id = mine.team_id
             where mine.tenant_id = m.tenant_id and mine.user_id = m.user_id) as team_members, s.expires_at
         from sessions s join users u on u.id = s.user_id
         join memberships m on m.user_id = s.user_id and m.tenant_id = $3
         where s.id = $1 and s.user_id = $2 and s.revoked_at is null and s.expires_at > $4
           and u.state = 'active' and m.state = 'active'"
    );
    tx.opt(SELECT, &[&session, &user, &tenant, &now]).await
}

/// An active member, whatever his sessions.
pub(crate) async fn member(tx: &mut Query, user: Uuid, tenant: Uuid) -> Result<Option<MemberRow>> {
    const SELECT: Sql = sql!(
        "select coalesce((select jsonb_agg(r.grants) from member_roles mr join roles r on r.id = mr.role_id
             where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id), '[]') as grants,
           array(select m.user_id union select other.user_id from team_members mine
             join team_members other on other.team_id = mine.team_id
             where mine.tenant_id = m.tenant_id and mine.user_id = m.user_id) as team_members
         from memberships m join users u on u.id = m.user_id
         where m.user_id = $1 and m.tenant_id = $2 and m.state = 'active' and u.state = 'active'"
    );
    tx.opt(SELECT, &[&user, &tenant]).await
}

row! {
    /// An API key that may be used.
    pub(crate) struct KeyRow {
        pub id: Uuid,
        pub tenant_id: Uuid,
        pub scopes: serde_json::Value,
        pub addresses: Vec<String>,
        pub expires_at: Option<DateTime<Utc>>,
        pub team_members: Vec<Uuid>,
    }
}

/// The key with this hash, if it is neither revoked nor expired.
pub(crate) async fn api_key(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<KeyRow>> {
    const SELECT: Sql = sql!(
        "select k.id, k.tenant_id, k.scopes, k.addresses, k.expires_at,
           array(select k.created_by union select other.user_id from team_members mine
             join team_members other on other.team_id = mine.team_id
             where mine.tenant_id = k.tenant_id and mine.user_id = k.created_by) as team_members
         from api_keys k
         where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)"
    );
    tx.opt(SELECT, &[&hash, &now]).await
}

/// Remembers that a key was used, once a minute at most.
pub(crate) async fn api_key_used(tx: &mut Query, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update api_keys set last_used_at = $2
         where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')"
    );
    tx.exec(UPDATE, &[&id, &now]).await.map(drop)
}

row! {
    /// An impersonation in force.
    pub(crate) struct ImpersonationRow {
        pub tenant_id: Uuid,
        pub home_id: Option<Uuid>,
        pub impersonator_id: Uuid,
        pub session_id: Uuid,
        pub member_id: Option<Uuid>,
        pub on_behalf_of: Uuid,
        pub may_act: bool,
        pub expires_at: DateTime<Utc>,
    }
}

/// The impersonation, if it goes on.
pub(crate) async fn impersonation(tx: &mut Query, id: Uuid, now: DateTime<Utc>) -> Result<Option<ImpersonationRow>> {
    const SELECT: Sql = sql!(
        "select tenant_id, home_id, impersonator_id, session_id, member_id, on_behalf_of, may_act, expires_at
         from impersonations where id = $1 and ended_at is null and expires_at > $2"
    );
    tx.opt(SELECT, &[&id, &now]).await
}

row! {
    /// A platform admin as his session shows him.
    pub(crate) struct SessionAdminRow {
        pub grants: serde_json::Value,
        /// End of the session.
        pub expires_at: DateTime<Utc>,
    }
}

/// The grants of the platform admin behind a living admin session.
pub(crate) async fn admin_grants(
    tx: &mut Query,
    session: Uuid,
    admin: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<SessionAdminRow>> {
    const SELECT: Sql = sql!(
        "select r.grants, s.expires_at from admin_sessions s join platform_admins a on a.id = s.admin_id
         join roles r on r.id = a.role_id
         where s.id = $1 and s.admin_id = $2 and s.revoked_at is null and s.expires_at > $3 and a.state = 'active'"
    );
    tx.opt(SELECT, &[&session, &admin, &now]).await
}

/// What the owner of a tenant of this kind may do.
pub(crate) async fn owner_grants(tx: &mut Query, key: &str) -> Result<serde_json::Value> {
    const SELECT: Sql = sql!("select grants from roles where tenant_id is null and key = $1");
    tx.value(SELECT, &[&key]).await
}
