//! Saved views over HTTP.
use super::{
    actions, db,
    model::{NewSavedView, SavedView, SavedViewId, SavedViewPatch},
};
use crate::{Read, Tags, Write};
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

pub(crate) struct SavedViewsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl SavedViewsApi {
    /// List saved views
    ///
    /// One's own and those everybody has. Filters: name, shared, position. Sort: position.
    #[oai(path = "/saved-views", method = "get")]
    async fn list_saved_views(
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
    ) -> Result<Json<Page<SavedView>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let reader = cx.principal.user;
        let readable = Clause("(v.is_shared or v.owner_id = ?)", &reader, Type::UUID);
        cx.read(async |tx| tx.list(&db::LIST, &query, &[readable]).await).await.map(Json)
    }

    /// Save a view
    ///
    /// 422 when its filters or its order do not work; 409 `view_name_taken` when there is one of this name.
    #[oai(path = "/saved-views", method = "post")]
    async fn create_saved_view(&self, cx: Cx<Write>, body: Json<NewSavedView>) -> Result<Created<SavedView>> {
        let owner = cx.principal.user;
        cx.create(async |tx| actions::create(tx, body.0, owner).await).await
    }

    /// Get a saved view
    #[oai(path = "/saved-views/:id", method = "get")]
    async fn get_saved_view(&self, cx: Cx<Read>, id: Path<SavedViewId>) -> Result<Tagged<SavedView>> {
        let reader = cx.principal.user;
        let view = cx.read(async |tx| db::find(tx, id.0, reader).await).await?;
        let version = view.version;
        Ok(Tagged::of(view, version))
    }

    /// Change a saved view
    ///
    /// Its owner does; one that everybody has, whoever may change every contact, too.
    #[oai(path = "/saved-views/:id", method = "patch")]
    async fn update_saved_view(
        &self,
        cx: Cx<Write>,
        id: Path<SavedViewId>,
        /// The ETag you have read; 412 when the view has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<SavedViewPatch>,
    ) -> Result<Tagged<SavedView>> {
        let who = (cx.principal.user, cx.level);
        let view = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match.0.as_deref(), who).await).await?;
        let version = view.version;
        Ok(Tagged::of(view, version))
    }

    /// Delete a saved view
    ///
    /// The contacts stay.
    #[oai(path = "/saved-views/:id", method = "delete")]
    async fn delete_saved_view(
        &self,
        cx: Cx<Write>,
        id: Path<SavedViewId>,
        /// The ETag you have read; 412 when the view has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let who = (cx.principal.user, cx.level);
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), who).await).await?;
        Ok(NoContent::Done)
    }
}
