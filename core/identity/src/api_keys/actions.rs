//! Making and revoking API keys.
use super::{
    db,
    model::{ApiKey, ApiKeyChanges, ApiKeyId, NewApiKey, NewApiKeyAnswer, granted, networks},
};
use crate::{
    events,
    roles::{actions::expand, model::check_grants},
    users::model::check_name,
};
use kernel::{
    ControlTx, Error, Result,
    auth::Principal,
    crypto::new_secret,
    error::FieldProblem,
    events::NewEvent,
    http::check_if_match,
    ids::{TenantId, UserId},
};

/// Makes a key; its secret is in the answer and nowhere else.
pub(crate) async fn create(
    tx: &mut ControlTx,
    tenant: TenantId,
    (maker, caller): (UserId, &Principal),
    new: NewApiKey,
) -> Result<NewApiKeyAnswer> {
    let now = tx.now();
    let mut problems = check_grants(tx.app(), "/scopes", &new.scopes.0);
    problems.extend(check_name("/name", &new.name));
    if new.expires_at.is_some_and(|at| at <= now) {
        problems.push(problem("/expires_at", "expires_at_past", "Take a moment in the future."));
    }
    let addresses = networks(&new.addresses).unwrap_or_else(|wrong| {
        problems.extend(wrong);
        vec![]
    });
    let scopes = granted(&expand(tx.app(), [&new.scopes.0]), &caller.grants);
    if problems.is_empty() && scopes.0.is_empty() {
        problems.push(problem("/scopes", "scopes_empty", "Name at least one permission that you have yourself."));
    }
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    let (secret, hash) = new_secret("upk");
    let id = ApiKeyId::new(now);
    let row = db::NewRow {
        id,
        tenant,
        name: new.name.trim(),
        hash: &hash,
        hint: &secret[..10],
        scopes: scopes.json(),
        addresses: &addresses,
        created_by: maker,
        expires_at: new.expires_at,
    };
    db::insert(tx, &row, now).await?;
    tx.record(Some(tenant), NewEvent::new(events::API_KEY_CREATED, "api_keys", id.0, "API key made")).await?;
    Ok(NewApiKeyAnswer { secret, api_key: db::get(tx, tenant, id).await? })
}

fn problem(field: &str, code: &str, detail: &str) -> FieldProblem {
    FieldProblem { field: field.into(), code: code.into(), detail: detail.into() }
}

/// Renames a key.
pub(crate) async fn update(
    tx: &mut ControlTx,
    tenant: TenantId,
    (id, if_match): (ApiKeyId, Option<&str>),
    changes: ApiKeyChanges,
) -> Result<ApiKey> {
    db::lock(tx, tenant, id).await?;
    let before = db::get(tx, tenant, id).await?;
    check_if_match(if_match, before.version)?;
    let Some(name) = changes.name else { return Ok(before) };
    if let Some(problem) = check_name("/name", &name) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    db::rename(tx, tenant, id, name.trim()).await?;
    tx.record(Some(tenant), NewEvent::new(events::API_KEY_UPDATED, "api_keys", id.0, "API key renamed")).await?;
    db::get(tx, tenant, id).await
}

/// Revokes a key for good.
pub(crate) async fn revoke(tx: &mut ControlTx, tenant: TenantId, id: ApiKeyId) -> Result<()> {
    let now = tx.now();
    db::revoke(tx, tenant, id, now).await?;
    tx.record(Some(tenant), NewEvent::new(events::API_KEY_REVOKED, "api_keys", id.0, "API key revoked")).await.map(drop)
}

/// The key, if the caller may see those of its maker.
pub(crate) async fn visible(
    tx: &mut ControlTx,
    tenant: TenantId,
    id: ApiKeyId,
    makers: Option<Vec<uuid::Uuid>>,
) -> Result<ApiKey> {
    let key = db::get(tx, tenant, id).await?;
    match makers {
        Some(makers) if !makers.contains(&key.created_by.0) => Err(Error::not_found()),
        _ => Ok(key),
    }
}
