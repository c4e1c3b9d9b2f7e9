//! Statements for explanations.
use crate::roles::model::{GrantMap, RoleId};
use kernel::{
    Result,
    db::{Query, Sql},
    ids::{TenantId, UserId},
    row, sql,
};

row! {
    /// A role somebody has.
    pub(crate) struct HeldRole {
        pub id: RoleId,
        pub name: String,
        pub grants: GrantMap,
    }
}

/// The roles of a member.
pub(crate) async fn roles(tx: &mut Query, tenant: TenantId, user: UserId) -> Result<Vec<HeldRole>> {
    const SELECT: Sql = sql!(
        "select r.id, r.name, r.grants from member_roles mr join roles r on r.id = mr.role_id
         where mr.tenant_id = $1 and mr.user_id = $2 order by r.name, r.id"
    );
    tx.rows(SELECT, &[&tenant, &user]).await
}

/// `active` or `disabled`; none for somebody who is no member.
pub(crate) async fn state(tx: &mut Query, tenant: TenantId, user: UserId) -> Result<Option<String>> {
    const SELECT: Sql = sql!(
        "select case when u.state = 'active' then m.state else 'disabled' end
         from memberships m join users u on u.id = m.user_id where m.tenant_id = $1 and m.user_id = $2"
    );
    tx.value_opt(SELECT, &[&tenant, &user]).await
}

/// The members of his teams, himself included.
pub(crate) async fn team(tx: &mut Query, tenant: TenantId, user: UserId) -> Result<Vec<uuid::Uuid>> {
    const SELECT: Sql = sql!(
        "select $2::uuid union select other.user_id from team_members mine
         join team_members other on other.team_id = mine.team_id where mine.tenant_id = $1 and mine.user_id = $2"
    );
    tx.values(SELECT, &[&tenant, &user]).await
}
