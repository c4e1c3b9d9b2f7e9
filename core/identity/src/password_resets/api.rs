//! `/v1/password-resets`.
use super::actions;
use kernel::{
    Anonymous, Result,
    http::{Accepted, NoContent},
};
use poem_openapi::{Object, OpenApi, payload::Json};

/// A request for a link.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct ResetRequest {
    /// The address of the account.
    pub email: String,
}

/// A new password, with the token of the link.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct ResetConfirmation {
    /// From the link.
    pub token: String,
    /// The new password: at least 10 characters.
    pub password: String,
}

/// What happens next, the same for known and unknown addresses.
#[derive(Object, Clone)]
pub struct MailPromise {
    /// In English.
    pub detail: String,
}

/// Forgotten passwords.
#[derive(Debug)]
pub struct PasswordResetsApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl PasswordResetsApi {
    /// Ask for a link to choose a new password
    #[oai(path = "/password-resets", method = "post")]
    async fn ask_reset(&self, cx: Anonymous, body: Json<ResetRequest>) -> Result<Accepted<MailPromise>> {
        actions::ask(&cx, &body.0.email).await?;
        let detail = "If the address has an account, a link is on its way.".to_owned();
        Ok(Accepted::Accepted(Json(MailPromise { detail })))
    }

    /// Choose a new password with the link
    #[oai(path = "/password-resets/confirmation", method = "post")]
    async fn confirm_reset(&self, cx: Anonymous, body: Json<ResetConfirmation>) -> Result<NoContent> {
        actions::confirm(&cx, &body.0.token, &body.0.password).await?;
        Ok(NoContent::Done)
    }
}
