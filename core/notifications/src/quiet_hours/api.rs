//! When one is not disturbed.
use super::{
    actions,
    model::{NewQuietHours, QuietHours},
};
use crate::{
    Tag,
    notifications::actions::{himself, person},
};
use kernel::{Cx, Result, auth::SignedIn};
use poem_openapi::{OpenApi, payload::Json};

pub(crate) struct QuietHoursApi;

#[OpenApi(tag = "Tag::Notifications")]
impl QuietHoursApi {
    /// One's quiet hours
    #[oai(path = "/v1/quiet-hours", method = "get", operation_id = "get_quiet_hours")]
    async fn get_quiet_hours(&self, cx: Cx<SignedIn>) -> Result<Json<QuietHours>> {
        let user = person(&cx.principal)?;
        cx.read(async |tx| actions::get(tx, user).await).await.map(Json)
    }

    /// Choose one's quiet hours
    ///
    /// In this account. What waits already comes when the new ones say so. No spans: one is told at any time.
    #[oai(path = "/v1/quiet-hours", method = "put", operation_id = "put_quiet_hours")]
    async fn put_quiet_hours(&self, cx: Cx<SignedIn>, body: Json<NewQuietHours>) -> Result<Json<QuietHours>> {
        let user = himself(&cx.principal)?;
        cx.write(async |tx| actions::put(tx, user, body.0).await).await.map(Json)
    }
}
