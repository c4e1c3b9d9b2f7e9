//! Hours of members over HTTP.
use super::{actions, db, model::MemberHours};
use crate::{Read, Tags, Write, working_time::NewWorkingTime};
use identity::members;
use kernel::{
    Cx, Error, Result,
    db::ListQuery,
    error::Kind,
    http::{NoContent, Page, Tagged},
    ids::UserId,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct MemberHoursApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl MemberHoursApi {
    /// List hours of members
    ///
    /// Of those who have hours of their own; the others work in the tenant's. Filters: member, created_at. Sort: created_at.
    #[oai(path = "/member-hours", method = "get")]
    async fn list_member_hours(
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
    ) -> Result<Json<Page<MemberHours>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Replace the hours of a member
    ///
    /// Of oneself; of others with `followups.write` for everybody. What waits already keeps its moment.
    #[oai(path = "/member-hours/:id", method = "put")]
    async fn replace_member_hours(
        &self,
        cx: Cx<Write>,
        /// The member.
        id: Path<UserId>,
        /// The ETag you have read; 412 when they have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewWorkingTime>,
    ) -> Result<Tagged<MemberHours>> {
        actions::require_self_or_everybody(cx.level, cx.principal.user, id.0)?;
        let known = members::require(&cx, "/id", vec![id.0]).await;
        known.map_err(|error| if matches!(error.kind(), Kind::Invalid(_)) { Error::not_found() } else { error })?;
        let hours = cx.write(async |tx| actions::put(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = hours.version;
        Ok(Tagged::of(hours, version))
    }

    /// Remove the hours of a member
    ///
    /// He works in the tenant's hours again.
    #[oai(path = "/member-hours/:id", method = "delete")]
    async fn delete_member_hours(
        &self,
        cx: Cx<Write>,
        /// The member.
        id: Path<UserId>,
        /// The ETag you have read; 412 when they have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        actions::require_self_or_everybody(cx.level, cx.principal.user, id.0)?;
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }
}
