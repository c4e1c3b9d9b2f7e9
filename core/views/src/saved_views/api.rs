//! Saved views over HTTP.
use super::{
    actions, db,
    model::{FIRST, NewSavedView, Reader, SavedView, SavedViewId, SavedViewPatch},
};
use crate::{Keep, Look, Tags};
use kernel::{
    Cx, Error, Result, ViewedList,
    auth::Permission,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct SavedViewsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Views")]
impl SavedViewsApi {
    /// List saved views
    ///
    /// Of one list: one's own, those of one's teams and those everybody has. Needs the permission to read the records of the
    /// list. Filters: name, kind, shared, position. Sort: position.
    #[oai(path = "/saved-views", method = "get")]
    async fn list_saved_views(
        &self,
        cx: Cx<Look>,
        /// The list: `contacts` (when absent), `companies`, `deals` or `tasks`.
        list: Query<Option<String>>,
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
        let list = list_of(&cx, list.0.as_deref().unwrap_or(FIRST))?;
        cx.require(list.read).await?;
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let reader = reader(&cx);
        cx.read(async |tx| db::list(tx, &query, list.name, &reader).await).await.map(Json)
    }

    /// Save a view
    ///
    /// Needs the permission to write the records of the list. 422 when its filters or its order do not work; 409
    /// `view_name_taken` when there is one of this name.
    #[oai(path = "/saved-views", method = "post")]
    async fn create_saved_view(&self, cx: Cx<Keep>, body: Json<NewSavedView>) -> Result<Created<SavedView>> {
        let list = list_of(&cx, body.0.list())?;
        cx.require(list.write).await?;
        let reader = reader(&cx);
        cx.create(async |tx| actions::create(tx, body.0, &list, &reader).await).await
    }

    /// Get a saved view
    #[oai(path = "/saved-views/:id", method = "get")]
    async fn get_saved_view(&self, cx: Cx<Look>, id: Path<SavedViewId>) -> Result<Tagged<SavedView>> {
        let view = find(&cx, id.0).await?;
        cx.require(list_of(&cx, &view.list)?.read).await?;
        let version = view.version;
        Ok(Tagged::of(view, version))
    }

    /// Change a saved view
    ///
    /// Its owner does; one that everybody has, whoever may change every record of its list, too.
    #[oai(path = "/saved-views/:id", method = "patch")]
    async fn update_saved_view(
        &self,
        cx: Cx<Keep>,
        id: Path<SavedViewId>,
        /// The ETag you have read; 412 when the view has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<SavedViewPatch>,
    ) -> Result<Tagged<SavedView>> {
        let list = list_of(&cx, &find(&cx, id.0).await?.list)?;
        let (level, reader) = (cx.require(list.write).await?, reader(&cx));
        let who = (&reader, &list, level);
        let view = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match.0.as_deref(), who).await).await?;
        let version = view.version;
        Ok(Tagged::of(view, version))
    }

    /// Delete a saved view
    ///
    /// The records stay.
    #[oai(path = "/saved-views/:id", method = "delete")]
    async fn delete_saved_view(
        &self,
        cx: Cx<Keep>,
        id: Path<SavedViewId>,
        /// The ETag you have read; 412 when the view has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let list = list_of(&cx, &find(&cx, id.0).await?.list)?;
        let (level, reader) = (cx.require(list.write).await?, reader(&cx));
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &reader, level).await).await?;
        Ok(NoContent::Done)
    }
}

async fn find<P: Permission>(cx: &Cx<P>, id: SavedViewId) -> Result<SavedView> {
    let reader = reader(cx);
    cx.read(async |tx| db::find(tx, id, &reader).await).await
}

fn reader<P: Permission>(cx: &Cx<P>) -> Reader {
    Reader { user: cx.principal.user, team: cx.principal.team_members.to_vec() }
}

/// The list of this name, whichever module it is of.
fn list_of<P: Permission>(cx: &Cx<P>, name: &str) -> Result<ViewedList> {
    let mut lists = cx.app.modules.iter().flat_map(|module| module.lists);
    let known = || Error::invalid("/list", "list_unknown", "There is no such list with views.");
    lists.find(|list| list.name == name).copied().ok_or_else(known)
}
