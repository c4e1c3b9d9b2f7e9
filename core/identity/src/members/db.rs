//! Statements about members.
use super::model::{Member, MemberName};
use crate::{roles::model::RoleId, teams::model::TeamId};
use chrono::{DateTime, Utc};
use kernel::{
    Error, OnConstraint, Result,
    db::{Field, FieldKind, ListSpec, Query, Sql},
    ids::{TenantId, UserId},
    row, sql,
};
use uuid::Uuid;

/// The members of a tenant.
pub(crate) const LIST: ListSpec = ListSpec {
    select: "select m.user_id as id, m.name, u.email, m.state, m.created_at, m.version,
       array(select mr.role_id from member_roles mr where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id order by 1) as roles,
       array(select tm.team_id from team_members tm where tm.tenant_id = m.tenant_id and tm.user_id = m.user_id order by 1) as teams,
       exists (select 1 from totp t where t.user_id = m.user_id and t.confirmed_at is not null) as second_factor,
       (select max(s.last_seen_at) from sessions s where s.user_id = m.user_id and s.tenant_id = m.tenant_id) as last_seen_at
       from memberships m join users u on u.id = m.user_id",
    id: "m.user_id",
    always: "",
    fields: &[
        Field { name: "name", sql: "m.name", kind: FieldKind::Text, sort: Some("lower(m.name)") },
        Field { name: "email", sql: "u.email", kind: FieldKind::Text, sort: Some("u.email") },
        Field { name: "state", sql: "m.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "m.created_at", kind: FieldKind::Time, sort: Some("m.created_at") },
    ],
    default_sort: "name",
};

/// One member.
pub(crate) async fn get(tx: &mut Query, tenant: TenantId, user: UserId) -> Result<Member> {
    const SELECT: Sql = sql!(
        "select m.user_id as id, m.name, u.email, m.state, m.created_at, m.version,
           array(select mr.role_id from member_roles mr
             where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id order by 1) as roles,
           array(select tm.team_id from team_members tm
             where tm.tenant_id = m.tenant_id and tm.user_id = m.user_id order by 1) as teams,
           exists (select 1 from totp t where t.user_id = m.user_id and t.confirmed_at is not null) as second_factor,
           (select max(s.last_seen_at) from sessions s
             where s.user_id = m.user_id and s.tenant_id = m.tenant_id) as last_seen_at
         from memberships m join users u on u.id = m.user_id where m.tenant_id = $1 and m.user_id = $2"
    );
    tx.row(SELECT, &[&tenant, &user]).await
}

/// Holds everything about the members of a tenant until the transaction ends: who is an owner is decided one at a time.
pub(crate) async fn lock_tenant(tx: &mut Query, tenant: TenantId) -> Result<()> {
    const LOCK: Sql = sql!("select 1 from tenants where id = $1 for no key update");
    tx.exec_one(LOCK, &[&tenant]).await
}

/// How many members a tenant has.
pub(crate) async fn count(tx: &mut Query, tenant: TenantId) -> Result<i64> {
    const SELECT: Sql = sql!("select count(*) from memberships where tenant_id = $1");
    tx.value(SELECT, &[&tenant]).await
}

/// How many active members have the seeded role.
pub(crate) async fn holders(tx: &mut Query, tenant: TenantId, role_key: &str) -> Result<i64> {
    const SELECT: Sql = sql!(
        "select count(*) from member_roles mr join roles r on r.id = mr.role_id
         join memberships m on m.tenant_id = mr.tenant_id and m.user_id = mr.user_id
         join users u on u.id = m.user_id
         where mr.tenant_id = $1 and r.tenant_id is null and r.key = $2 and m.state = 'active' and u.state = 'active'"
    );
    tx.value(SELECT, &[&tenant, &role_key]).await
}

/// Who of the active members has the seeded role.
pub(crate) async fn who_holds(tx: &mut Query, tenant: TenantId, role_key: &str) -> Result<Vec<Uuid>> {
    const SELECT: Sql = sql!(
        "select m.user_id from member_roles mr join roles r on r.id = mr.role_id
         join memberships m on m.tenant_id = mr.tenant_id and m.user_id = mr.user_id
         join users u on u.id = m.user_id
         where mr.tenant_id = $1 and r.tenant_id is null and r.key = $2 and m.state = 'active' and u.state = 'active'
         order by m.user_id"
    );
    tx.values(SELECT, &[&tenant, &role_key]).await
}

/// Adds a member.
pub(crate) async fn insert(
    tx: &mut Query,
    tenant: TenantId,
    user: UserId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    const INSERT: Sql =
        sql!("insert into memberships (tenant_id, user_id, name, created_at, updated_at) values ($1, $2, $3, $4, $4)");
    tx.exec(INSERT, &[&tenant, &user, &name, &now])
        .await
        .map(drop)
        .on_constraint("memberships_pkey", || Error::conflict("member_exists", "This person is a member already."))
}

/// Changes a member; gives the new version.
pub(crate) async fn update(
    tx: &mut Query,
    (tenant, user): (TenantId, UserId),
    (name, state): (Option<&str>, Option<&str>),
    now: DateTime<Utc>,
) -> Result<i64> {
    const UPDATE: Sql = sql!(
        "update memberships set name = coalesce($3, name), state = coalesce($4, state), updated_at = $5,
           version = version + 1 where tenant_id = $1 and user_id = $2 returning version"
    );
    tx.value(UPDATE, &[&tenant, &user, &name, &state, &now]).await
}

/// Removes a member with his roles and teams.
pub(crate) async fn delete(tx: &mut Query, tenant: TenantId, user: UserId) -> Result<()> {
    const DELETE: Sql = sql!("delete from memberships where tenant_id = $1 and user_id = $2");
    tx.exec_one(DELETE, &[&tenant, &user]).await
}

/// Gives a member exactly these roles.
pub(crate) async fn set_roles(tx: &mut Query, tenant: TenantId, user: UserId, roles: &[RoleId]) -> Result<()> {
    const DELETE: Sql = sql!("delete from member_roles where tenant_id = $1 and user_id = $2 and role_id <> all($3)");
    const INSERT: Sql = sql!(
        "insert into member_roles (tenant_id, user_id, role_id) select $1, $2, role from unnest($3::uuid[]) as role
         on conflict do nothing"
    );
    tx.exec(DELETE, &[&tenant, &user, &roles]).await?;
    tx.exec(INSERT, &[&tenant, &user, &roles]).await.map(drop).on_constraint("member_roles_role_id_fkey", || {
        Error::invalid("/roles", "role_unknown", "A role was deleted meanwhile. Choose again.")
    })
}

/// Puts a member into exactly these teams.
pub(crate) async fn set_teams(tx: &mut Query, tenant: TenantId, user: UserId, teams: &[TeamId]) -> Result<()> {
    const DELETE: Sql = sql!("delete from team_members where tenant_id = $1 and user_id = $2 and team_id <> all($3)");
    const INSERT: Sql = sql!(
        "insert into team_members (tenant_id, team_id, user_id) select $1, team, $2 from unnest($3::uuid[]) as team
         on conflict do nothing"
    );
    tx.exec(DELETE, &[&tenant, &user, &teams]).await?;
    tx.exec(INSERT, &[&tenant, &user, &teams]).await.map(drop).on_constraint("team_members_team_fkey", || {
        Error::invalid("/teams", "team_unknown", "Name only teams of this tenant.")
    })
}

row! {
    /// The name of a member and his address, for mails and lists.
    #[derive(Debug, Clone)]
    pub struct Person {
        /// The person.
        pub id: UserId,
        /// His name in the tenant.
        pub name: String,
        /// His address.
        pub email: String,
        /// His language.
        pub locale: String,
    }
}

/// Active members of a tenant, all of them or those with these ids.
pub(crate) async fn people(tx: &mut Query, tenant: TenantId, only: Option<&[Uuid]>) -> Result<Vec<Person>> {
    const SELECT: Sql = sql!(
        "select u.id, m.name, u.email, u.locale from memberships m join users u on u.id = m.user_id
         where m.tenant_id = $1 and m.state = 'active' and u.state = 'active'
           and ($2::uuid[] is null or m.user_id = any($2)) order by m.created_at, m.user_id"
    );
    tx.rows(SELECT, &[&tenant, &only]).await
}

row! {
    /// An active person with his roles.
    #[derive(Debug, Clone)]
    pub(crate) struct HolderRow {
        /// The person.
        pub id: UserId,
        /// Whether he is a member of the tenant itself.
        pub is_member: bool,
        /// `[{"*": "all"}, …]`
        pub grants: serde_json::Value,
    }
}

/// Active members of a tenant, and of these people those of its agency; whoever is both counts as a member.
pub(crate) async fn holders_of(
    tx: &mut Query,
    tenant: TenantId,
    agency: Option<TenantId>,
    people: &[Uuid],
) -> Result<Vec<HolderRow>> {
    const SELECT: Sql = sql!(
        "select h.id, h.is_member, h.grants from (
           select distinct on (m.user_id) m.user_id as id, m.tenant_id = $1 as is_member, m.state = 'active' and u.state = 'active' as is_active,
             coalesce((select jsonb_agg(r.grants) from member_roles mr join roles r on r.id = mr.role_id
               where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id), '[]') as grants
           from memberships m join users u on u.id = m.user_id
           where m.tenant_id = $1 or (m.tenant_id = $2 and m.user_id = any($3))
           order by m.user_id, (m.tenant_id = $1) desc) h
         where h.is_active"
    );
    tx.rows(SELECT, &[&tenant, &agency, &people]).await
}

/// What those of these people are called who are members of a tenant, as far as they are `seen`, or of its agency; whoever is both has
/// his name here.
pub(crate) async fn names(
    tx: &mut Query,
    (tenant, agency): (TenantId, Option<TenantId>),
    people: &[Uuid],
    seen: Option<&[Uuid]>,
) -> Result<Vec<MemberName>> {
    const NAMES: Sql = sql!(
        "select distinct on (m.user_id) m.user_id as id, m.name from memberships m
         where m.user_id = any($3) and (m.tenant_id = $2 or (m.tenant_id = $1 and ($4::uuid[] is null or m.user_id = any($4))))
         order by m.user_id, (m.tenant_id = $1) desc"
    );
    tx.rows(NAMES, &[&tenant, &agency, &people, &seen]).await
}

row! {
    /// A member with what his roles grant.
    pub(crate) struct Granted {
        /// The person.
        pub id: UserId,
        /// His name in the tenant.
        pub name: String,
        /// `[{"*": "all"}, …]`
        pub grants: serde_json::Value,
        /// Members of his teams, himself included.
        pub team_members: Vec<Uuid>,
    }
}

/// Active members of a tenant with what their roles grant, by name.
pub(crate) async fn granted(tx: &mut Query, tenant: TenantId) -> Result<Vec<Granted>> {
    const SELECT: Sql = sql!(
        "select u.id, m.name, coalesce((select jsonb_agg(r.grants) from member_roles mr join roles r on r.id = mr.role_id
             where mr.tenant_id = m.tenant_id and mr.user_id = m.user_id), '[]') as grants,
           array(select m.user_id union select other.user_id from team_members mine
             join team_members other on other.team_id = mine.team_id
             where mine.tenant_id = m.tenant_id and mine.user_id = m.user_id) as team_members
         from memberships m join users u on u.id = m.user_id
         where m.tenant_id = $1 and m.state = 'active' and u.state = 'active' order by lower(m.name), m.user_id"
    );
    tx.rows(SELECT, &[&tenant]).await
}

/// Which of these people are active members of any of these tenants.
pub(crate) async fn members_of_any(tx: &mut Query, tenants: &[Uuid], people: &[Uuid]) -> Result<Vec<UserId>> {
    const SELECT: Sql = sql!(
        "select distinct m.user_id from memberships m join users u on u.id = m.user_id
         where m.tenant_id = any($1) and m.user_id = any($2) and m.state = 'active' and u.state = 'active'"
    );
    tx.values(SELECT, &[&tenants, &people]).await
}
