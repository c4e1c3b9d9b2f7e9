//! Putting an explanation together, from the same pieces that decide.
use super::{
    db,
    model::{Access, Reason, reach},
};
use crate::{principals::model::deciding, roles::model::Reach};
use kernel::{
    ControlTx, Error, Result,
    auth::{Level, Principal, is_read},
    ids::{TenantId, UserId},
    tenancy::Tenant,
};
use uuid::Uuid;

/// Why the caller himself may or may not.
pub(crate) async fn of_caller(
    tx: &mut ControlTx,
    (tenant, principal): (&Tenant, &Principal),
    permission: &str,
    owner: Option<Uuid>,
) -> Result<Access> {
    let mut because = vec![];
    match (&principal.impersonation, principal.user) {
        (Some(_), _) => because.push(Reason::new(
            "impersonation",
            "He acts in somebody's place: what that one may do, as far as he may do it himself.",
        )),
        (None, Some(user)) => {
            held(tx, principal.home, UserId(user), permission, &mut because).await?;
        }
        (None, None) => because.push(Reason::new("api_key", "The scopes of the API key decide.")),
    }
    if principal.home != tenant.id && principal.impersonation.is_none() {
        because.push(through_agency());
    }
    let mut level = principal.grants.level(permission);
    if principal.impersonation.as_ref().is_some_and(|i| i.read_only) && !is_read(permission) {
        because.push(Reason::new("read_only", "This impersonation may only look."));
        level = Level::No;
    }
    let who = Who { user: principal.user, team: principal.team_members.to_vec() };
    Ok(finish(tenant, permission, level, who, owner, because))
}

/// Why a member of the tenant, or of its agency, may or may not.
pub(crate) async fn of_user(
    tx: &mut ControlTx,
    tenant: &Tenant,
    user: UserId,
    permission: &str,
    owner: Option<Uuid>,
) -> Result<Access> {
    let mut because = vec![];
    let mut place = tenant.id;
    let mut state = db::state(tx, tenant.id, user).await?;
    if let (None, Some(agency)) = (&state, tenant.parent) {
        state = db::state(tx, agency, user).await?;
        if state.is_some() {
            place = agency;
            because.push(through_agency());
        }
    }
    let level = match state.as_deref() {
        Some("active") => held(tx, place, user, permission, &mut because).await?,
        Some(_) => {
            because.push(Reason::new("member_disabled", "He is disabled."));
            Level::No
        }
        // Nobody learns here which people exist elsewhere.
        None => return Err(Error::not_found()),
    };
    let team = db::team(tx, place, user).await?;
    Ok(finish(tenant, permission, level, Who { user: Some(user.0), team }, owner, because))
}

fn through_agency() -> Reason {
    Reason::new("through_agency", "His roles in the agency count in all its clients.")
}

/// One reason for each role; gives the merged level.
async fn held(
    tx: &mut ControlTx,
    tenant: TenantId,
    user: UserId,
    permission: &str,
    because: &mut Vec<Reason>,
) -> Result<Level> {
    let mut level = Level::No;
    let roles = db::roles(tx, tenant, user).await?;
    for role in &roles {
        let (pattern, gives) = match deciding(&role.grants.0, permission) {
            Some((pattern, gives)) => (Some(pattern.to_owned()), gives),
            None => (None, Level::No),
        };
        level = level.max(gives);
        because.push(Reason {
            code: "role".into(),
            detail: format!("The role {}.", role.name),
            role: Some(role.id),
            pattern,
            level: Some(Reach::from(gives)),
        });
    }
    if roles.is_empty() {
        because.push(Reason::new("no_role", "He has no role."));
    }
    Ok(level)
}

struct Who {
    user: Option<Uuid>,
    team: Vec<Uuid>,
}

fn finish(
    tenant: &Tenant,
    permission: &str,
    level: Level,
    who: Who,
    owner: Option<Uuid>,
    mut because: Vec<Reason>,
) -> Access {
    let (mut allowed, reason) = reach(level, who.user, &who.team, owner);
    because.extend(reason);
    if let Err(error) = tenant.check_state(!is_read(permission)) {
        because.push(Reason::new("tenant_state", error.to_string()));
        allowed = false;
    }
    Access { permission: permission.into(), user: who.user.map(UserId), allowed, level: level.into(), because }
}
