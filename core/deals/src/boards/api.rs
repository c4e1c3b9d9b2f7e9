//! Boards over HTTP.
use super::{
    db::{self, Wish},
    model::{Board, DealTotals, Replay, StageAt, Weigh, chances},
};
use crate::pipelines::{self, PipelineId};
use crate::{Read, Tags};
use chrono::{DateTime, Utc};
use kernel::{Cx, Result};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct BoardsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl BoardsApi {
    /// Get the board of a pipeline
    ///
    /// Its open deals by stage, the first 50 of each, with what all of them add up to. Takes the words and the filters of
    /// the list of deals; further cards are in that list, sorted by place.
    #[oai(path = "/pipelines/:id/board", method = "get")]
    async fn get_board(
        &self,
        cx: Cx<Read>,
        id: Path<PipelineId>,
        /// Words that each deal or one of its contacts holds, at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// By what amounts are weighted: `configured` when absent, or `history`.
        weigh: Query<Option<Weigh>>,
    ) -> Result<Json<Board>> {
        let (owners, wish) = (cx.visible_owners(), Wish::of(q.0, filter.0));
        let board = cx.read(async |tx| {
            pipelines::find(tx, id.0).await?;
            let stages = db::stages_at(tx, Some(id.0), tx.now()).await?;
            let chances = chances(
                stages.iter().map(StageAt::set),
                &db::records(tx, Some(id.0)).await?,
                weigh.0.unwrap_or_default(),
            );
            let figures = db::figures(tx, Some(id.0), &wish, false, &owners).await?;
            let foreign = db::home_figures(tx, Some(id.0), &wish, &figures, false, &owners).await?;
            let cards = db::cards(tx, id.0, &wish, &owners).await?;
            Ok(Board::of(id.0, (&stages, &chances), (&tx.tenant().currency, &figures, &foreign), cards))
        });
        board.await.map(Json)
    }

    /// Get the board of a pipeline as it was
    ///
    /// At any moment since its first card. Takes the words and the filters of the list of deals: stage, stage_since, amount, currency,
    /// expected_close and owner are asked as they were then, everything else as it is today, which a deal that is gone for good
    /// does not fit. Amounts are weighted by what was set for the stages then. Whoever may see only some owners' deals sees those
    /// that are theirs today.
    #[oai(path = "/pipelines/:id/replay", method = "get")]
    async fn get_replay(
        &self,
        cx: Cx<Read>,
        id: Path<PipelineId>,
        /// The moment, UTC, between 1970 and 9998; now when absent.
        at: Query<Option<DateTime<Utc>>>,
        /// Words that each deal or one of its contacts holds today, at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Replay>> {
        let (owners, at, wish) = (cx.visible_owners(), Replay::moment(at.0, cx.now())?, Wish::of(q.0, filter.0));
        let replay = cx.read(async |tx| {
            pipelines::find(tx, id.0).await?;
            let stages = db::stages_at(tx, Some(id.0), at).await?;
            let chances = chances(stages.iter().map(StageAt::set), &[], Weigh::Configured);
            let figures = db::past_figures(tx, id.0, at, &wish, &owners).await?;
            let cards = db::past_cards(tx, id.0, at, &wish, &owners).await?;
            let since = db::since(tx, id.0).await?;
            Ok(Replay::of((id.0, at, since), (&stages, &chances), &figures, &cards))
        });
        replay.await.map(Json)
    }

    /// Get what deals add up to
    ///
    /// By status and currency: what was sold to a company, or what a member has open. Takes the words and the filters of
    /// the list of deals.
    #[oai(path = "/deals/totals", method = "get")]
    async fn get_deal_totals(
        &self,
        cx: Cx<Read>,
        /// Words that each deal or one of its contacts holds, at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<DealTotals>> {
        let (owners, wish) = (cx.visible_owners(), Wish::of(q.0, filter.0));
        let totals = cx.read(async |tx| {
            let totals = db::totals(tx, &wish, &owners).await?;
            let foreign = db::home_totals(tx, &wish, &totals, &owners).await?;
            Ok(DealTotals::of(&tx.tenant().currency, totals, &foreign))
        });
        totals.await.map(Json)
    }
}
