//! Statements about teams.
use super::model::{Team, TeamId};
use chrono::{DateTime, Utc};
use kernel::{
    Error, OnConstraint, Result,
    db::{Field, FieldKind, ListSpec, Query, Sql},
    ids::{TenantId, UserId},
    sql,
};

/// The teams of a tenant.
pub(crate) const LIST: ListSpec = ListSpec {
    select: "select t.id, t.name, t.created_at, t.version,
       array(select tm.user_id from team_members tm where tm.team_id = t.id order by 1) as members from teams t",
    id: "t.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "t.name", kind: FieldKind::Text, sort: Some("lower(t.name)") },
        Field { name: "created_at", sql: "t.created_at", kind: FieldKind::Time, sort: Some("t.created_at") },
    ],
    default_sort: "name",
};

/// One team.
pub(crate) async fn get(tx: &mut Query, tenant: TenantId, id: TeamId) -> Result<Team> {
    const SELECT: Sql = sql!(
        "select t.id, t.name, t.created_at, t.version,
           array(select tm.user_id from team_members tm where tm.team_id = t.id order by 1) as members
         from teams t where t.tenant_id = $1 and t.id = $2"
    );
    tx.row(SELECT, &[&tenant, &id]).await
}

/// Holds a team until the transaction ends.
pub(crate) async fn lock(tx: &mut Query, tenant: TenantId, id: TeamId) -> Result<()> {
    const LOCK: Sql = sql!("select 1 from teams where tenant_id = $1 and id = $2 for update");
    tx.exec_one(LOCK, &[&tenant, &id]).await
}

fn taken() -> Error {
    Error::conflict("team_name_taken", "There is a team with this name.")
}

/// Adds a team.
pub(crate) async fn insert(tx: &mut Query, tenant: TenantId, id: TeamId, name: &str, now: DateTime<Utc>) -> Result<()> {
    const INSERT: Sql =
        sql!("insert into teams (id, tenant_id, name, created_at, updated_at) values ($1, $2, $3, $4, $4)");
    tx.exec(INSERT, &[&id, &tenant, &name, &now]).await.map(drop).on_constraint("teams_name_key", taken)
}

/// Renames a team, or only counts its version up.
pub(crate) async fn update(
    tx: &mut Query,
    tenant: TenantId,
    id: TeamId,
    name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update teams set name = coalesce($3, name), updated_at = $4, version = version + 1
         where tenant_id = $1 and id = $2"
    );
    tx.exec_one(UPDATE, &[&tenant, &id, &name, &now]).await.on_constraint("teams_name_key", taken)
}

/// Makes exactly these people its members.
pub(crate) async fn set_members(tx: &mut Query, tenant: TenantId, id: TeamId, members: &[UserId]) -> Result<()> {
    const DELETE: Sql = sql!("delete from team_members where tenant_id = $1 and team_id = $2 and user_id <> all($3)");
    const INSERT: Sql = sql!(
        "insert into team_members (tenant_id, team_id, user_id) select $1, $2, member from unnest($3::uuid[]) as member
         on conflict do nothing"
    );
    tx.exec(DELETE, &[&tenant, &id, &members]).await?;
    tx.exec(INSERT, &[&tenant, &id, &members]).await.map(drop).on_constraint("team_members_member_fkey", || {
        Error::invalid("/members", "member_unknown", "Name only members of this tenant.")
    })
}

/// Deletes a team; its members stay members of the tenant.
pub(crate) async fn delete(tx: &mut Query, tenant: TenantId, id: TeamId) -> Result<()> {
    const DELETE: Sql = sql!("delete from teams where tenant_id = $1 and id = $2");
    tx.exec_one(DELETE, &[&tenant, &id]).await
}
