//! Tags over HTTP.
use super::{
    actions, db, export,
    model::{NewTag, Tag, TagId, TagMerger, TagPatch},
};
use crate::{Export, Read, Tags, Write, tag_runs};
use kernel::{
    Cx, Result, Tx,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct TagsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl TagsApi {
    /// List tags
    ///
    /// Filters and sorts: name, created_at.
    #[oai(path = "/tags", method = "get")]
    async fn list_tags(
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
    ) -> Result<Json<Page<Tag>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Export the list of tags
    ///
    /// With how many contacts in reach carry each, as CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and
    /// a body that breaks off never ends as if it were whole. Takes the filters of the list; sorted by name. In CSV cells that a
    /// spreadsheet would run as a formula begin with an apostrophe. The export is recorded.
    #[oai(path = "/tags/export", method = "get")]
    async fn export_tags(
        &self,
        cx: Cx<Export>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        export::file(&cx, filter.0, Look::of(format.0, language.0)).await
    }

    /// Create a tag
    ///
    /// A name that is an alias of another tag is this one's from then on.
    #[oai(path = "/tags", method = "post")]
    async fn create_tag(&self, cx: Cx<Write>, body: Json<NewTag>) -> Result<Created<Tag>> {
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Get a tag
    #[oai(path = "/tags/:id", method = "get")]
    async fn get_tag(&self, cx: Cx<Read>, id: Path<TagId>) -> Result<Tagged<Tag>> {
        let tag = cx.read(async |tx| actions::find(tx, id.0).await).await?;
        let version = tag.version;
        Ok(Tagged::of(tag, version))
    }

    /// Change a tag
    ///
    /// Contacts follow a new name: before the answer when at most 1000 carry it, else in the background, which
    /// `/v1/tag-runs` shows. Meanwhile whoever is found by one of its names is found by the other. The old name becomes an
    /// alias: whoever gives it to a contact later, such as a form, gives this tag.
    #[oai(path = "/tags/:id", method = "patch")]
    async fn update_tag(
        &self,
        cx: Cx<Write>,
        id: Path<TagId>,
        /// The ETag you have read; 412 when the tag has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<TagPatch>,
    ) -> Result<Tagged<Tag>> {
        actions::require_everybody(cx.level)?;
        let (tag, run) = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        tag_runs::hurry(&cx, run).await;
        let version = tag.version;
        Ok(Tagged::of(tag, version))
    }

    /// Merge a tag into another one
    ///
    /// It is gone, and every contact that carries it carries the other one: before the answer when there are at most 1000,
    /// else in the background, which `/v1/tag-runs` shows. How many contacts that are is said by the tag before. Its name and
    /// its aliases are aliases of the other one. 422 `same_tag` when both are the same.
    #[oai(path = "/tags/:id/merger", method = "post")]
    async fn merge_tag(
        &self,
        cx: Cx<Write>,
        id: Path<TagId>,
        /// The ETag you have read; 412 when the tag has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<TagMerger>,
    ) -> Result<Json<Tag>> {
        actions::require_everybody(cx.level)?;
        let mut run = None;
        let merge = async |tx: &mut Tx| {
            let (tag, begun) = actions::merge(tx, id.0, &body.0, if_match.0.as_deref()).await?;
            run = begun;
            Ok(tag)
        };
        let tag = cx.act(merge).await?;
        tag_runs::hurry(&cx, run).await;
        Ok(tag)
    }

    /// Delete a tag
    ///
    /// Takes it off every contact: before the answer when at most 1000 carry it, else in the background, which `/v1/tag-runs`
    /// shows. Until then nobody is given it; whoever names it later, or an alias of it, makes a new tag. Forms that gave it give it no more.
    #[oai(path = "/tags/:id", method = "delete")]
    async fn delete_tag(
        &self,
        cx: Cx<Write>,
        id: Path<TagId>,
        /// The ETag you have read; 412 when the tag has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        actions::require_everybody(cx.level)?;
        let run = cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        tag_runs::hurry(&cx, run).await;
        Ok(NoContent::Done)
    }
}
