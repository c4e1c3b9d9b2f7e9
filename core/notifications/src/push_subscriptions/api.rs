//! `/v1/push-subscriptions`.
use super::{
    actions::{self, Vapid},
    db,
    model::{NewPushSubscription, PushKey, PushSubscription, PushSubscriptionId},
};
use crate::{
    Tag,
    notifications::actions::{himself, person},
};
use kernel::{
    Cx, Error, Result,
    auth::SignedIn,
    http::{Created, NoContent},
};
use poem_openapi::{OpenApi, param::Path, payload::Json};
use uuid::Uuid;

pub(crate) struct PushSubscriptionsApi;

#[OpenApi(tag = "Tag::Notifications")]
impl PushSubscriptionsApi {
    /// Devices that are told
    #[oai(path = "/v1/push-subscriptions", method = "get", operation_id = "list_push_subscriptions")]
    async fn list_push_subscriptions(&self, cx: Cx<SignedIn>) -> Result<Json<Vec<PushSubscription>>> {
        let (user, session, now) = (person(&cx.principal)?, cx.principal.session, cx.now());
        cx.control(async |tx| db::list(tx, user, session, now).await).await.map(Json)
    }

    /// What a browser needs to subscribe
    #[oai(path = "/v1/push-subscriptions/key", method = "get", operation_id = "get_push_key")]
    async fn get_push_key(&self, cx: Cx<SignedIn>) -> Result<Json<PushKey>> {
        person(&cx.principal)?;
        let vapid = cx.app.provided::<Vapid>()?;
        let signer = vapid.signer(&cx.app).await?;
        Ok(Json(PushKey { public_key: signer.public().to_owned() }))
    }

    /// Tell this device from now on
    ///
    /// It is told for as long as somebody is signed in there. The same endpoint again takes the place of the former.
    #[oai(path = "/v1/push-subscriptions", method = "post", operation_id = "create_push_subscription")]
    async fn create_push_subscription(
        &self,
        cx: Cx<SignedIn>,
        body: Json<NewPushSubscription>,
    ) -> Result<Created<PushSubscription>> {
        let whose = (himself(&cx.principal)?, session(&cx)?, cx.principal.home);
        let added = cx.control(async |tx| actions::add(tx, whose, &body.0).await).await?;
        Ok(Created::Created(Json(added)))
    }

    /// Tell a device nothing any more
    #[oai(path = "/v1/push-subscriptions/:id", method = "delete", operation_id = "delete_push_subscription")]
    async fn delete_push_subscription(&self, cx: Cx<SignedIn>, id: Path<PushSubscriptionId>) -> Result<NoContent> {
        let user = himself(&cx.principal)?;
        cx.control(async |tx| actions::remove(tx, user, cx.principal.home, id.0).await).await?;
        Ok(NoContent::Done)
    }
}

/// A device belongs to a sign-in; whoever acts in somebody's place has none there.
fn session(cx: &Cx<SignedIn>) -> Result<Uuid> {
    if cx.principal.impersonation.is_some() {
        return Err(Error::forbidden("impersonation_forbidden", "Nobody is told in somebody else's place."));
    }
    cx.principal.session.ok_or_else(|| Error::forbidden("people_only", "Only a signed-in person has devices."))
}
