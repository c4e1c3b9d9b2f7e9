//! Activities over HTTP.
use super::{
    actions, db,
    model::{Activity, ActivityId, ActivityPatch, NewActivity},
};
use crate::{Read, Tags, Write};
use contacts::ContactId;
use kernel::{
    Cx, Result,
    db::{Clause, ListQuery},
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use tokio_postgres::types::Type;

pub(crate) struct ActivitiesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl ActivitiesApi {
    /// List activities with a contact
    ///
    /// Filters: kind, direction, topic, author, occurred_at. Sort: occurred_at.
    #[oai(path = "/contacts/:id/activities", method = "get")]
    async fn list_contact_activities(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Activity>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        let page = cx.read(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            tx.list(&db::LIST, &query, &[Clause("a.contact_id = ?", &id.0, Type::UUID)]).await
        });
        page.await.map(Json)
    }

    /// Log an activity with a contact
    #[oai(path = "/contacts/:id/activities", method = "post")]
    async fn create_contact_activity(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        body: Json<NewActivity>,
    ) -> Result<Created<Activity>> {
        let (owners, author) = (cx.visible_owners(), cx.principal.user);
        cx.create(async |tx| actions::create(tx, id.0, body.0, author, &owners).await).await
    }

    /// List activities
    ///
    /// With contacts in reach. Filters: kind, direction, topic, author, occurred_at. Sort: occurred_at.
    #[oai(path = "/activities", method = "get")]
    async fn list_activities(
        &self,
        cx: Cx<Read>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Activity>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Get an activity
    #[oai(path = "/activities/:id", method = "get")]
    async fn get_activity(&self, cx: Cx<Read>, id: Path<ActivityId>) -> Result<Tagged<Activity>> {
        let owners = cx.visible_owners();
        let activity = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = activity.version;
        Ok(Tagged::of(activity, version))
    }

    /// Change an activity
    #[oai(path = "/activities/:id", method = "patch")]
    async fn update_activity(
        &self,
        cx: Cx<Write>,
        id: Path<ActivityId>,
        /// The ETag you have read; 412 when the activity has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ActivityPatch>,
    ) -> Result<Tagged<Activity>> {
        let owners = cx.visible_owners();
        let if_match = if_match.0.as_deref();
        let activity = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &owners).await).await?;
        let version = activity.version;
        Ok(Tagged::of(activity, version))
    }

    /// Delete an activity
    #[oai(path = "/activities/:id", method = "delete")]
    async fn delete_activity(
        &self,
        cx: Cx<Write>,
        id: Path<ActivityId>,
        /// The ETag you have read; 412 when the activity has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }
}
