//! `/v1/passkeys`, and signing in with one.
use super::{
    actions, db,
    model::{NewPasskey, Passkey, PasskeyCeremony, PasskeyChanges, PasskeyId, PasskeyProof},
};
use crate::{
    passwords::actions::prove,
    principals::model::person,
    sessions::{handed, model::Tokens},
    totp::model::PasswordProof,
};
use kernel::{
    Anonymous, Cx, Result,
    auth::SignedIn,
    http::{Created, NoContent, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};
use tenants::domains::place;

/// Passkeys.
#[derive(Debug)]
pub struct PasskeysApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl PasskeysApi {
    /// List my passkeys
    #[oai(path = "/passkeys", method = "get")]
    async fn list_passkeys(&self, cx: Cx<SignedIn>) -> Result<Json<Vec<Passkey>>> {
        let user = person(&cx)?;
        cx.control(async |tx| db::list(tx, user).await).await.map(Json)
    }

    /// Begin to add a passkey
    #[oai(path = "/passkeys/options", method = "post")]
    async fn begin_passkey(&self, cx: Cx<SignedIn>, body: Json<PasswordProof>) -> Result<Created<PasskeyCeremony>> {
        let user = person(&cx)?;
        prove(&cx, user, &body.0.password).await?;
        let here = place(&cx.app, &cx.request.host).await?;
        let begun = cx.control(async |tx| actions::begin_adding(tx, user, &here).await).await?;
        Ok(Created::Created(Json(begun)))
    }

    /// Add a passkey
    #[oai(path = "/passkeys", method = "post")]
    async fn create_passkey(&self, cx: Cx<SignedIn>, body: Json<NewPasskey>) -> Result<Created<Passkey>> {
        let (whose, now) = ((person(&cx)?, cx.principal.home), cx.now());
        // Taken in a transaction of its own: a wrong answer uses the challenge up as well.
        let state = cx.control(async |tx| db::take(tx, body.ceremony, Some(whose.0), now).await).await?;
        let here = place(&cx.app, &cx.request.host).await?;
        let added = cx.control(async |tx| actions::add(tx, whose, state, body.0, &here).await).await?;
        Ok(Created::Created(Json(added)))
    }

    /// Rename a passkey
    #[oai(path = "/passkeys/:id", method = "patch")]
    async fn update_passkey(
        &self,
        cx: Cx<SignedIn>,
        id: Path<PasskeyId>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<PasskeyChanges>,
    ) -> Result<Tagged<Passkey>> {
        let whose = (person(&cx)?, cx.principal.home);
        let which = (id.0, if_match.0.as_deref());
        let passkey = cx.control(async |tx| actions::update(tx, whose, which, body.0).await).await?;
        let version = passkey.version;
        Ok(Tagged::of(passkey, version))
    }

    /// Remove a passkey: nobody signs in with it any more
    #[oai(path = "/passkeys/:id", method = "delete")]
    async fn remove_passkey(&self, cx: Cx<SignedIn>, id: Path<PasskeyId>) -> Result<NoContent> {
        let whose = (person(&cx)?, cx.principal.home);
        cx.control(async |tx| actions::remove(tx, whose, id.0).await).await?;
        Ok(NoContent::Done)
    }

    /// Begin to sign in with a passkey
    #[oai(path = "/sessions/passkey-options", method = "post")]
    async fn begin_passkey_sign_in(&self, cx: Anonymous) -> Result<Created<PasskeyCeremony>> {
        actions::begin_sign_in(&cx).await.map(|begun| Created::Created(Json(begun)))
    }

    /// Sign in with a passkey
    #[oai(path = "/sessions/passkey", method = "post")]
    async fn sign_in_with_passkey(&self, cx: Anonymous, body: Json<PasskeyProof>) -> Result<Created<Tokens>> {
        let in_cookie = body.0.cookie;
        let tokens = actions::sign_in(&cx, body.0).await?;
        Ok(Created::Created(Json(handed(&cx, in_cookie, tokens)?)))
    }
}
