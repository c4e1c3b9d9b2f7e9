//! `/v1/me`: who I am, where I belong, what I may do here.
use super::{actions, db, model::MeChanges};
use crate::{
    impersonations::model::ImpersonationId,
    principals::model::person,
    roles::model::{GrantMap, module_of},
};
use chrono::{DateTime, Utc};
use kernel::{
    Cx, Result,
    auth::SignedIn,
    http::{Tagged, check_if_match},
    ids::{TenantId, UserId},
    tenancy::TenantKind,
    tenancy::memory::Change,
};
use poem_openapi::{Object, OpenApi, param::Header, payload::Json};
use std::collections::BTreeSet;

/// A person's own data.
#[derive(Object, Debug, Clone)]
pub struct Profile {
    /// His id.
    pub id: UserId,
    /// What he signs in with.
    pub email: String,
    /// His name.
    pub name: String,
    /// BCP 47 language.
    pub locale: String,
    /// `auto`, `dark` or `light`.
    pub theme: String,
    /// `comfortable` or `compact`.
    pub density: String,
    /// Whether sign-in asks for a second factor.
    pub second_factor: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// The tenant the credential works in.
#[derive(Object, Debug, Clone)]
pub struct CurrentTenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// `agency` or `client`.
    pub kind: String,
    /// The tenant the credential names; another one when an agency works in its client.
    pub home: TenantId,
}

/// An impersonation in force: show it, with the time that is left.
#[derive(Object, Debug, Clone)]
pub struct InPlace {
    /// Its id.
    pub id: ImpersonationId,
    /// Name of the person who acts.
    pub impersonator: String,
    /// Looking only.
    pub read_only: bool,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Who asks.
#[derive(Object, Debug, Clone)]
pub struct Me {
    /// The person; absent for API keys, and for an impersonation of a tenant as a whole.
    pub user: Option<Profile>,
    /// Where he works now.
    pub tenant: CurrentTenant,
    /// Where he could work: switch with `POST /v1/sessions/switch`.
    pub memberships: Vec<db::Belonging>,
    /// What he may do here: permission to level. Of modules that are off, nothing.
    pub grants: GrantMap,
    /// Modules that the account does not have, by its plan or because they were switched off for it; in order of their names.
    pub modules_off: Vec<String>,
    /// Somebody acts in his place.
    pub impersonation: Option<InPlace>,
}

/// The own account.
#[derive(Debug)]
pub struct UsersApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl UsersApi {
    /// Who am I, where, and what may I do?
    #[oai(path = "/me", method = "get")]
    async fn me(&self, cx: Cx<SignedIn>) -> Result<Tagged<Me>> {
        show(&cx).await
    }

    /// Change my name, my language or how my dashboard looks
    #[oai(path = "/me", method = "patch")]
    async fn update_me(
        &self,
        cx: Cx<SignedIn>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<MeChanges>,
    ) -> Result<Tagged<Me>> {
        let (user, changes) = (person(&cx)?, body.0);
        cx.control(async |tx| {
            db::lock(tx, user).await?;
            check_if_match(if_match.0.as_deref(), db::by_id(tx, user).await?.version)?;
            actions::update_me(tx, cx.principal.home, user, changes).await
        })
        .await?;
        cx.app.changes.forget(Change::User(user.0));
        show(&cx).await
    }
}

async fn show(cx: &Cx<SignedIn>) -> Result<Tagged<Me>> {
    let principal = &cx.principal;
    let (user, memberships, impersonator) = cx
        .control(async |tx| {
            let (user, memberships) = match principal.user.map(UserId) {
                Some(id) => (Some(db::by_id(tx, id).await?), db::belongings(tx, id).await?),
                None => (None, vec![]),
            };
            let impersonator = match &principal.impersonation {
                Some(i) => db::impersonator(tx, i.id).await?,
                None => String::new(),
            };
            Ok((user, memberships, impersonator))
        })
        .await?;
    let version = user.as_ref().map_or(0, |u| u.version);
    let profile = user.map(|u| Profile {
        id: u.id,
        email: u.email,
        name: u.name,
        locale: u.locale,
        theme: u.theme,
        density: u.density,
        second_factor: u.second_factor,
        created_at: u.created_at,
    });
    let kind = if cx.tenant.kind == TenantKind::Agency { "agency" } else { "client" };
    let impersonation = principal.impersonation.as_ref().map(|i| InPlace {
        id: ImpersonationId(i.id),
        impersonator,
        read_only: i.read_only,
        expires_at: i.expires_at,
    });
    let tenant =
        CurrentTenant { id: cx.tenant.id, name: cx.tenant.name.clone(), kind: kind.into(), home: principal.home };
    // Somebody in another's place sees that one account, not where else its owner belongs.
    let memberships = if impersonation.is_some() { vec![] } else { memberships };
    let modules_off = modules_off(cx).await?;
    let grants = GrantMap::of(&principal.grants).without(&modules_off);
    Ok(Tagged::of(Me { user: profile, tenant, memberships, grants, modules_off, impersonation }, version))
}

/// Of those that a plan can leave out, as far as somebody could be granted anything of them.
async fn modules_off(cx: &Cx<SignedIn>) -> Result<Vec<String>> {
    let has = tenants::plans::entitlements(&cx.app, cx.tenant.id).await?;
    let known: BTreeSet<&str> = cx.app.modules.iter().flat_map(|m| m.permissions).map(|p| module_of(p.name)).collect();
    Ok(known.into_iter().filter(|module| !has.has(module)).map(str::to_owned).collect())
}
