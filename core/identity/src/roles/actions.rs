//! Making and changing roles. Nobody gives more than he has.
use super::{
    db,
    model::{NewRole, Role, RoleChanges, RoleId, check_grants, check_key},
};
use crate::{
    events,
    principals::model::{GrantPatterns, exceeds, merge},
    users::model::check_name,
};
use kernel::{
    App, ControlTx, Error, Result,
    auth::{Grants, Principal},
    events::NewEvent,
    ids::TenantId,
    tenancy::{Tenant, TenantKind},
};
use serde_json::json;

/// As stored in `roles.tenant_kind`.
pub(crate) fn kind(tenant: &Tenant) -> &'static str {
    match tenant.kind {
        TenantKind::Agency => "agency",
        TenantKind::Client => "client",
    }
}

/// A role that comes with the product.
pub(crate) async fn seeded(tx: &mut ControlTx, key: &str) -> Result<RoleId> {
    db::seeded(tx, key).await
}

/// Roles by key; an unknown key is refused.
pub(crate) async fn by_keys(tx: &mut ControlTx, tenant: TenantId, keys: &[String]) -> Result<Vec<RoleId>> {
    let found = db::by_keys(tx, tenant, keys).await?;
    if found.is_empty() || found.len() != keys.len() {
        return Err(Error::invalid("/roles", "role_unknown", "Name at least one role, and only roles of this tenant."));
    }
    Ok(found)
}

/// Grants over every permission of the program.
pub(crate) fn expand<'a>(app: &App, roles: impl IntoIterator<Item = &'a GrantPatterns>) -> Grants {
    merge(roles, app.modules.iter().flat_map(|m| m.permissions))
}

/// Refuses to hand out what the caller himself does not have.
pub(crate) fn within<'a>(
    app: &App,
    caller: &Principal,
    field: &str,
    roles: impl IntoIterator<Item = &'a GrantPatterns>,
) -> Result<()> {
    match exceeds(&expand(app, roles), &caller.grants) {
        None => Ok(()),
        Some(permission) => Err(Error::invalid(
            field,
            "grant_exceeds_own",
            format!("You cannot give or take what you do not have yourself: {permission}."),
        )),
    }
}

/// Makes a role of the tenant.
pub(crate) async fn create(tx: &mut ControlTx, tenant: &Tenant, caller: &Principal, new: NewRole) -> Result<Role> {
    let mut problems = check_grants(tx.app(), "/grants", &new.grants.0);
    problems.extend(check_key(&new.key));
    problems.extend(check_name("/name", &new.name));
    problems.extend(check_description(&new.description));
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    within(tx.app(), caller, "/grants", [&new.grants.0])?;
    let now = tx.now();
    let id = RoleId::new(now);
    let values = (new.key.as_str(), new.name.trim(), new.description.as_str(), &new.grants.json());
    db::insert(tx, (id, tenant.id, kind(tenant)), values, now).await?;
    tx.record(Some(tenant.id), NewEvent::new(events::ROLE_CREATED, "roles", id.0, "Role created")).await?;
    db::get(tx, tenant.id, kind(tenant), id).await
}

/// Changes a role of the tenant.
pub(crate) async fn update(
    tx: &mut ControlTx,
    tenant: &Tenant,
    caller: &Principal,
    (id, if_match): (RoleId, Option<&str>),
    changes: RoleChanges,
) -> Result<Role> {
    let before = own(tx, tenant, id).await?;
    kernel::http::check_if_match(if_match, before.version)?;
    let mut problems: Vec<_> = changes.name.iter().filter_map(|n| check_name("/name", n)).collect();
    problems.extend(changes.description.iter().filter_map(|d| check_description(d)));
    if let Some(grants) = &changes.grants {
        problems.extend(check_grants(tx.app(), "/grants", &grants.0));
    }
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    if let Some(grants) = &changes.grants {
        within(tx.app(), caller, "/grants", [&before.grants.0, &grants.0])?;
    }
    let now = tx.now();
    let grants = changes.grants.as_ref().map(|g| g.json());
    let name = changes.name.as_deref().map(str::trim);
    db::update(tx, (id, tenant.id), (name, changes.description.as_deref(), grants.as_ref()), now).await?;
    let fields =
        [(name.is_some(), "name"), (changes.description.is_some(), "description"), (grants.is_some(), "grants")];
    let fields: Vec<_> = fields.iter().filter(|(changed, _)| *changed).map(|(_, field)| *field).collect();
    let event = NewEvent::new(events::ROLE_UPDATED, "roles", id.0, "Role changed").payload(&json!({"fields": fields}));
    tx.record(Some(tenant.id), event).await?;
    db::get(tx, tenant.id, kind(tenant), id).await
}

/// Deletes a role of the tenant that nobody has.
pub(crate) async fn delete(tx: &mut ControlTx, tenant: &Tenant, caller: &Principal, id: RoleId) -> Result<()> {
    let before = own(tx, tenant, id).await?;
    within(tx.app(), caller, "/grants", [&before.grants.0])?;
    db::delete(tx, id, tenant.id).await?;
    tx.record(Some(tenant.id), NewEvent::new(events::ROLE_DELETED, "roles", id.0, "Role deleted")).await.map(drop)
}

/// The role, held until the transaction ends, if the tenant may change it.
async fn own(tx: &mut ControlTx, tenant: &Tenant, id: RoleId) -> Result<Role> {
    // Looked at before it is locked: another tenant's role must not be held up.
    if db::get(tx, tenant.id, kind(tenant), id).await?.seeded {
        return Err(Error::conflict("role_seeded", "This role comes with the product. Copy it to change it."));
    }
    db::lock(tx, id).await?;
    db::get(tx, tenant.id, kind(tenant), id).await
}

fn check_description(text: &str) -> Option<kernel::error::FieldProblem> {
    (text.chars().count() > 1000).then(|| kernel::error::FieldProblem {
        field: "/description".into(),
        code: "too_long".into(),
        detail: "Take at most 1000 characters.".into(),
    })
}
