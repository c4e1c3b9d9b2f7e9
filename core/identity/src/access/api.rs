//! `/v1/access`.
use super::{
    actions,
    model::{Access, Reason},
};
use crate::{MembersRead, roles::model::module_of};
use kernel::{
    Cx, Error, Result,
    auth::{Level, SignedIn},
    error::Kind,
    ids::UserId,
};
use poem_openapi::{OpenApi, param::Query, payload::Json};

/// Explanations.
#[derive(Debug)]
pub struct AccessApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl AccessApi {
    /// Why may somebody do something, or not?
    ///
    /// `user`: the person; oneself when absent. `owner`: whose record it is about.
    #[oai(path = "/access", method = "get")]
    async fn explain(
        &self,
        cx: Cx<SignedIn>,
        permission: Query<String>,
        user: Query<Option<UserId>>,
        owner: Query<Option<UserId>>,
    ) -> Result<Json<Access>> {
        let known = cx.app.permission(&permission.0).ok_or_else(unknown)?.name;
        let owner = owner.0.map(|o| o.0);
        let other = user.0.filter(|u| cx.principal.user != Some(u.0));
        if other.is_some() && cx.level_of::<MembersRead>() == Level::No {
            return Err(Error::forbidden("permission_missing", "This needs the permission identity.members.read."));
        }
        let explain = cx.control(async |tx| match other {
            Some(user) => actions::of_user(tx, &cx.tenant, user, known, owner).await,
            None => actions::of_caller(tx, (&cx.tenant, &cx.principal), known, owner).await,
        });
        module(&cx, explain.await?).await.map(Json)
    }
}

fn unknown() -> Error {
    Error::invalid("/permission", "permission_unknown", "There is no such permission; GET /v1/permissions lists them.")
}

/// A module that is switched off allows nothing to anybody.
async fn module(cx: &Cx<SignedIn>, mut access: Access) -> Result<Access> {
    let module = module_of(&access.permission).to_owned();
    match cx.app.require_module(&cx.tenant, &module).await {
        Ok(()) => {}
        Err(error) if matches!(error.kind(), Kind::Forbidden { .. }) => {
            access.because.push(Reason::new("module_off", format!("The plan does not include {module}.")));
            access.allowed = false;
        }
        Err(error) => return Err(error),
    }
    Ok(access)
}
