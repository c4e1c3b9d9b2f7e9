//! `/v1/email-changes`.
use super::{
    actions, db,
    model::{EmailChange, EmailChangeId, EmailProof, EmailReversion, NewEmailChange},
};
use crate::principals::model::person;
use kernel::{
    Anonymous, Cx, Result,
    auth::SignedIn,
    http::{Created, NoContent},
};
use poem_openapi::{OpenApi, param::Path, payload::Json};

/// The address one signs in with.
#[derive(Debug)]
pub struct EmailChangesApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl EmailChangesApi {
    /// List changes of my address
    ///
    /// The one that waits for its link to be followed, and those that the mail to the old address can still take back.
    #[oai(path = "/email-changes", method = "get")]
    async fn list_email_changes(&self, cx: Cx<SignedIn>) -> Result<Json<Vec<EmailChange>>> {
        let (user, now) = (person(&cx)?, cx.now());
        cx.control(async |tx| db::list(tx, user, now).await).await.map(Json)
    }

    /// Ask for another address to sign in with
    ///
    /// A link goes to it, and word to the address in force, which keeps working until the link is followed. The answer does not tell
    /// whether the address has an account. What was asked for before is over. It takes what signing in takes: the password, with a
    /// code of whoever has a second factor, or a passkey.
    #[oai(path = "/email-changes", method = "post")]
    async fn create_email_change(&self, cx: Cx<SignedIn>, body: Json<NewEmailChange>) -> Result<Created<EmailChange>> {
        let whose = (person(&cx)?, cx.principal.home);
        let code = actions::prove(&cx, whose.0, &body.0).await?;
        cx.control_create(async |tx| actions::ask(tx, whose, &body.0.email, code).await).await
    }

    /// Send the link to the new address again
    ///
    /// The one before no longer works.
    #[oai(path = "/email-changes/:id/mails", method = "post")]
    async fn send_email_change(&self, cx: Cx<SignedIn>, id: Path<EmailChangeId>) -> Result<Created<EmailChange>> {
        let user = person(&cx)?;
        let per = cx.app.config.limits.auth_per_15_minutes;
        cx.request.limit_slow(&cx.app, &format!("email-change/{user}"), per)?;
        cx.control_create(async |tx| actions::send_again(tx, user, id.0).await).await
    }

    /// Keep the address in force
    #[oai(path = "/email-changes/:id", method = "delete")]
    async fn cancel_email_change(&self, cx: Cx<SignedIn>, id: Path<EmailChangeId>) -> Result<NoContent> {
        let user = person(&cx)?;
        cx.control(async |tx| actions::cancel(tx, user, id.0).await).await?;
        Ok(NoContent::Done)
    }

    /// Prove the new address with the link: it is what one signs in with from now on
    #[oai(path = "/email-changes/confirmation", method = "post")]
    async fn confirm_email_change(&self, cx: Anonymous, body: Json<EmailProof>) -> Result<NoContent> {
        actions::confirm(&cx, body.0).await?;
        Ok(NoContent::Done)
    }

    /// Bring the old address back with the link that went there: with a new password, and signed out everywhere
    #[oai(path = "/email-changes/reversion", method = "post")]
    async fn revert_email_change(&self, cx: Anonymous, body: Json<EmailReversion>) -> Result<NoContent> {
        actions::revert(&cx, &body.0.token, &body.0.password).await?;
        Ok(NoContent::Done)
    }
}
