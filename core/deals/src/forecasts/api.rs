//! Forecasts over HTTP.
use super::{
    db,
    model::{Fate, Forecast, ForecastDeal, ForecastOutcomes},
};
use crate::boards::{Weigh, db::Wish};
use crate::{Read, Tags};
use chrono::NaiveDate;
use kernel::{Cx, Result, db::ListQuery, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct ForecastsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl ForecastsApi {
    /// Get the forecast
    ///
    /// What open deals add up to, by the month in which they should be decided and by currency. Takes the words and the
    /// filters of the list of deals. With `as_of` it is what the forecast said at the end of that day: stages, amounts, currencies,
    /// days, owners, probabilities and rates of exchange are those of then, also in filters (stage, stage_since, amount, currency,
    /// expected_close, owner), everything else is as it is today. Whoever may see only some owners' deals sees those that are
    /// theirs today.
    #[oai(path = "/deals/forecast", method = "get")]
    async fn get_forecast(
        &self,
        cx: Cx<Read>,
        /// A day in the account's zone; the present when absent. Of today and of days to come the forecast is that of now.
        as_of: Query<Option<NaiveDate>>,
        /// Words that each deal or one of its contacts holds today, at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// By what amounts are weighted: `configured` when absent, or `history`.
        weigh: Query<Option<Weigh>>,
    ) -> Result<Json<Forecast>> {
        let (owners, wish, weigh) = (cx.visible_owners(), Wish::of(q.0, filter.0), weigh.0.unwrap_or_default());
        let forecast = cx.read(async |tx| {
            if as_of.0.is_none() {
                return db::forecast(tx, &wish, weigh, &owners).await;
            }
            let believed = db::believed(tx, as_of.0).await?;
            db::forecast_then(tx, believed, &wish, weigh, &owners).await
        });
        forecast.await.map(Json)
    }

    /// Get what became of a forecast
    ///
    /// Of the deals that were open at the end of a past day, by the month in which they should have been decided: how many are won,
    /// lost, moved to another month or open still, with what they were worth then. Takes words and filters as the forecast of a
    /// past day does.
    #[oai(path = "/deals/forecast/outcomes", method = "get")]
    async fn get_forecast_outcomes(
        &self,
        cx: Cx<Read>,
        /// A day in the account's zone; today when absent, and for days to come.
        as_of: Query<Option<NaiveDate>>,
        /// Words that each deal or one of its contacts holds today, at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<ForecastOutcomes>> {
        let (owners, wish) = (cx.visible_owners(), Wish::of(q.0, filter.0));
        let became = cx.read(async |tx| {
            let believed = db::believed(tx, as_of.0).await?;
            let outcomes = db::outcomes(tx, believed.at, &wish, &owners).await?;
            Ok(ForecastOutcomes { believed, outcomes })
        });
        became.await.map(Json)
    }

    /// List the deals of a past forecast
    ///
    /// Each as it was at the end of that day and as it is now, the largest amounts first. Takes words and filters as the forecast of a
    /// past day does.
    #[oai(path = "/deals/forecast/deals", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_forecast_deals(
        &self,
        cx: Cx<Read>,
        /// A day in the account's zone; today when absent, and for days to come.
        as_of: Query<Option<NaiveDate>>,
        /// Only those of which this became.
        fate: Query<Option<Fate>>,
        /// Words that each deal or one of its contacts holds today, at most 100 characters.
        q: Query<Option<String>>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ForecastDeal>>> {
        let limit = ListQuery { limit: limit.0, ..ListQuery::default() }.checked_limit()?;
        let (owners, wish) = (cx.visible_owners(), Wish::of(q.0, filter.0));
        let deals = cx.read(async |tx| {
            let at = db::believed(tx, as_of.0).await?.at;
            db::deals(tx, at, fate.0, (limit, cursor.0.as_deref()), &wish, &owners).await
        });
        deals.await.map(Json)
    }
}
