//! Segments over HTTP.
use super::{
    actions,
    model::{MemberChange, MembersChanged, NewSegment, Segment, SegmentId, SegmentPatch, SegmentPreview, SegmentTrial},
};
use crate::{Read, Tags, Write};
use contacts::ContactId;
use kernel::{
    Cx, Result,
    db::ListQuery,
    events::NewEvent,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};

pub(crate) struct SegmentsApi;

const COLUMNS: &[&str] =
    &["id", "name", "description", "kind", "members", "building", "owner", "changed_at", "created_at", "updated_at"];

#[OpenApi(prefix_path = "/v1", tag = "Tags::Segments")]
impl SegmentsApi {
    /// List segments
    ///
    /// Filters: name, kind, owner, created_at, updated_at. Sorts: name, created_at, updated_at. Who is in one is said by the
    /// list of contacts, filtered by `segment:eq:` and its id.
    #[oai(path = "/segments", method = "get")]
    async fn list_segments(
        &self,
        cx: Cx<Read>,
        /// Only segments that this contact is in; 404 when he is not in reach.
        contact: Query<Option<ContactId>>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Segment>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.read(async |tx| actions::list(tx, &query, contact.0, &owners).await).await.map(Json)
    }

    /// Export the list of segments
    ///
    /// The rows of the list with the same filters as CSV, by name, with how many contacts of each are in reach. Cells that a
    /// spreadsheet would run as a formula get an apostrophe in front. The export is recorded.
    #[oai(path = "/segments/export", method = "get")]
    async fn export_segments(
        &self,
        cx: Cx<Read>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "segments", columns: COLUMNS, filter: filter.0, sort: "name" };
        let event = NewEvent::new("segment.exported", "segments", cx.tenant.id.0, "List of segments exported");
        sheets::export(cx, what, event, |cx, tx, query| {
            let owners = cx.visible_owners_of::<contacts::Read>();
            Box::pin(async move { actions::list(tx, query, None, &owners).await })
        })
        .await
    }

    /// Create a segment
    ///
    /// Whoever fits is found right afterwards; `building` says whether that is still going on. 409 `segment_name_taken` when
    /// there is one of this name; 403 when its conditions ask for related records of which the caller may not see all.
    #[oai(path = "/segments", method = "post")]
    async fn create_segment(&self, cx: Cx<Write>, body: Json<NewSegment>) -> Result<Created<Segment>> {
        let (owner, owners) = (cx.principal.user, cx.visible_owners_of::<contacts::Read>());
        body.0.definition.iter().try_for_each(|rule| rule.check_kept(&cx.principal.grants))?;
        cx.create(async |tx| actions::create(tx, body.0, owner, &owners).await).await
    }

    /// Preview a segment
    ///
    /// How many contacts fit conditions now, and the newest of them, as far as they and what is asked about them are in reach. Nothing is
    /// kept.
    #[oai(path = "/segments/preview", method = "post")]
    async fn preview_segment(&self, cx: Cx<Read>, body: Json<SegmentTrial>) -> Result<Json<SegmentPreview>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        body.0.definition.check_grants(&cx.principal.grants)?;
        let reader = &cx.principal;
        cx.read(async |tx| actions::preview(tx, &body.0.definition, reader, &owners).await).await.map(Json)
    }

    /// Get a segment
    #[oai(path = "/segments/:id", method = "get")]
    async fn get_segment(&self, cx: Cx<Read>, id: Path<SegmentId>) -> Result<Tagged<Segment>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        let segment = cx.read(async |tx| actions::find(tx, id.0, &owners).await).await?;
        let version = segment.version;
        Ok(Tagged::of(segment, version))
    }

    /// Change a segment
    ///
    /// Whoever made it does, and whoever has `segments.write` for all.
    #[oai(path = "/segments/:id", method = "patch")]
    async fn update_segment(
        &self,
        cx: Cx<Write>,
        id: Path<SegmentId>,
        /// The ETag you have read; 412 when the segment has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<SegmentPatch>,
    ) -> Result<Tagged<Segment>> {
        let (who, owners) = ((cx.principal.user, cx.level), cx.visible_owners_of::<contacts::Read>());
        let if_match = if_match.0.as_deref();
        body.0.definition.iter().try_for_each(|rule| rule.check_kept(&cx.principal.grants))?;
        let segment = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, who, &owners).await).await?;
        let version = segment.version;
        Ok(Tagged::of(segment, version))
    }

    /// Delete a segment
    ///
    /// The contacts stay. It can be restored for 30 days.
    #[oai(path = "/segments/:id", method = "delete")]
    async fn delete_segment(
        &self,
        cx: Cx<Write>,
        id: Path<SegmentId>,
        /// The ETag you have read; 412 when the segment has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let who = (cx.principal.user, cx.level);
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), who).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a deleted segment
    ///
    /// Who fits now is found anew.
    #[oai(path = "/segments/:id/restoration", method = "post")]
    async fn create_segment_restoration(&self, cx: Cx<Write>, id: Path<SegmentId>) -> Result<Json<Segment>> {
        let (who, owners) = ((cx.principal.user, cx.level), cx.visible_owners_of::<contacts::Read>());
        cx.act(async |tx| actions::restore(tx, id.0, who, &owners).await).await
    }

    /// Change members of a static segment
    ///
    /// Puts contacts in and takes others out, as far as they are in reach. 409 `segment_not_static` when conditions say who is
    /// in it.
    #[oai(path = "/segments/:id/members", method = "post")]
    async fn change_segment_members(
        &self,
        cx: Cx<Write>,
        id: Path<SegmentId>,
        body: Json<MemberChange>,
    ) -> Result<Json<MembersChanged>> {
        let (who, owners) = ((cx.principal.user, cx.level), cx.visible_owners_of::<contacts::Read>());
        cx.act(async |tx| actions::change_members(tx, id.0, body.0, who, &owners).await).await
    }
}
