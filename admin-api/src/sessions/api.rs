use super::model::CurrentSession;
use crate::{Tag, access::Admin};
use identity::admins::{
    actions,
    model::{AdminCredentials, AdminTokens},
};
use kernel::{
    Anonymous, Result,
    auth::SignedIn,
    http::{Created, NoContent},
};
use poem_openapi::{OpenApi, payload::Json};

/// Signing in.
pub struct SessionsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Sessions")]
impl SessionsApi {
    /// Sign in with address, password and second factor; the token is valid for four hours.
    #[oai(path = "/sessions", method = "post")]
    async fn create_session(&self, cx: Anonymous, body: Json<AdminCredentials>) -> Result<Created<AdminTokens>> {
        let tokens = actions::sign_in(&cx.app, &cx.request, body.0).await?;
        Ok(Created::Created(Json(tokens)))
    }

    /// Go on with the session in the cookie: the same token, for the time that is left.
    #[oai(path = "/sessions/resume", method = "post")]
    async fn resume_session(&self, cx: Anonymous) -> Result<Json<AdminTokens>> {
        actions::resume(&cx.app, &cx.request).await.map(Json)
    }

    /// See who is signed in, and what he may do.
    #[oai(path = "/sessions/current", method = "get")]
    async fn get_current_session(&self, cx: Admin<SignedIn>) -> Result<Json<CurrentSession>> {
        let admin = cx.control(async |tx| actions::get(tx, cx.admin.id).await).await?;
        Ok(Json(CurrentSession::of(admin, &cx.admin, &cx.app)))
    }

    /// Sign out.
    #[oai(path = "/sessions/current", method = "delete")]
    async fn delete_current_session(&self, cx: Admin<SignedIn>) -> Result<NoContent> {
        cx.control(async |tx| actions::sign_out(tx, &cx.admin).await).await?;
        actions::forget(&cx.app, &cx.request)?;
        Ok(NoContent::Done)
    }
}
