//! Rules of assignment over HTTP.
use super::{
    actions, db,
    model::{AssignmentOrder, AssignmentRule, AssignmentRuleId, AssignmentTrial, NewAssignmentRule, Wanted},
};
use crate::{
    Read, Tags, Write,
    pipelines::{self, PipelineId},
};
use companies::CompanyId;
use contacts::ContactId;
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
use tenants::tenants::currency_of;

pub(crate) struct AssignmentRulesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl AssignmentRulesApi {
    /// List rules of assignment
    ///
    /// In the order in which they are asked. Filters: name, enabled, position. Sort: position.
    #[oai(path = "/assignment-rules", method = "get")]
    async fn list_assignment_rules(
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
    ) -> Result<Json<Page<AssignmentRule>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Add a rule of assignment
    ///
    /// After the others. Needs `deals.write` for deals of everybody, as every change of a rule does.
    #[oai(path = "/assignment-rules", method = "post")]
    async fn create_assignment_rule(
        &self,
        cx: Cx<Write>,
        body: Json<NewAssignmentRule>,
    ) -> Result<Created<AssignmentRule>> {
        pipelines::require_everybody(cx.level)?;
        members::require(&cx, "/members", body.0.members.iter().map(|member| member.member).collect()).await?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Order the rules of assignment
    ///
    /// Answers with all of them. 409 `rules_changed` when one of them is gone or named twice.
    #[oai(path = "/assignment-rules/order", method = "put")]
    async fn replace_assignment_rule_order(
        &self,
        cx: Cx<Write>,
        body: Json<AssignmentOrder>,
    ) -> Result<Json<AssignmentOrder>> {
        pipelines::require_everybody(cx.level)?;
        cx.write(async |tx| actions::reorder(tx, body.0).await).await.map(Json)
    }

    /// Try the rules of assignment
    ///
    /// Says who would get such a deal if it were made now, and why the others would not. Nothing is changed by it.
    /// Needs `deals.read` for deals of everybody.
    #[oai(path = "/assignment-rules/trial", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn get_assignment_rule_trial(
        &self,
        cx: Cx<Read>,
        /// Its pipeline; the first one when absent.
        pipeline: Query<Option<PipelineId>>,
        /// Where it came from.
        source: Query<Option<String>>,
        /// What it is worth, in minor units; 0 when absent.
        amount: Query<Option<i64>>,
        /// ISO 4217; the account's currency when absent.
        currency: Query<Option<String>>,
        /// The company that would buy.
        company: Query<Option<CompanyId>>,
        /// A contact that takes part, the most important first.
        #[oai(default)]
        contact: Query<Vec<ContactId>>,
    ) -> Result<Json<AssignmentTrial>> {
        pipelines::require_everybody(cx.level)?;
        let (staff, account) = (actions::staff(&cx).await?, currency_of(&cx).await?);
        let currency = currency.0.unwrap_or(account);
        let (source, amount) = (source.0, amount.0.unwrap_or(0));
        let trial = cx.read(async |tx| {
            let pipeline = pipelines::known(tx, pipeline.0).await?;
            let deal = Wanted { pipeline, source, amount, currency, company: company.0, contacts: contact.0 };
            actions::try_out(tx, &deal, &staff).await
        });
        trial.await.map(Json)
    }

    /// Get a rule of assignment
    #[oai(path = "/assignment-rules/:id", method = "get")]
    async fn get_assignment_rule(&self, cx: Cx<Read>, id: Path<AssignmentRuleId>) -> Result<Tagged<AssignmentRule>> {
        let rule = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = rule.version;
        Ok(Tagged::of(rule, version))
    }

    /// Replace a rule of assignment
    ///
    /// It stays at its place. When its members or their weights change, everybody's turns begin anew.
    #[oai(path = "/assignment-rules/:id", method = "put")]
    async fn replace_assignment_rule(
        &self,
        cx: Cx<Write>,
        id: Path<AssignmentRuleId>,
        /// The ETag you have read; 412 when the rule has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewAssignmentRule>,
    ) -> Result<Tagged<AssignmentRule>> {
        pipelines::require_everybody(cx.level)?;
        members::require(&cx, "/members", body.0.members.iter().map(|member| member.member).collect()).await?;
        let rule = cx.write(async |tx| actions::replace(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = rule.version;
        Ok(Tagged::of(rule, version))
    }

    /// Delete a rule of assignment
    ///
    /// Deals that it gave away keep their owners.
    #[oai(path = "/assignment-rules/:id", method = "delete")]
    async fn delete_assignment_rule(
        &self,
        cx: Cx<Write>,
        id: Path<AssignmentRuleId>,
        /// The ETag you have read; 412 when the rule has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        pipelines::require_everybody(cx.level)?;
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }
}
