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

    /// Sign out.
    #[oai(path = "/sessions/current", method = "delete")]
    async fn delete_current_session(&self, cx: Admin<SignedIn>) -> Result<NoContent> {
        cx.control(async |tx| actions::sign_out(tx, &cx.admin).await).await?;
        Ok(NoContent::Done)
    }
}
