//! Statements about invitations.
use super::model::{Invitation, InvitationId};
use crate::{roles::model::RoleId, teams::model::TeamId};
use chrono::{DateTime, Utc};
use kernel::{
    Error, OnConstraint, Result,
    db::{Field, FieldKind, ListSpec, Query, Sql},
    ids::TenantId,
    row, sql,
};
use uuid::Uuid;

/// The invitations of a tenant.
pub(crate) const LIST: ListSpec = ListSpec {
    select: "select id, email, role_ids as roles, team_ids as teams, state, locale, invited_by, created_at, expires_at, accepted_at from invitations",
    id: "id",
    always: "",
    fields: &[
        Field { name: "email", sql: "email", kind: FieldKind::Text, sort: Some("email") },
        Field { name: "state", sql: "state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "created_at", kind: FieldKind::Time, sort: Some("created_at") },
        Field { name: "expires_at", sql: "expires_at", kind: FieldKind::Time, sort: None },
    ],
    default_sort: "-created_at",
};

/// One invitation.
pub(crate) async fn get(tx: &mut Query, tenant: TenantId, id: InvitationId) -> Result<Invitation> {
    const SELECT: Sql = sql!(
        "select id, email, role_ids as roles, team_ids as teams, state, locale, invited_by, created_at, expires_at, accepted_at
         from invitations where tenant_id = $1 and id = $2"
    );
    tx.row(SELECT, &[&tenant, &id]).await
}

/// Whether somebody with the address is a member.
pub(crate) async fn is_member(tx: &mut Query, tenant: TenantId, email: &str) -> Result<bool> {
    const SELECT: Sql = sql!(
        "select exists (select 1 from memberships m join users u on u.id = m.user_id
           where m.tenant_id = $1 and u.email = $2)"
    );
    tx.value(SELECT, &[&tenant, &email]).await
}

/// An invitation to store.
pub(crate) struct NewRow<'a> {
    pub id: InvitationId,
    pub tenant: TenantId,
    pub email: &'a str,
    pub roles: &'a [RoleId],
    pub teams: &'a [TeamId],
    pub token_hash: &'a [u8],
    pub invited_by: Option<Uuid>,
    pub locale: &'a str,
    pub expires_at: DateTime<Utc>,
}

/// Adds an invitation; an expired one to the same address gives way.
pub(crate) async fn insert(tx: &mut Query, new: &NewRow<'_>, now: DateTime<Utc>) -> Result<()> {
    const EXPIRED: Sql = sql!(
        "update invitations set state = 'revoked'
         where tenant_id = $1 and email = $2 and state = 'pending' and expires_at <= $3"
    );
    const INSERT: Sql = sql!(
        "insert into invitations (id, tenant_id, email, role_ids, team_ids, token_hash, invited_by, locale, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    tx.exec(EXPIRED, &[&new.tenant, &new.email, &now]).await?;
    let values: [&(dyn postgres_types::ToSql + Sync); 10] = [
        &new.id,
        &new.tenant,
        &new.email,
        &new.roles,
        &new.teams,
        &new.token_hash,
        &new.invited_by,
        &new.locale,
        &now,
        &new.expires_at,
    ];
    tx.exec(INSERT, &values).await.map(drop).on_constraint("invitations_pending_key", || {
        Error::conflict("invitation_pending", "This address was invited already. Take that invitation back first.")
    })
}

/// Gives a pending invitation, expired or not, another token and a new end; whoever accepts it or sends it again waits.
pub(crate) async fn renew(
    tx: &mut Query,
    (tenant, id): (TenantId, InvitationId),
    token_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<Open> {
    const UPDATE: Sql = sql!(
        "update invitations i set token_hash = $3, expires_at = $4 where i.tenant_id = $1 and i.id = $2 and i.state = 'pending'
         returning i.id, i.tenant_id, i.email, i.locale,
           array(select r.id from roles r where r.id = any(i.role_ids)) as role_ids,
           array(select t.id from teams t where t.tenant_id = i.tenant_id and t.id = any(i.team_ids)) as team_ids"
    );
    tx.row(UPDATE, &[&tenant, &id, &token_hash, &expires_at]).await
}

/// Takes a pending invitation back.
pub(crate) async fn revoke(tx: &mut Query, tenant: TenantId, id: InvitationId) -> Result<()> {
    const UPDATE: Sql =
        sql!("update invitations set state = 'revoked' where tenant_id = $1 and id = $2 and state = 'pending'");
    tx.exec_one(UPDATE, &[&tenant, &id]).await
}

row! {
    /// An invitation that can be accepted.
    pub(crate) struct Open {
        pub id: InvitationId,
        pub tenant_id: TenantId,
        pub email: String,
        pub locale: String,
        pub role_ids: Vec<RoleId>,
        pub team_ids: Vec<Uuid>,
    }
}

/// The invitation with this token, while it can be accepted.
pub(crate) async fn open(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Open>> {
    const SELECT: Sql = sql!(
        "select id, tenant_id, email, locale, role_ids, team_ids from invitations
         where token_hash = $1 and state = 'pending' and expires_at > $2"
    );
    tx.opt(SELECT, &[&hash, &now]).await
}

/// Spends an invitation: exactly one caller gets it. Roles and teams that were deleted meanwhile are left out.
pub(crate) async fn accept(tx: &mut Query, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Open>> {
    const UPDATE: Sql = sql!(
        "update invitations i set state = 'accepted', accepted_at = $2
         where i.token_hash = $1 and i.state = 'pending' and i.expires_at > $2
         returning i.id, i.tenant_id, i.email, i.locale,
           array(select r.id from roles r where r.id = any(i.role_ids)) as role_ids,
           array(select t.id from teams t where t.tenant_id = i.tenant_id and t.id = any(i.team_ids)) as team_ids"
    );
    tx.opt(UPDATE, &[&hash, &now]).await
}

/// Invitations that wait for somebody at one address wait at another one of his, but where he is invited there already.
pub(crate) async fn move_to(tx: &mut Query, from: &str, to: &str) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update invitations i set email = $2 where i.email = $1 and i.state = 'pending' and not exists (
           select 1 from invitations o where o.tenant_id = i.tenant_id and o.email = $2 and o.state = 'pending')"
    );
    tx.exec(UPDATE, &[&from, &to]).await.map(drop).on_constraint("invitations_pending_key", || {
        Error::conflict("invitation_pending", "An invitation went to the new address in this moment. Try again.")
    })
}

/// How many of the teams are the tenant's.
pub(crate) async fn count_teams(tx: &mut Query, tenant: TenantId, teams: &[TeamId]) -> Result<i64> {
    const SELECT: Sql = sql!("select count(*) from teams where tenant_id = $1 and id = any($2)");
    tx.value(SELECT, &[&tenant, &teams]).await
}

/// Name of a member, for the mail.
pub(crate) async fn member_name(tx: &mut Query, tenant: TenantId, user: Uuid) -> Result<Option<String>> {
    const SELECT: Sql = sql!("select name from memberships where tenant_id = $1 and user_id = $2");
    tx.value_opt(SELECT, &[&tenant, &user]).await
}
