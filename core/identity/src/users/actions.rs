//! Making people, their first agency, and members without an invitation.
use super::{
    db,
    model::{
        LOCALE, MeChanges, NewAgencyOwner, NewMember, NewUser, check_email, check_locale, check_name, normal_email,
    },
};
use crate::{
    events,
    members::actions::{Joining, join},
    passwords::model::{Hasher, check_password},
    roles,
    sessions::{self, model::Because},
};
use kernel::{
    ControlTx, Error, Result,
    events::NewEvent,
    ids::{TenantId, UserId},
};
use serde_json::json;
use tenants::tenants::NewTenant;

/// An agency with its owner, ready to sign in.
pub async fn create_agency_with_owner(tx: &mut ControlTx, new: NewAgencyOwner) -> Result<(TenantId, UserId)> {
    let email = normal_email(&new.email);
    let problems = [
        check_name("/agency", &new.agency),
        check_name("/name", &new.name),
        check_email("/email", &email),
        check_password("/password", &new.password, &[&email, &new.name]),
    ];
    let problems: Vec<_> = problems.into_iter().flatten().collect();
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    let hash = Hasher::of(tx.app()).hash(&new.password).await?;
    let owner = NewUser { email: &email, name: new.name.trim(), password_hash: &hash, locale: LOCALE };
    found_agency(tx, new.agency.trim(), &owner).await
}

/// The same from an already hashed password.
pub(crate) async fn found_agency(tx: &mut ControlTx, agency: &str, new: &NewUser<'_>) -> Result<(TenantId, UserId)> {
    let tenant = tenants::tenants::open(tx, NewTenant::agency(agency)).await?;
    let user = create(tx, tenant, new).await?;
    let owner = roles::actions::seeded(tx, "agency_owner").await?;
    join(tx, Joining { tenant, user, name: new.name.to_owned(), roles: vec![owner], teams: vec![] }).await?;
    Ok((tenant, user))
}

/// A person who is a member at once. Somebody with the address already becomes the member himself.
pub async fn add_member(tx: &mut ControlTx, tenant: TenantId, new: NewMember) -> Result<UserId> {
    let email = normal_email(&new.email);
    let user = match db::by_email(tx, &email).await? {
        Some(user) => user.id,
        None => {
            let problems = [
                check_name("/name", &new.name),
                check_email("/email", &email),
                check_password("/password", &new.password, &[&email, &new.name]),
            ];
            let problems: Vec<_> = problems.into_iter().flatten().collect();
            if !problems.is_empty() {
                return Err(Error::invalid_fields(problems));
            }
            let hash = Hasher::of(tx.app()).hash(&new.password).await?;
            let person = NewUser { email: &email, name: new.name.trim(), password_hash: &hash, locale: LOCALE };
            create(tx, tenant, &person).await?
        }
    };
    let roles = roles::actions::by_keys(tx, tenant, &new.roles).await?;
    join(tx, Joining { tenant, user, name: new.name.trim().to_owned(), roles, teams: new.teams }).await?;
    Ok(user)
}

/// A person whose address is proven; `tenant` is where the fact is told.
pub(crate) async fn create(tx: &mut ControlTx, tenant: TenantId, new: &NewUser<'_>) -> Result<UserId> {
    let now = tx.now();
    let id = UserId::new(now);
    db::insert(tx, id, new, now).await?;
    tx.record(Some(tenant), NewEvent::new(events::USER_CREATED, "users", id.0, "User created")).await?;
    Ok(id)
}

/// Changes what a person says of himself and how he wants to work; gives the new version.
pub(crate) async fn update_me(
    tx: &mut ControlTx,
    tenant: TenantId,
    user: UserId,
    mut changes: MeChanges,
) -> Result<i64> {
    changes.name = changes.name.map(|n| n.trim().to_owned());
    let problems: Vec<_> = (changes.name.iter().filter_map(|n| check_name("/name", n)))
        .chain(changes.locale.iter().filter_map(|l| check_locale("/locale", l)))
        .collect();
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    let fields = [
        ("name", changes.name.is_some()),
        ("locale", changes.locale.is_some()),
        ("theme", changes.theme.is_some()),
        ("density", changes.density.is_some()),
    ];
    let fields: Vec<_> = fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect();
    let now = tx.now();
    let version = db::update(tx, user, &changes, now).await?;
    let event =
        NewEvent::new(events::USER_UPDATED, "users", user.0, "User updated").payload(&json!({"fields": fields}));
    tx.record(Some(tenant), event).await?;
    Ok(version)
}

/// Keeps a person out of every tenant, or lets him in again: for the platform administration. His sessions end.
pub async fn set_blocked(tx: &mut ControlTx, user: UserId, blocked: bool) -> Result<()> {
    let now = tx.now();
    db::set_state(tx, user, if blocked { "blocked" } else { "active" }, now).await?;
    if blocked {
        sessions::actions::end_all(tx, user, None, None, Because::Blocked).await?;
    }
    let kind = if blocked { events::USER_BLOCKED } else { events::USER_UNBLOCKED };
    tx.record(None, NewEvent::new(kind, "users", user.0, "User's state changed")).await.map(drop)
}
