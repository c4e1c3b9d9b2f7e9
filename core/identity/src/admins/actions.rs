//! Making admins, letting them in, knowing them again.
use super::{
    cookie, db,
    model::{
        ADMIN, Admin, AdminClaims, AdminCredentials, AdminId, AdminPrincipal, AdminTokens, CreatedAdmin, NewAdmin,
        VALID,
    },
};
use crate::{
    events,
    passwords::model::{Hasher, check_password},
    principals::actions::grants_of,
    totp::model::{enrolment, generator, step_of},
    users::model::{check_email, check_name, normal_email},
};
use kernel::{
    App, ControlTx, Error, Result,
    auth::{Actor, ActorKind, Context},
    clock::random_bytes,
    events::NewEvent,
    http::RequestInfo,
    ids::new_uuid,
};
use serde_json::Value;
use std::sync::Arc;

fn place(id: AdminId) -> String {
    format!("admin-totp:{}", id.0)
}

/// Makes an admin.
pub async fn create(tx: &mut ControlTx, new: NewAdmin) -> Result<CreatedAdmin> {
    let email = normal_email(&new.email);
    let problems = [
        check_name("/name", &new.name),
        check_email("/email", &email),
        check_password("/password", &new.password, &[&email, &new.name]),
    ];
    let problems: Vec<_> = problems.into_iter().flatten().collect();
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    let now = tx.now();
    let id = AdminId::new(now);
    let secret = new.totp_secret.unwrap_or_else(|| random_bytes::<20>().to_vec());
    let enrolment = enrolment(&generator(&secret, &email, "Upzento administration")?)?;
    let sealed = tx.app().keys.seal(&place(id), &secret)?;
    let hash = Hasher::of(tx.app()).hash(&new.password).await?;
    let row = db::NewRow { id, email: &email, name: new.name.trim(), hash: &hash, role: &new.role, sealed: &sealed };
    db::insert(tx, &row, now).await?;
    tx.record(None, NewEvent::new(events::ADMIN_CREATED, "admins", id.0, "Platform admin made")).await?;
    Ok(CreatedAdmin { id, enrolment })
}

/// Lets an admin in: password and code, both in one step. Every failure looks the same and costs the same.
pub async fn sign_in(app: &Arc<App>, request: &RequestInfo, given: AdminCredentials) -> Result<AdminTokens> {
    let email = normal_email(&given.email);
    let per = app.config.limits.auth_per_15_minutes;
    request.limit_slow(app, &format!("admin/{}/{email}", request.ip_prefix()), per)?;
    // Per account, from wherever: six digits must not be guessed by many machines together.
    request.limit_slow(app, &format!("admin/{email}"), per.saturating_mul(4))?;
    let system = || app.system(request.id.clone());
    let found = app.control(system(), async |tx| db::by_email(tx, &email).await).await?;
    let hash = found.as_ref().map(|a| a.password_hash.as_str());
    let fits = Hasher::of(app).verify(&given.password, hash).await?;
    let wrong = || Error::unauthenticated("credentials_wrong");
    let admin = found.filter(|a| fits && a.state == "active").ok_or_else(wrong)?;
    let secret = app.keys.open(&place(admin.id), &admin.totp_sealed)?;
    let now = app.clock.now();
    let step =
        step_of(&generator(&secret, "account", "issuer")?, given.code.trim(), now.timestamp()).ok_or_else(wrong)?;
    let actor = Actor { kind: ActorKind::Admin, id: Some(admin.id.0), on_behalf_of: None };
    let context = Context { actor, request_id: request.id.clone(), now };
    let started = app.control(context, async |tx| {
        if !db::spend(tx, admin.id, step).await? {
            return Err(wrong());
        }
        let session = new_uuid(now);
        let from = (request.user_agent.as_str(), &*request.ip.to_string());
        db::insert_session(tx, (session, admin.id), from, now, now + VALID).await?;
        tx.record(None, NewEvent::new(events::ADMIN_SIGNED_IN, "admins", admin.id.0, "Platform admin signed in"))
            .await?;
        let claims = AdminClaims { admin: admin.id.0, session };
        let access_token = tx.app().keys.sign(ADMIN, &claims, now, VALID)?;
        Ok(AdminTokens { access_token, expires_in: VALID.num_seconds(), admin: db::get(tx, admin.id).await? })
    });
    let tokens = started.await?;
    if given.cookie {
        cookie::keep(app, request, &tokens)?;
    }
    Ok(tokens)
}

/// The token of the session that a browser keeps in its cookie, for as long as the session lasts.
pub async fn resume(app: &Arc<App>, request: &RequestInfo) -> Result<AdminTokens> {
    request.limit(app, &format!("ip/{}", request.ip_prefix()), app.config.limits.public_per_minute)?;
    let token = cookie::sent(request).ok_or_else(|| Error::unauthenticated("credential_missing"))?;
    let admin = match authenticate(app, token).await {
        Ok(admin) => admin,
        Err(error) => {
            cookie::forget(app, request)?;
            return Err(error);
        }
    };
    let (access_token, now) = (token.to_owned(), app.clock.now());
    app.control(app.system(request.id.clone()), async |tx| {
        let expires_in = (db::session_end(tx, admin.session).await? - now).num_seconds();
        Ok(AdminTokens { access_token, expires_in, admin: db::get(tx, admin.id).await? })
    })
    .await
}

/// The admin behind a token, if his session goes on.
pub async fn authenticate(app: &Arc<App>, token: &str) -> Result<AdminPrincipal> {
    let now = app.clock.now();
    let ended = || Error::unauthenticated("session_ended");
    let claims: AdminClaims = app.keys.verify(ADMIN, token, now).ok_or_else(ended)?;
    let look_up = async |tx: &mut ControlTx| db::living(tx, claims.session, claims.admin, now).await;
    let row = app.control(app.system("authentication"), look_up).await?.ok_or_else(ended)?;
    Ok(AdminPrincipal {
        id: AdminId(claims.admin),
        name: row.name,
        role: row.role,
        session: claims.session,
        grants: Arc::new(grants_of(app, &Value::Array(vec![row.grants]))),
    })
}

/// Lets a browser forget the session it keeps.
pub fn forget(app: &App, request: &RequestInfo) -> Result<()> {
    cookie::forget(app, request)
}

/// Signs an admin out. His impersonations end with the session.
pub async fn sign_out(tx: &mut ControlTx, admin: &AdminPrincipal) -> Result<()> {
    let now = tx.now();
    db::revoke_session(tx, admin.session, admin.id, now).await?;
    let event = NewEvent::new(events::ADMIN_SIGNED_OUT, "admins", admin.id.0, "Platform admin signed out");
    tx.record(None, event).await.map(drop)
}

/// One admin.
pub async fn get(tx: &mut ControlTx, id: AdminId) -> Result<Admin> {
    db::get(tx, id).await
}

/// Every admin, by name.
pub async fn list(tx: &mut ControlTx) -> Result<Vec<Admin>> {
    db::all(tx).await
}

/// Keeps an admin out, or lets him in again. Nobody does that to himself.
pub async fn set_blocked(tx: &mut ControlTx, by: &AdminPrincipal, id: AdminId, blocked: bool) -> Result<()> {
    if by.id == id {
        return Err(Error::conflict("admin_self", "Let another admin do this."));
    }
    let now = tx.now();
    db::set_state(tx, id, if blocked { "blocked" } else { "active" }, now).await?;
    let kind = if blocked { events::ADMIN_BLOCKED } else { events::ADMIN_UNBLOCKED };
    tx.record(None, NewEvent::new(kind, "admins", id.0, "Platform admin's state changed")).await.map(drop)
}
