//! What one was told.
use super::{
    actions::{self, himself, person},
    db,
    model::{Marked, Notification, NotificationId, NotificationPatch, ReadAll, Unread},
};
use crate::{
    Tag,
    mails::{Mail, db::of_notification},
};
use kernel::{Cx, Result, auth::SignedIn, db::ListQuery, http::Page};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct NotificationsApi;

#[OpenApi(tag = "Tag::Notifications")]
impl NotificationsApi {
    /// What one was told
    #[oai(path = "/v1/notifications", method = "get", operation_id = "list_notifications")]
    async fn list_notifications(
        &self,
        cx: Cx<SignedIn>,
        /// Rows wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// next_cursor of the page before.
        cursor: Query<Option<String>>,
        /// told_at (its default, the newest first), created_at; with - in front for descending.
        sort: Query<Option<String>>,
        /// field:op:value; fields module, kind, read, archived, snoozed, told_at, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Notification>>> {
        let user = person(&cx.principal)?;
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| db::list(tx, user, &query).await).await.map(Json)
    }

    /// How much is unread
    #[oai(path = "/v1/notifications/unread", method = "get", operation_id = "get_unread")]
    async fn get_unread(&self, cx: Cx<SignedIn>) -> Result<Json<Unread>> {
        let user = person(&cx.principal)?;
        cx.read(async |tx| db::unread(tx, user).await.map(Unread::of)).await.map(Json)
    }

    /// Mark as read, several at once
    #[oai(path = "/v1/notifications/read-all", method = "post", operation_id = "read_all_notifications")]
    async fn read_all_notifications(&self, cx: Cx<SignedIn>, body: Json<ReadAll>) -> Result<Json<Marked>> {
        let user = himself(&cx.principal)?;
        cx.act(async |tx| db::mark_all(tx, user, &body.0).await.map(|count| Marked { count })).await
    }

    /// A notification
    #[oai(path = "/v1/notifications/:id", method = "get", operation_id = "get_notification")]
    async fn get_notification(&self, cx: Cx<SignedIn>, id: Path<NotificationId>) -> Result<Json<Notification>> {
        let user = person(&cx.principal)?;
        cx.read(async |tx| db::get(tx, user, id.0).await).await.map(Json)
    }

    /// Mark as read or unread, put away or off, or bring back
    #[oai(path = "/v1/notifications/:id", method = "patch", operation_id = "update_notification")]
    async fn update_notification(
        &self,
        cx: Cx<SignedIn>,
        id: Path<NotificationId>,
        body: Json<NotificationPatch>,
    ) -> Result<Json<Notification>> {
        let user = himself(&cx.principal)?;
        cx.write(async |tx| actions::change(tx, user, id.0, body.0).await).await.map(Json)
    }

    /// E-mails that carried a notification, with what became of them
    #[oai(path = "/v1/notifications/:id/deliveries", method = "get", operation_id = "list_notification_deliveries")]
    async fn list_notification_deliveries(
        &self,
        cx: Cx<SignedIn>,
        id: Path<NotificationId>,
    ) -> Result<Json<Vec<Mail>>> {
        let user = person(&cx.principal)?;
        let read = async |tx: &mut kernel::Tx| {
            db::get(tx, user, id.0).await?;
            of_notification(tx, id.0.0).await
        };
        cx.read(read).await.map(Json)
    }
}
