//! `/v1/sign-ups`.
use super::actions;
use crate::password_resets::MailPromise;
use kernel::{
    Anonymous, Result,
    http::{Accepted, Created},
    ids::{TenantId, UserId},
};
use poem_openapi::{Object, OpenApi, param::Header, payload::Json};

/// A new agency and its owner.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewSignUp {
    /// The agency's name.
    pub agency: String,
    /// The owner's name.
    pub name: String,
    /// The owner's address; a link goes there.
    pub email: String,
    /// The owner's password: at least 10 characters.
    pub password: String,
    /// The language of the mail and of the account, BCP 47; what `Accept-Language` names first when absent.
    pub locale: Option<String>,
}

/// The token of the link, and the password chosen at the sign-up.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct SignUpProof {
    /// From the link.
    pub token: String,
    /// The password chosen at the sign-up; another one is 422 `password_wrong` and the link stays good.
    pub password: String,
}

/// The agency exists; its owner can sign in.
#[derive(Object, Clone)]
pub struct Founded {
    /// The agency.
    pub tenant: TenantId,
    /// Its owner.
    pub user: UserId,
}

/// Sign-up of agencies.
#[derive(Debug)]
pub struct SignUpsApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl SignUpsApi {
    /// Sign up as an agency
    #[oai(path = "/sign-ups", method = "post")]
    async fn sign_up(
        &self,
        cx: Anonymous,
        /// Languages the reader prefers.
        #[oai(name = "Accept-Language")]
        languages: Header<Option<String>>,
        body: Json<NewSignUp>,
    ) -> Result<Accepted<MailPromise>> {
        actions::sign_up(&cx, body.0, languages.0.as_deref()).await?;
        let detail = "A mail is on its way; follow its link.".to_owned();
        Ok(Accepted::Accepted(Json(MailPromise { detail })))
    }

    /// Prove the address of a sign-up: the agency exists from now on
    #[oai(path = "/sign-ups/verification", method = "post")]
    async fn verify(&self, cx: Anonymous, body: Json<SignUpProof>) -> Result<Created<Founded>> {
        let (tenant, user) = actions::verify(&cx, &body.0.token, &body.0.password).await?;
        Ok(Created::Created(Json(Founded { tenant, user })))
    }
}
