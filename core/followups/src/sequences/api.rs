//! Sequences over HTTP.
use super::{
    actions, db,
    model::{NewSequence, Sequence, SequenceId},
};
use crate::{Read, Tags, Write, require_everybody};
use identity::members;
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct SequencesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl SequencesApi {
    /// List sequences
    ///
    /// Filters: name, enabled, created_at. Sort: created_at.
    #[oai(path = "/sequences", method = "get")]
    async fn list_sequences(
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
    ) -> Result<Json<Page<Sequence>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Create a sequence
    ///
    /// Needs `followups.write` for everybody, as every change of a sequence does.
    #[oai(path = "/sequences", method = "post")]
    async fn create_sequence(&self, cx: Cx<Write>, body: Json<NewSequence>) -> Result<Created<Sequence>> {
        require_everybody(cx.level)?;
        members::require(&cx, "/member", body.0.member.into_iter().collect()).await?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Get a sequence
    #[oai(path = "/sequences/:id", method = "get")]
    async fn get_sequence(&self, cx: Cx<Read>, id: Path<SequenceId>) -> Result<Tagged<Sequence>> {
        let rule = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = rule.version;
        Ok(Tagged::of(rule, version))
    }

    /// Replace a sequence
    ///
    /// Whoever goes through it already keeps the steps that were planned for him. A member who has left may stay, and be named no
    /// more anew.
    #[oai(path = "/sequences/:id", method = "put")]
    async fn replace_sequence(
        &self,
        cx: Cx<Write>,
        id: Path<SequenceId>,
        /// The ETag you have read; 412 when the sequence has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewSequence>,
    ) -> Result<Tagged<Sequence>> {
        require_everybody(cx.level)?;
        let had = cx.read(async |tx| db::find(tx, id.0).await).await?.member;
        let named = body.0.member.filter(|member| had != Some(*member));
        members::require(&cx, "/member", named.into_iter().collect()).await?;
        let rule = cx.write(async |tx| actions::replace(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = rule.version;
        Ok(Tagged::of(rule, version))
    }

    /// Delete a sequence
    ///
    /// With all runs through it; tasks that were made stay. 409 `sequence_in_use` while a rule puts contacts into it.
    #[oai(path = "/sequences/:id", method = "delete")]
    async fn delete_sequence(
        &self,
        cx: Cx<Write>,
        id: Path<SequenceId>,
        /// The ETag you have read; 412 when the sequence has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        require_everybody(cx.level)?;
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }
}
