//! Inviting and accepting.
use super::{
    db,
    model::{Acceptance, Invitation, InvitationId, Joined, NewInvitation, VALID},
};
use crate::{
    events,
    members::actions::{Joining, check_room, join, known_roles},
    notices::actions::{Reader, invitation as mail},
    passwords::model::{Hasher, check_password},
    roles::{self, model::Role},
    users::{
        self,
        model::{NewUser, check_email, check_locale, check_name, normal_email},
    },
};
use kernel::{
    Anonymous, ControlTx, Error, Result,
    auth::Principal,
    crypto::{new_secret, sha256},
    events::NewEvent,
    ids::TenantId,
    tenancy::Tenant,
    tenancy::memory::Change,
};
use serde_json::json;

/// Invites somebody; the link goes to him by mail and is shown to nobody else.
pub(crate) async fn create(
    tx: &mut ControlTx,
    tenant: &Tenant,
    caller: &Principal,
    new: NewInvitation,
) -> Result<Invitation> {
    let email = normal_email(&new.email);
    let language = new.locale.as_deref().and_then(|locale| check_locale("/locale", locale));
    let problems: Vec<_> = check_email("/email", &email).into_iter().chain(language).collect();
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    let roles = known_roles(tx, tenant, &new.roles).await?;
    roles::actions::within(tx.app(), caller, "/roles", roles.iter().map(|r| &r.grants.0))?;
    check_teams(tx, tenant.id, &new).await?;
    if db::is_member(tx, tenant.id, &email).await? {
        return Err(member_exists());
    }
    check_room(tx, tenant.id).await?;
    let now = tx.now();
    let (token, hash) = new_secret("upi");
    // Whoever has an account is written to in his own language; the answer does not tell whether there is one.
    let locale = new.locale.clone().unwrap_or_else(|| tenant.locale.clone());
    let known = users::db::by_email(tx, &email).await?.map(|user| user.locale);
    let (id, ids) = (InvitationId::new(now), roles.iter().map(|r| r.id).collect::<Vec<_>>());
    let row = db::NewRow {
        id,
        tenant: tenant.id,
        email: &email,
        roles: &ids,
        teams: &new.teams,
        token_hash: &hash,
        invited_by: caller.user,
        locale: &locale,
        expires_at: now + VALID,
    };
    db::insert(tx, &row, now).await?;
    tell(tx, (tenant, caller), (&email, known.unwrap_or(locale)), &roles, &token).await?;
    let event = NewEvent::new(events::INVITATION_CREATED, "invitations", id.0, "Invitation sent");
    tx.record(Some(tenant.id), event.payload(&json!({"roles": ids}))).await?;
    db::get(tx, tenant.id, id).await
}

/// Writes to whoever is invited, in the name of the caller.
async fn tell(
    tx: &mut ControlTx,
    (tenant, caller): (&Tenant, &Principal),
    (email, locale): (&str, String),
    roles: &[Role],
    token: &str,
) -> Result<()> {
    let inviter = match caller.user {
        // Somebody of the agency invites into a client: his name stands in the agency's list of members.
        Some(user) => db::member_name(tx, caller.home, user).await?,
        None => None,
    };
    let names = roles.iter().map(|r| r.name.as_str()).collect::<Vec<_>>().join(", ");
    let reader = Reader { email: email.to_owned(), name: String::new(), locale, brand: Some(tenant.id) };
    mail(tx, &reader, token, (&tenant.name, inviter.as_deref(), &names), VALID.num_days()).await
}

/// Sends a pending invitation again, with another link: the one before ends in the same moment. It is asked for anew what an
/// invitation takes, since roles, members and plans may be others by now.
pub(crate) async fn send_again(
    tx: &mut ControlTx,
    tenant: &Tenant,
    caller: &Principal,
    id: InvitationId,
) -> Result<Invitation> {
    let (token, hash) = new_secret("upi");
    let expires_at = tx.now() + VALID;
    let open = db::renew(tx, (tenant.id, id), &hash, expires_at).await?;
    let roles = known_roles(tx, tenant, &open.role_ids).await?;
    roles::actions::within(tx.app(), caller, "/roles", roles.iter().map(|r| &r.grants.0))?;
    if db::is_member(tx, tenant.id, &open.email).await? {
        return Err(member_exists());
    }
    check_room(tx, tenant.id).await?;
    let known = users::db::by_email(tx, &open.email).await?.map(|user| user.locale);
    tell(tx, (tenant, caller), (&open.email, known.unwrap_or(open.locale)), &roles, &token).await?;
    let event = NewEvent::new(events::INVITATION_RESENT, "invitations", id.0, "Invitation sent again");
    tx.record(Some(tenant.id), event.payload(&json!({"roles": open.role_ids}))).await?;
    db::get(tx, tenant.id, id).await
}

fn member_exists() -> Error {
    Error::conflict("member_exists", "This person is a member already.")
}

async fn check_teams(tx: &mut ControlTx, tenant: TenantId, new: &NewInvitation) -> Result<()> {
    let mut teams = new.teams.clone();
    teams.sort_unstable();
    teams.dedup();
    if db::count_teams(tx, tenant, &teams).await? == teams.len() as i64 {
        return Ok(());
    }
    Err(Error::invalid("/teams", "team_unknown", "Name only teams of this tenant."))
}

/// Takes a pending invitation back.
pub(crate) async fn revoke(tx: &mut ControlTx, tenant: TenantId, id: InvitationId) -> Result<()> {
    db::revoke(tx, tenant, id).await?;
    let event = NewEvent::new(events::INVITATION_REVOKED, "invitations", id.0, "Invitation taken back");
    tx.record(Some(tenant), event).await.map(drop)
}

fn invalid() -> Error {
    Error::invalid("/token", "token_invalid", "This invitation was used, taken back or is too old. Ask for a new one.")
}

/// Accepts an invitation. Whoever has an account with the address proves it with his password; others get one.
pub(crate) async fn accept(cx: &Anonymous, given: Acceptance) -> Result<Joined> {
    cx.limit_attempts("invitation")?;
    if let Some(problem) = check_name("/name", &given.name) {
        return Err(Error::invalid_fields(vec![problem]));
    }
    let (hash, now) = (sha256(given.token.as_bytes()), cx.app.clock.now());
    let looked = cx.control(async |tx| {
        let open = db::open(tx, &hash, now).await?.ok_or_else(invalid)?;
        let user = users::db::by_email(tx, &open.email).await?;
        Ok((open, user))
    });
    let (open, existing) = looked.await?;
    let hasher = Hasher::of(&cx.app);
    let new_hash = match &existing {
        Some(user) if hasher.verify(&given.password, Some(&user.password_hash)).await? => None,
        Some(_) => {
            let detail = "There is an account with this address. Give its password.";
            return Err(Error::invalid("/password", "password_wrong", detail));
        }
        None => match check_password("/password", &given.password, &[&open.email, &given.name]) {
            Some(problem) => return Err(Error::invalid_fields(vec![problem])),
            None => Some(hasher.hash(&given.password).await?),
        },
    };
    let accepted = cx.control(async |tx| {
        if let Some(user) = &existing {
            // As whoever changes his address does: first the person, then what went to the address.
            users::db::lock(tx, user.id).await?;
        }
        let accepted = db::accept(tx, &hash, now).await?;
        let open = accepted.filter(|now| now.email == open.email).ok_or_else(invalid)?;
        let name = given.name.trim();
        let user = match (&existing, &new_hash) {
            (Some(user), _) => user.id,
            (None, Some(hash)) => {
                let new = NewUser { email: &open.email, name, password_hash: hash, locale: &open.locale };
                users::actions::create(tx, open.tenant_id, &new).await?
            }
            (None, None) => return Err(Error::internal("neither an account nor a password")),
        };
        let (tenant, name) = (open.tenant_id, name.to_owned());
        join(tx, Joining { tenant, user, name, roles: open.role_ids, teams: open.team_ids }).await?;
        let event = NewEvent::new(events::INVITATION_ACCEPTED, "invitations", open.id.0, "Invitation accepted");
        tx.record(Some(tenant), event.payload(&json!({"user": user}))).await?;
        Ok(Joined { tenant, user })
    });
    let accepted = accepted.await?;
    cx.app.changes.forget(Change::User(accepted.user.0));
    Ok(accepted)
}
