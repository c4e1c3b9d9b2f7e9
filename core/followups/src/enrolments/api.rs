//! Runs through sequences over HTTP.
use super::{
    actions, db,
    model::{Enrolment, EnrolmentId, EnrolmentsMade, NewEnrolments},
};
use crate::{Read, Tags, Write};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct EnrolmentsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl EnrolmentsApi {
    /// List runs through sequences
    ///
    /// Filters: sequence, contact, deal, status, created_at. Sort: created_at.
    #[oai(path = "/enrolments", method = "get")]
    async fn list_enrolments(
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
    ) -> Result<Json<Page<Enrolment>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Put contacts into a sequence
    ///
    /// A contact goes through a sequence once at a time: those that do already are counted. 409 `sequence_off` while it
    /// is off.
    #[oai(path = "/enrolments", method = "post")]
    async fn create_enrolments(&self, cx: Cx<Write>, body: Json<NewEnrolments>) -> Result<Created<EnrolmentsMade>> {
        let (owners, deal_owners) = (cx.visible_owners(), cx.visible_owners_of::<deals::Read>());
        cx.create(async |tx| actions::create(tx, body.0, &owners, &deal_owners).await).await
    }

    /// Get a run through a sequence
    #[oai(path = "/enrolments/:id", method = "get")]
    async fn get_enrolment(&self, cx: Cx<Read>, id: Path<EnrolmentId>) -> Result<Tagged<Enrolment>> {
        let owners = cx.visible_owners();
        let found = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = found.version;
        Ok(Tagged::of(found, version))
    }

    /// Stop a run
    ///
    /// Steps that wait are cancelled. 409 `enrolment_ended` when it has ended.
    #[oai(path = "/enrolments/:id/cancellation", method = "post")]
    async fn create_enrolment_cancellation(
        &self,
        cx: Cx<Write>,
        id: Path<EnrolmentId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<Enrolment>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::stop(tx, id.0, if_match, &owners).await).await
    }

    /// Hold a run back
    #[oai(path = "/enrolments/:id/pause", method = "post")]
    async fn create_enrolment_pause(
        &self,
        cx: Cx<Write>,
        id: Path<EnrolmentId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<Enrolment>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::pause(tx, id.0, if_match, &owners).await).await
    }

    /// Let a run go on
    ///
    /// Its steps come as many days later as it stood still.
    #[oai(path = "/enrolments/:id/resumption", method = "post")]
    async fn create_enrolment_resumption(
        &self,
        cx: Cx<Write>,
        id: Path<EnrolmentId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<Enrolment>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::resume(tx, id.0, if_match, &owners).await).await
    }
}
