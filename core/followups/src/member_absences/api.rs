//! Absences of members over HTTP.
use super::{
    actions, db,
    model::{MemberAbsence, MemberAbsenceId, NewMemberAbsence},
};
use crate::{Read, Tags, Write, member_hours::require_self_or_everybody};
use identity::members;
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct MemberAbsencesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl MemberAbsencesApi {
    /// List absences of members
    ///
    /// Also those that are over. Filters: member, from, until. Sort: from.
    #[oai(path = "/member-absences", method = "get")]
    async fn list_member_absences(
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
    ) -> Result<Json<Page<MemberAbsence>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Add an absence of a member
    ///
    /// Of oneself; of others with `followups.write` for everybody. A follow-up that comes meanwhile goes to the stand-in, or waits
    /// for his first working moment. 409 `absence_known` when he is away on one of these days already.
    #[oai(path = "/member-absences", method = "post")]
    async fn create_member_absence(
        &self,
        cx: Cx<Write>,
        body: Json<NewMemberAbsence>,
    ) -> Result<Created<MemberAbsence>> {
        require_self_or_everybody(cx.level, cx.principal.user, body.0.member)?;
        members::require(&cx, "/member", vec![body.0.member]).await?;
        members::require(&cx, "/stand_in", body.0.stand_in.into_iter().collect()).await?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Remove an absence of a member
    ///
    /// Of oneself; of others with `followups.write` for everybody. What was moved to its end stays there.
    #[oai(path = "/member-absences/:id", method = "delete")]
    async fn delete_member_absence(&self, cx: Cx<Write>, id: Path<MemberAbsenceId>) -> Result<NoContent> {
        let who = (cx.level, cx.principal.user);
        cx.write(async |tx| actions::delete(tx, id.0, who).await).await?;
        Ok(NoContent::Done)
    }
}
