//! What one hears nothing more of.
use super::{
    actions, db,
    model::{NewNotificationMute, NotificationMute, NotificationMuteId},
};
use crate::{
    Tag,
    notifications::actions::{himself, person},
};
use kernel::{
    Cx, Result,
    auth::SignedIn,
    http::{Created, NoContent},
};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct NotificationMutesApi;

#[OpenApi(tag = "Tag::Notifications")]
impl NotificationMutesApi {
    /// What one has muted
    ///
    /// In this account, the newest first; at most 1000.
    #[oai(path = "/v1/notification-mutes", method = "get", operation_id = "list_notification_mutes")]
    async fn list_notification_mutes(&self, cx: Cx<SignedIn>) -> Result<Json<Vec<NotificationMute>>> {
        let user = person(&cx.principal)?;
        cx.read(async |tx| db::of_user(tx, user).await).await.map(Json)
    }

    /// Mute a kind of news or a record
    ///
    /// One hears nothing more of it in any way; what was told already stays. What is muted already stays so.
    #[oai(path = "/v1/notification-mutes", method = "post", operation_id = "create_notification_mute")]
    async fn create_notification_mute(
        &self,
        cx: Cx<SignedIn>,
        body: Json<NewNotificationMute>,
    ) -> Result<Created<NotificationMute>> {
        let user = himself(&cx.principal)?;
        cx.create(async |tx| actions::mute(tx, user, &body.0).await).await
    }

    /// Hear of it again
    ///
    /// From now on; what was muted meanwhile is not told later.
    #[oai(path = "/v1/notification-mutes/:id", method = "delete", operation_id = "delete_notification_mute")]
    async fn delete_notification_mute(&self, cx: Cx<SignedIn>, id: Path<NotificationMuteId>) -> Result<NoContent> {
        let user = himself(&cx.principal)?;
        cx.write(async |tx| actions::unmute(tx, user, id.0).await).await?;
        Ok(NoContent::Done)
    }
}
