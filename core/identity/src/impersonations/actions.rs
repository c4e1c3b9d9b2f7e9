//! Starting and ending impersonations.
use super::{
    db,
    model::{Impersonation, ImpersonationId, ImpersonationView, NewImpersonation, Started, check},
};
use crate::{
    events, invitations,
    principals::model::{ACCESS, AccessClaims},
};
use chrono::TimeDelta;
use kernel::{
    ControlTx, Error, Result,
    auth::{Actor, Principal},
    db::ListQuery,
    events::NewEvent,
    http::Page,
    ids::{TenantId, UserId},
};
use serde_json::json;
use uuid::Uuid;

/// Who steps into somebody's place.
#[derive(Debug, Clone)]
pub struct Impersonator {
    /// The user, or the platform admin.
    pub id: Uuid,
    /// His name, for the tenant to read.
    pub name: String,
    /// His own session: the impersonation ends with it.
    pub session: Uuid,
    /// His agency; none for a platform admin.
    pub home: Option<TenantId>,
}

/// An agency's member works in one of its clients.
pub(crate) async fn start_in_client(
    tx: &mut ControlTx,
    (user, principal): (UserId, &Principal),
    new: NewImpersonation,
) -> Result<Started> {
    let home = principal.home;
    if principal.tenant != home {
        return Err(Error::forbidden("tenant_foreign", "Start it as your agency, without the header Upzento-Tenant."));
    }
    // Whatever is not an own client does not exist: no upward, no sideways.
    let target = db::tenant(tx, new.tenant).await?;
    if target.kind != "client" || target.parent_id != Some(home.0) {
        return Err(Error::not_found());
    }
    let name = invitations::db::member_name(tx, home, user.0).await?.unwrap_or_default();
    let session = principal.session.ok_or_else(|| Error::internal("a person without a session"))?;
    start(tx, Impersonator { id: user.0, name, session, home: Some(home) }, new).await
}

/// Starts an impersonation. For platform admins the caller has checked that they may; any tenant will do.
pub async fn start(tx: &mut ControlTx, who: Impersonator, new: NewImpersonation) -> Result<Started> {
    let problems = check(&new);
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    let now = tx.now();
    let target = db::tenant(tx, new.tenant).await?;
    let on_behalf_of = match new.member {
        Some(member) if db::is_member(tx, new.tenant, member).await? => member.0,
        Some(_) => return Err(Error::invalid("/member", "member_unknown", "Name an active member of that tenant.")),
        None => {
            let role = if target.kind == "agency" { "agency_owner" } else { "client_admin" };
            // A client without people of its own is named itself.
            db::owner(tx, new.tenant, role).await?.unwrap_or(new.tenant.0)
        }
    };
    let id = ImpersonationId::new(now);
    let ttl = TimeDelta::minutes(new.minutes);
    let row = db::NewRow {
        id,
        tenant: new.tenant,
        home: who.home,
        kind: if who.home.is_some() { "user" } else { "admin" },
        impersonator: who.id,
        name: &who.name,
        session: who.session,
        member: new.member,
        on_behalf_of,
        reason: new.reason.trim(),
        may_act: new.may_act,
        expires_at: now + ttl,
    };
    db::insert(tx, &row, now).await?;
    let impersonation = db::get(tx, new.tenant, id).await?;
    let told = Told { of: &impersonation, home: who.home, on_behalf_of };
    tell(tx, told, events::IMPERSONATION_STARTED, "Impersonation started").await?;
    let claims = AccessClaims { user: who.id, tenant: new.tenant.0, session: who.session, impersonation: Some(id.0) };
    let access_token = tx.app().keys.sign(ACCESS, &claims, now, ttl)?;
    Ok(Started { impersonation, access_token, expires_in: ttl.num_seconds() })
}

struct Told<'a> {
    of: &'a Impersonation,
    home: Option<TenantId>,
    on_behalf_of: Uuid,
}

/// Records the fact in the tenant's log and in that of the agency, with both people; there with what the client is called then.
async fn tell(tx: &mut ControlTx, told: Told<'_>, kind: &'static str, title: &str) -> Result<()> {
    let Told { of, home, on_behalf_of } = told;
    let event = || NewEvent::new(kind, "impersonations", of.id.0, title);
    let mut payload = json!({"tenant": of.tenant, "on_behalf_of": on_behalf_of, "may_act": of.may_act});
    tx.record(Some(of.tenant), event().payload(&payload)).await?;
    if let Some(home) = home {
        payload["client_name"] = db::name_of(tx, of.tenant).await?.into();
        tx.record(Some(home), event().payload(&payload)).await?;
    }
    Ok(())
}

/// Ends an impersonation: by whoever started it, or by somebody of the tenant who may (`may_end`).
pub(crate) async fn end(
    tx: &mut ControlTx,
    tenant: TenantId,
    (actor, may_end): (Actor, bool),
    id: ImpersonationId,
) -> Result<()> {
    let found = db::get(tx, tenant, id).await?;
    if !may_end && actor.id != Some(db::people(tx, id).await?.impersonator_id) {
        return Err(Error::not_found());
    }
    finish(tx, &found).await
}

/// Impersonations of all accounts, newest first: for the platform administration.
pub async fn list_everywhere(tx: &mut ControlTx, query: &ListQuery) -> Result<Page<ImpersonationView>> {
    tx.list(&db::EVERYWHERE, query, &[]).await
}

/// Ends an impersonation, whoever asks: for the platform administration.
pub async fn end_any(tx: &mut ControlTx, tenant: TenantId, id: ImpersonationId) -> Result<()> {
    let found = db::get(tx, tenant, id).await?;
    finish(tx, &found).await
}

async fn finish(tx: &mut ControlTx, found: &Impersonation) -> Result<()> {
    let now = tx.now();
    db::end(tx, found.id, now).await?;
    let on_behalf_of = db::people(tx, found.id).await?.on_behalf_of;
    let told = Told { of: found, home: found.home, on_behalf_of };
    tell(tx, told, events::IMPERSONATION_ENDED, "Impersonation ended").await
}
