//! Rules over HTTP.
use super::{
    actions, db,
    model::{FollowUpRule, FollowUpRuleId, NewFollowUpRule},
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

pub(crate) struct FollowUpRulesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl FollowUpRulesApi {
    /// List follow-up rules
    ///
    /// Filters: name, cause, enabled, created_at. Sort: created_at.
    #[oai(path = "/follow-up-rules", method = "get")]
    async fn list_follow_up_rules(
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
    ) -> Result<Json<Page<FollowUpRule>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Create a follow-up rule
    ///
    /// Needs `followups.write` for everybody, as every change of a rule does.
    #[oai(path = "/follow-up-rules", method = "post")]
    async fn create_follow_up_rule(&self, cx: Cx<Write>, body: Json<NewFollowUpRule>) -> Result<Created<FollowUpRule>> {
        require_everybody(cx.level)?;
        members::require(&cx, "/member", body.0.member.into_iter().collect()).await?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Get a follow-up rule
    #[oai(path = "/follow-up-rules/:id", method = "get")]
    async fn get_follow_up_rule(&self, cx: Cx<Read>, id: Path<FollowUpRuleId>) -> Result<Tagged<FollowUpRule>> {
        let rule = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = rule.version;
        Ok(Tagged::of(rule, version))
    }

    /// Replace a follow-up rule
    ///
    /// What it started already stays as it was started; while the rule is off it does not fire. A member who has left may stay, and
    /// be named no more anew.
    #[oai(path = "/follow-up-rules/:id", method = "put")]
    async fn replace_follow_up_rule(
        &self,
        cx: Cx<Write>,
        id: Path<FollowUpRuleId>,
        /// The ETag you have read; 412 when the rule has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewFollowUpRule>,
    ) -> Result<Tagged<FollowUpRule>> {
        require_everybody(cx.level)?;
        let had = cx.read(async |tx| db::find(tx, id.0).await).await?.member;
        let named = body.0.member.filter(|member| had != Some(*member));
        members::require(&cx, "/member", named.into_iter().collect()).await?;
        let rule = cx.write(async |tx| actions::replace(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = rule.version;
        Ok(Tagged::of(rule, version))
    }

    /// Delete a follow-up rule
    ///
    /// What it started and is still waiting is cancelled.
    #[oai(path = "/follow-up-rules/:id", method = "delete")]
    async fn delete_follow_up_rule(
        &self,
        cx: Cx<Write>,
        id: Path<FollowUpRuleId>,
        /// The ETag you have read; 412 when the rule has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        require_everybody(cx.level)?;
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }
}
