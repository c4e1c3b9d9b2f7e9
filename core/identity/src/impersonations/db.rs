//! Statements about impersonations.
use super::model::{Impersonation, ImpersonationId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Query, Sql},
    http::Page,
    ids::{TenantId, UserId},
    row, sql,
};
use postgres_types::Type;
use uuid::Uuid;

/// The impersonations that a tenant may know of: in it, or by its members.
const LIST: ListSpec = ListSpec {
    select: "select id, tenant_id as tenant, home_id as home, impersonator_kind, impersonator_name as impersonator, member_id as member, reason, may_act, created_at, expires_at, ended_at from impersonations",
    id: "id",
    always: "",
    fields: &[
        Field { name: "tenant", sql: "tenant_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "member", sql: "member_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "created_at", sql: "created_at", kind: FieldKind::Time, sort: Some("created_at") },
        Field { name: "ended_at", sql: "ended_at", kind: FieldKind::Time, sort: None },
    ],
    default_sort: "-created_at",
};

/// Every one, for the platform.
pub(crate) const EVERYWHERE: ListSpec = ListSpec {
    select: "select i.id, i.tenant_id as tenant, t.name as tenant_name, i.impersonator_kind, i.impersonator_name as impersonator, m.name as member, i.reason, i.may_act, i.created_at, i.expires_at, i.ended_at from control.impersonations i join control.tenants t on t.id = i.tenant_id left join control.memberships m on m.tenant_id = i.tenant_id and m.user_id = i.member_id",
    id: "i.id",
    always: "",
    fields: &[
        Field { name: "tenant", sql: "i.tenant_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "impersonator_kind", sql: "i.impersonator_kind", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "i.created_at", kind: FieldKind::Time, sort: Some("i.created_at") },
        Field { name: "expires_at", sql: "i.expires_at", kind: FieldKind::Time, sort: None },
        Field { name: "ended_at", sql: "i.ended_at", kind: FieldKind::Time, sort: None },
    ],
    default_sort: "-created_at",
};

/// One page of those that a tenant may know of.
pub(crate) async fn list(tx: &mut Query, tenant: TenantId, query: &ListQuery) -> Result<Page<Impersonation>> {
    tx.list(&LIST, query, &[Clause("(tenant_id = ? or home_id = ?)", &tenant, Type::UUID)]).await
}

/// One, if it is in the tenant or by its members.
pub(crate) async fn get(tx: &mut Query, tenant: TenantId, id: ImpersonationId) -> Result<Impersonation> {
    const SELECT: Sql = sql!(
        "select id, tenant_id as tenant, home_id as home, impersonator_kind, impersonator_name as impersonator,
           member_id as member, reason, may_act, created_at, expires_at, ended_at
         from impersonations where id = $2 and (tenant_id = $1 or home_id = $1)"
    );
    tx.row(SELECT, &[&tenant, &id]).await
}

row! {
    /// The two people of an impersonation.
    pub(crate) struct PeopleRow {
        pub impersonator_id: Uuid,
        pub on_behalf_of: Uuid,
    }
}

/// Who started one, and in whose place.
pub(crate) async fn people(tx: &mut Query, id: ImpersonationId) -> Result<PeopleRow> {
    const SELECT: Sql = sql!("select impersonator_id, on_behalf_of from impersonations where id = $1");
    tx.row(SELECT, &[&id]).await
}

/// An impersonation to store.
pub(crate) struct NewRow<'a> {
    pub id: ImpersonationId,
    pub tenant: TenantId,
    pub home: Option<TenantId>,
    pub kind: &'a str,
    pub impersonator: Uuid,
    pub name: &'a str,
    pub session: Uuid,
    pub member: Option<UserId>,
    pub on_behalf_of: Uuid,
    pub reason: &'a str,
    pub may_act: bool,
    pub expires_at: DateTime<Utc>,
}

/// Adds one.
pub(crate) async fn insert(tx: &mut Query, new: &NewRow<'_>, now: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into impersonations (id, tenant_id, home_id, impersonator_kind, impersonator_id, impersonator_name,
           session_id, member_id, on_behalf_of, reason, may_act, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let values: [&(dyn postgres_types::ToSql + Sync); 13] = [
        &new.id,
        &new.tenant,
        &new.home,
        &new.kind,
        &new.impersonator,
        &new.name,
        &new.session,
        &new.member,
        &new.on_behalf_of,
        &new.reason,
        &new.may_act,
        &now,
        &new.expires_at,
    ];
    tx.exec(INSERT, &values).await.map(drop)
}

/// Ends one that goes on.
pub(crate) async fn end(tx: &mut Query, id: ImpersonationId, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: Sql =
        sql!("update impersonations set ended_at = $2 where id = $1 and ended_at is null and expires_at > $2");
    tx.exec_one(UPDATE, &[&id, &now]).await
}

row! {
    /// A tenant as an impersonation needs it.
    pub(crate) struct TenantRow {
        pub kind: String,
        pub parent_id: Option<Uuid>,
    }
}

/// What a tenant is called, whatever its state.
pub(crate) async fn name_of(tx: &mut Query, tenant: TenantId) -> Result<String> {
    tx.value(sql!("select name from tenants where id = $1"), &[&tenant]).await
}

/// A living tenant.
pub(crate) async fn tenant(tx: &mut Query, id: TenantId) -> Result<TenantRow> {
    const SELECT: Sql = sql!(
        "select coalesce(kind, '') as kind, parent_id from tenants
         where id = $1 and kind is not null and state in ('active', 'read_only', 'suspended')"
    );
    tx.row(SELECT, &[&id]).await
}

/// The member who has had the role for longest: the owner, as far as a tenant has one.
pub(crate) async fn owner(tx: &mut Query, tenant: TenantId, role_key: &str) -> Result<Option<Uuid>> {
    const SELECT: Sql = sql!(
        "select m.user_id from memberships m
         join member_roles mr on mr.tenant_id = m.tenant_id and mr.user_id = m.user_id
         join roles r on r.id = mr.role_id
         where m.tenant_id = $1 and m.state = 'active' and r.tenant_id is null and r.key = $2
         order by m.created_at, m.user_id limit 1"
    );
    tx.value_opt(SELECT, &[&tenant, &role_key]).await
}

/// Whether somebody is an active member.
pub(crate) async fn is_member(tx: &mut Query, tenant: TenantId, user: UserId) -> Result<bool> {
    const SELECT: Sql =
        sql!("select exists (select 1 from memberships where tenant_id = $1 and user_id = $2 and state = 'active')");
    tx.value(SELECT, &[&tenant, &user]).await
}
