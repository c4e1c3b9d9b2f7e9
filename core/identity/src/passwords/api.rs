//! `/v1/password`.
use super::actions;
use crate::principals::model::person;
use kernel::{Cx, Result, auth::SignedIn, http::NoContent, tenancy::memory::Change};
use poem_openapi::{Object, OpenApi, payload::Json};

/// A change of the own password.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct PasswordChange {
    /// The one in force.
    pub current: String,
    /// The one from now on: at least 10 characters.
    pub new: String,
}

/// The own password.
#[derive(Debug)]
pub struct PasswordsApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl PasswordsApi {
    /// Change my password; every other session ends
    #[oai(path = "/password", method = "put")]
    async fn change_password(&self, cx: Cx<SignedIn>, body: Json<PasswordChange>) -> Result<NoContent> {
        let user = person(&cx)?;
        let person = actions::prove(&cx, user, &body.0.current).await?;
        let hash = actions::prepare(&cx.app, "/new", &body.0.new, &person).await?;
        let place = (Some(cx.principal.home), cx.principal.session);
        cx.control(async |tx| actions::change(tx, user, place, &hash, "user").await).await?;
        cx.app.changes.forget(Change::User(user.0));
        Ok(NoContent::Done)
    }
}
