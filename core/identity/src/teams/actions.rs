//! Making and changing teams.
use super::{
    db,
    model::{NewTeam, Team, TeamChanges, TeamId},
};
use crate::{events, users::model::check_name};
use kernel::{ControlTx, Error, Result, events::NewEvent, http::check_if_match, ids::TenantId};
use serde_json::json;

/// Makes a team.
pub(crate) async fn create(tx: &mut ControlTx, tenant: TenantId, new: NewTeam) -> Result<Team> {
    if let Some(problem) = check_name("/name", &new.name) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    let now = tx.now();
    let id = TeamId::new(now);
    db::insert(tx, tenant, id, new.name.trim(), now).await?;
    db::set_members(tx, tenant, id, &new.members).await?;
    tx.record(Some(tenant), NewEvent::new(events::TEAM_CREATED, "teams", id.0, "Team created")).await?;
    db::get(tx, tenant, id).await
}

/// Changes a team.
pub(crate) async fn update(
    tx: &mut ControlTx,
    tenant: TenantId,
    (id, if_match): (TeamId, Option<&str>),
    changes: TeamChanges,
) -> Result<Team> {
    if let Some(problem) = changes.name.as_deref().and_then(|n| check_name("/name", n)) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    db::lock(tx, tenant, id).await?;
    check_if_match(if_match, db::get(tx, tenant, id).await?.version)?;
    let now = tx.now();
    db::update(tx, tenant, id, changes.name.as_deref().map(str::trim), now).await?;
    if let Some(members) = &changes.members {
        db::set_members(tx, tenant, id, members).await?;
    }
    let fields = [(changes.name.is_some(), "name"), (changes.members.is_some(), "members")];
    let fields: Vec<_> = fields.iter().filter(|(changed, _)| *changed).map(|(_, field)| *field).collect();
    let event = NewEvent::new(events::TEAM_UPDATED, "teams", id.0, "Team changed").payload(&json!({"fields": fields}));
    tx.record(Some(tenant), event).await?;
    db::get(tx, tenant, id).await
}

/// Deletes a team.
pub(crate) async fn delete(tx: &mut ControlTx, tenant: TenantId, id: TeamId) -> Result<()> {
    db::delete(tx, tenant, id).await?;
    tx.record(Some(tenant), NewEvent::new(events::TEAM_DELETED, "teams", id.0, "Team deleted")).await.map(drop)
}

/// Who is in a team; 404 when the tenant has no such team.
pub async fn members(tx: &mut ControlTx, tenant: TenantId, id: TeamId) -> Result<Vec<uuid::Uuid>> {
    Ok(db::get(tx, tenant, id).await?.members.into_iter().map(|member| member.0).collect())
}
