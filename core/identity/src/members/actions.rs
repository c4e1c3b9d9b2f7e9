//! Joining, changing and leaving a tenant.
pub use super::db::Person;
use super::{
    db,
    model::{Member, MemberChanges, MemberState},
};
use crate::{
    events,
    principals::{
        actions::{grants_of, owner_role},
        model::GrantPatterns,
    },
    roles::{
        self,
        model::{Role, RoleId},
    },
    teams::model::TeamId,
    users::model::check_name,
};
use kernel::{
    ControlTx, Cx, Error, Result,
    auth::{Level, Permission, Principal},
    error::FieldProblem,
    events::NewEvent,
    http::check_if_match,
    ids::{TenantId, UserId},
    tenancy::Tenant,
};
use serde_json::json;
use uuid::Uuid;

/// Somebody who becomes a member.
#[derive(Debug, Clone)]
pub(crate) struct Joining {
    pub tenant: TenantId,
    pub user: UserId,
    pub name: String,
    pub roles: Vec<RoleId>,
    pub teams: Vec<Uuid>,
}

/// Makes somebody a member, if the plan has room; the caller has checked the roles.
pub(crate) async fn join(tx: &mut ControlTx, who: Joining) -> Result<()> {
    let now = tx.now();
    // Locked before counting: of two people who join at once only one gets the last place.
    db::lock_tenant(tx, who.tenant).await?;
    check_room(tx, who.tenant).await?;
    db::insert(tx, who.tenant, who.user, &who.name, now).await?;
    db::set_roles(tx, who.tenant, who.user, &who.roles).await?;
    let teams: Vec<_> = who.teams.into_iter().map(TeamId).collect();
    db::set_teams(tx, who.tenant, who.user, &teams).await?;
    let event = NewEvent::new(events::MEMBER_ADDED, "members", who.user.0, "Member added");
    tx.record(Some(who.tenant), event.payload(&json!({"roles": who.roles}))).await.map(drop)
}

/// Refuses when the plan allows no further member.
pub(crate) async fn check_room(tx: &mut ControlTx, tenant: TenantId) -> Result<()> {
    let has = tenants::plans::entitlements_in(tx, tenant).await?;
    has.check("members", db::count(tx, tenant).await?, 1)
}

/// Active members with name, address and language, for mails of modules below: all, or those with these ids.
pub async fn people(tx: &mut ControlTx, tenant: TenantId, only: Option<&[Uuid]>) -> Result<Vec<Person>> {
    db::people(tx, tenant, only).await
}

/// Active members of the tenant, id and name, who see a record of this owner by each of these permissions.
pub async fn seeing(
    tx: &mut ControlTx,
    tenant: TenantId,
    owner: Option<Uuid>,
    permissions: &[&str],
) -> Result<Vec<(UserId, String)>> {
    let mut seeing = vec![];
    for member in db::granted(tx, tenant).await? {
        let grants = grants_of(tx.app(), &member.grants);
        let sees = permissions.iter().all(|permission| match grants.level(permission) {
            Level::All => true,
            Level::Team => owner.is_some_and(|owner| member.team_members.contains(&owner)),
            Level::Own => owner == Some(member.id.0),
            Level::No => false,
        });
        if sees {
            seeing.push((member.id, member.name));
        }
    }
    Ok(seeing)
}

/// Refuses (422 `member_unknown` at `field`) people who belong neither to the caller's tenant nor to its agency, whose
/// people work in its clients without being members there. For settings that name the people who look after something.
pub async fn require<P: Permission>(cx: &Cx<P>, field: &str, mut ids: Vec<UserId>) -> Result<()> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let wanted: Vec<_> = ids.iter().map(|id| id.0).collect();
    let tenants: Vec<_> = [Some(cx.tenant.id), cx.tenant.parent].into_iter().flatten().map(|t| t.0).collect();
    let known = cx.control(async |tx| db::members_of_any(tx, &tenants, &wanted).await).await?;
    let problem = |id: &UserId| FieldProblem {
        field: field.to_owned(),
        code: "member_unknown".into(),
        detail: format!("{id} is not a member here."),
    };
    let problems: Vec<_> = ids.iter().filter(|id| !known.contains(id)).map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::invalid_fields(problems)) }
}

/// Somebody who works in a tenant, and how far a permission reaches for him there.
#[derive(Debug, Clone)]
pub struct Reaching {
    /// The person.
    pub user: UserId,
    /// Whether he is a member of the tenant itself; else he is of its agency.
    pub is_member: bool,
    /// How far the permission reaches.
    pub level: Level,
}

/// How far a permission reaches for the active members of the caller's tenant, and for those of `people` who are of its
/// agency. Who is missing has left or is disabled.
pub async fn reaching<P: Permission>(cx: &Cx<P>, permission: &str, people: &[Uuid]) -> Result<Vec<Reaching>> {
    let (tenant, agency) = (cx.tenant.id, cx.tenant.parent);
    let rows = cx.control(async |tx| db::holders_of(tx, tenant, agency, people).await).await?;
    let reaching = rows.into_iter().map(|row| Reaching {
        user: row.id,
        is_member: row.is_member,
        level: grants_of(&cx.app, &row.grants).level(permission),
    });
    Ok(reaching.collect())
}

/// Changes a member.
pub(crate) async fn update(
    tx: &mut ControlTx,
    tenant: &Tenant,
    caller: &Principal,
    (user, if_match): (UserId, Option<&str>),
    changes: MemberChanges,
) -> Result<Member> {
    if let Some(problem) = changes.name.as_deref().and_then(|n| check_name("/name", n)) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    db::lock_tenant(tx, tenant.id).await?;
    let before = db::get(tx, tenant.id, user).await?;
    check_if_match(if_match, before.version)?;
    let held = roles::db::existing(tx, tenant.id, roles::actions::kind(tenant), &before.roles).await?;
    if let Some(wanted) = &changes.roles {
        let wanted = known_roles(tx, tenant, wanted).await?;
        roles::actions::within(tx.app(), caller, "/roles", difference(&held, &wanted))?;
        db::set_roles(tx, tenant.id, user, &wanted.iter().map(|r| r.id).collect::<Vec<_>>()).await?;
    }
    if let Some(teams) = &changes.teams {
        db::set_teams(tx, tenant.id, user, teams).await?;
    }
    if changes.state.is_some() {
        roles::actions::within(tx.app(), caller, "/state", held.iter().map(|r| &r.grants.0))?;
    }
    let now = tx.now();
    let (name, state) = (changes.name.as_deref().map(str::trim), changes.state.map(MemberState::as_str));
    db::update(tx, (tenant.id, user), (name, state), now).await?;
    keep_an_owner(tx, tenant, caller).await?;
    let event = NewEvent::new(events::MEMBER_UPDATED, "members", user.0, "Member changed");
    tx.record(Some(tenant.id), event.payload(&json!({"fields": fields(&changes)}))).await?;
    db::get(tx, tenant.id, user).await
}

/// Removes a member; his account stays.
pub(crate) async fn remove(tx: &mut ControlTx, tenant: &Tenant, caller: &Principal, user: UserId) -> Result<()> {
    db::lock_tenant(tx, tenant.id).await?;
    let member = db::get(tx, tenant.id, user).await?;
    let held = roles::db::existing(tx, tenant.id, roles::actions::kind(tenant), &member.roles).await?;
    roles::actions::within(tx.app(), caller, "/roles", held.iter().map(|r| &r.grants.0))?;
    db::delete(tx, tenant.id, user).await?;
    keep_an_owner(tx, tenant, caller).await?;
    let event = NewEvent::new(events::MEMBER_REMOVED, "members", user.0, "Member removed");
    tx.record(Some(tenant.id), event).await.map(drop)
}

/// The roles with these ids; refused when one is missing or none is named.
pub(crate) async fn known_roles(tx: &mut ControlTx, tenant: &Tenant, ids: &[RoleId]) -> Result<Vec<Role>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let found = roles::db::existing(tx, tenant.id, roles::actions::kind(tenant), &ids).await?;
    if found.is_empty() || found.len() != ids.len() {
        return Err(Error::invalid("/roles", "role_unknown", "Name at least one role, and only roles of this tenant."));
    }
    Ok(found)
}

/// Roles that are in only one of the two: what is given and what is taken.
fn difference<'a>(before: &'a [Role], after: &'a [Role]) -> Vec<&'a GrantPatterns> {
    let only = |these: &'a [Role], those: &'a [Role]| {
        these.iter().filter(|r| !those.iter().any(|o| o.id == r.id)).map(|r| &r.grants.0).collect::<Vec<_>>()
    };
    [only(before, after), only(after, before)].concat()
}

/// A tenant keeps an active owner, unless its agency (or the platform) decides otherwise. The tenant's row is locked,
/// so of two owners who leave at once the second one is refused.
async fn keep_an_owner(tx: &mut ControlTx, tenant: &Tenant, caller: &Principal) -> Result<()> {
    if caller.home != tenant.id {
        return Ok(());
    }
    let role = owner_role(tenant.kind);
    if db::holders(tx, tenant.id, role).await? == 0 {
        return Err(Error::conflict(
            "last_owner",
            "Nobody would be left who may do everything here. Give that role to somebody else first.",
        ));
    }
    Ok(())
}

fn fields(changes: &MemberChanges) -> Vec<&'static str> {
    let all = [
        (changes.name.is_some(), "name"),
        (changes.state.is_some(), "state"),
        (changes.roles.is_some(), "roles"),
        (changes.teams.is_some(), "teams"),
    ];
    all.into_iter().filter(|(changed, _)| *changed).map(|(_, field)| field).collect()
}
