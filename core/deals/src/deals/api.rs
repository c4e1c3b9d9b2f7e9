//! Deals over HTTP.
use super::{
    actions,
    db::{self, Narrow},
    export,
    model::{Deal, DealChange, DealId, DealPatch, NewDeal, NewMove, NewOutcome, Reach},
};
use crate::assignment_rules::{self, Staff};
use crate::pipelines::StageId;
use crate::{Delete, Export, Read, Tags, Write};
use contacts::ContactId;
use identity::members;
use kernel::{
    Cx, Result,
    auth::{Level, Permission},
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};
use tenants::tenants::currency_of;

pub(crate) struct DealsApi;

/// Whose deals the caller changes, and whose contacts and companies he may put on them: those he may see.
pub(crate) fn reach<P: Permission>(cx: &Cx<P>) -> Reach {
    let owners = |level| match level {
        Level::All => None,
        Level::Team => Some(cx.principal.team_members.to_vec()),
        Level::Own => Some(cx.principal.user.into_iter().collect()),
        Level::No => Some(vec![]),
    };
    let (contacts, companies) = (cx.level_of::<contacts::Read>(), cx.level_of::<companies::Read>());
    Reach { deals: cx.visible_owners(), contacts: owners(contacts), companies: owners(companies) }
}

fn narrow(
    q: Option<String>,
    contact: Option<ContactId>,
    (reached, was_in): (Option<StageId>, Option<StageId>),
) -> Narrow {
    Narrow { words: q.unwrap_or_default().trim().chars().take(100).collect(), contact, reached, was_in }
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl DealsApi {
    /// List deals
    ///
    /// Filters: title, pipeline, stage, place, status, reason, amount, currency, expected_close, starts_on, ends_on, owner, company,
    /// source, first_source, first_campaign, last_source, last_campaign (of the first and the last touch of its contacts), closed_on, next_step_on, stage_since, touched_at, closed_at, created_at, updated_at, and `custom.key` of the tenant's own
    /// fields. Sorts: title, place, amount, expected_close, stage_since, created_at, updated_at, `custom.key`; `place` with one stage is the order of its cards.
    /// `rules:eq:` takes conditions in each other, as the list of contacts does; their fields are those of deals in segments, without role,
    /// and reason, first_source, first_campaign, last_source, last_campaign, starts_on, ends_on, closed_on, touched_at and updated_at.
    #[oai(path = "/deals", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_deals(
        &self,
        cx: Cx<Read>,
        /// Words that each deal or one of its contacts holds, at most 100 characters.
        q: Query<Option<String>>,
        /// Deals on which this contact is.
        contact: Query<Option<ContactId>>,
        /// Deals that came to this stage: they were in it or in a later one of its pipeline, or were won.
        reached: Query<Option<StageId>>,
        /// Deals that were in this stage at some time.
        was_in: Query<Option<StageId>>,
        /// Deals that were deleted and can be restored, instead of the others.
        #[oai(default)]
        deleted: Query<bool>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Deal>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let narrow = narrow(q.0, contact.0, (reached.0, was_in.0));
        let spec = if deleted.0 { &db::DELETED } else { &db::LIST };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, spec, &query, &narrow, &owners).await).await.map(Json)
    }

    /// Create a deal
    ///
    /// 422 `stage_requires` names the fields that its stage asks for.
    #[oai(path = "/deals", method = "post")]
    async fn create_deal(&self, cx: Cx<Write>, body: Json<NewDeal>) -> Result<Created<Deal>> {
        members::require(&cx, "/owner", body.0.owner.into_iter().collect()).await?;
        let currency = match &body.0.currency {
            Some(currency) => currency.clone(),
            None => currency_of(&cx).await?,
        };
        let staff = match body.0.owner {
            None if !body.0.unassigned => assignment_rules::staff(&cx).await?,
            _ => Staff::default(),
        };
        let reach = reach(&cx);
        cx.create(async |tx| actions::create(tx, body.0, &currency, &reach, &staff).await).await
    }

    /// Export deals
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if
    /// it were whole. 422 `sheet_too_long` when a workbook cannot hold them. Takes the words and the filters of the list; the oldest deal comes first. Amounts are in minor units, those of
    /// the tenant's own fields (`custom.key`, last) in main units. In CSV cells that a spreadsheet would run as a formula begin with an apostrophe.
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    #[oai(path = "/deals/export", method = "get")]
    async fn export_deals(
        &self,
        cx: Cx<Export>,
        /// Words that each deal or one of its contacts holds, at most 100 characters.
        q: Query<Option<String>>,
        /// Deals on which this contact is.
        contact: Query<Option<ContactId>>,
        /// Deals that came to this stage: they were in it or in a later one of its pipeline, or were won.
        reached: Query<Option<StageId>>,
        /// Deals that were in this stage at some time.
        was_in: Query<Option<StageId>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        let narrow = narrow(q.0, contact.0, (reached.0, was_in.0));
        export::file(&cx, &narrow, filter.0, Look::of(format.0, language.0)).await
    }

    /// Get a deal
    #[oai(path = "/deals/:id", method = "get")]
    async fn get_deal(&self, cx: Cx<Read>, id: Path<DealId>) -> Result<Tagged<Deal>> {
        let owners = cx.visible_owners();
        let deal = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = deal.version;
        Ok(Tagged::of(deal, version))
    }

    /// Change a deal
    #[oai(path = "/deals/:id", method = "patch")]
    async fn update_deal(
        &self,
        cx: Cx<Write>,
        id: Path<DealId>,
        /// The ETag you have read; 412 when the deal has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<DealPatch>,
    ) -> Result<Tagged<Deal>> {
        members::require(&cx, "/owner", body.0.owner.value().copied().into_iter().collect()).await?;
        let reach = reach(&cx);
        let if_match = if_match.0.as_deref();
        let deal = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &reach).await).await?;
        let version = deal.version;
        Ok(Tagged::of(deal, version))
    }

    /// Delete a deal
    ///
    /// It can be restored for 30 days, then it is removed for good.
    #[oai(path = "/deals/:id", method = "delete")]
    async fn delete_deal(
        &self,
        cx: Cx<Delete>,
        id: Path<DealId>,
        /// The ETag you have read; 412 when the deal has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a deleted deal
    #[oai(path = "/deals/:id/restoration", method = "post")]
    async fn create_deal_restoration(&self, cx: Cx<Delete>, id: Path<DealId>) -> Result<Json<Deal>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::restore(tx, id.0, &owners).await).await
    }

    /// Move a deal
    ///
    /// To a stage and to a place between two cards. 409 `deal_moved` when it has left the stage the drag began in, 409
    /// `deal_closed` when it is closed, 422 `stage_requires` names the fields that the stage asks for.
    #[oai(path = "/deals/:id/moves", method = "post")]
    async fn create_deal_move(
        &self,
        cx: Cx<Write>,
        id: Path<DealId>,
        /// The ETag you have read; 412 when the deal has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewMove>,
    ) -> Result<Json<Deal>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::move_to(tx, id.0, body.0, if_match, &owners).await).await
    }

    /// Close a deal
    ///
    /// As won, lost or abandoned. 409 `deal_closed` when it is closed already.
    #[oai(path = "/deals/:id/outcome", method = "post")]
    async fn create_deal_outcome(
        &self,
        cx: Cx<Write>,
        id: Path<DealId>,
        /// The ETag you have read; 412 when the deal has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewOutcome>,
    ) -> Result<Json<Deal>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::close(tx, id.0, body.0, if_match, &owners).await).await
    }

    /// Open a closed deal again
    ///
    /// Where it stood, or in the first stage when its own was taken away. 409 `deal_open` when it is open.
    #[oai(path = "/deals/:id/reopening", method = "post")]
    async fn create_deal_reopening(
        &self,
        cx: Cx<Write>,
        id: Path<DealId>,
        /// The ETag you have read; 412 when the deal has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<Deal>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::reopen(tx, id.0, if_match, &owners).await).await
    }

    /// List what a deal was
    ///
    /// After each change of stage, status, amount, currency, day or owner; the latest first. Filters: version, kind,
    /// occurred_at. Sort: version.
    #[oai(path = "/deals/:id/history", method = "get")]
    async fn list_deal_history(
        &self,
        cx: Cx<Read>,
        id: Path<DealId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<DealChange>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        let page = cx.read(async |tx| {
            db::find(tx, id.0, &owners).await?;
            db::history(tx, id.0, &query).await
        });
        page.await.map(Json)
    }
}
