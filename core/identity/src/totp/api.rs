//! `/v1/totp` and `/v1/recovery-codes`.
use super::{
    actions,
    model::{CodeProof, Enrolment, PasswordProof, RecoveryCodes},
};
use crate::{
    passwords::actions::prove,
    principals::{
        actions::{act_secret, create_secret},
        model::person,
    },
};
use kernel::{
    Cx, Result,
    auth::SignedIn,
    http::{Created, NoContent},
    tenancy::memory::Change,
};
use poem_openapi::{OpenApi, payload::Json};

/// The second factor.
#[derive(Debug)]
pub struct TotpApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl TotpApi {
    /// Begin to use an authenticator app
    #[oai(path = "/totp", method = "post")]
    async fn enrol(&self, cx: Cx<SignedIn>, body: Json<PasswordProof>) -> Result<Created<Enrolment>> {
        let user = person(&cx)?;
        prove(&cx, user, &body.0.password).await?;
        let issuer = cx.tenant.name.clone();
        create_secret(&cx, async |tx| actions::enrol(tx, user, &issuer).await).await
    }

    /// Switch the second factor on with the first code
    #[oai(path = "/totp/confirmation", method = "post")]
    async fn confirm(&self, cx: Cx<SignedIn>, body: Json<CodeProof>) -> Result<Json<RecoveryCodes>> {
        let user = person(&cx)?;
        let place = (cx.principal.home, cx.principal.session);
        let codes = act_secret(&cx, async |tx| actions::confirm(tx, user, place, &body.0.code).await).await?;
        cx.app.changes.forget(Change::User(user.0));
        Ok(codes)
    }

    /// Switch the second factor off
    #[oai(path = "/totp", method = "delete")]
    async fn remove(&self, cx: Cx<SignedIn>, body: Json<PasswordProof>) -> Result<NoContent> {
        let user = person(&cx)?;
        prove(&cx, user, &body.0.password).await?;
        cx.control(async |tx| actions::remove(tx, user, cx.principal.home).await).await?;
        Ok(NoContent::Done)
    }

    /// Get new recovery codes
    #[oai(path = "/recovery-codes", method = "post")]
    async fn renew_codes(&self, cx: Cx<SignedIn>, body: Json<PasswordProof>) -> Result<Created<RecoveryCodes>> {
        let user = person(&cx)?;
        prove(&cx, user, &body.0.password).await?;
        create_secret(&cx, async |tx| actions::renew_codes(tx, user, cx.principal.home).await).await
    }
}
