//! Rates of exchange over HTTP.
use super::{
    actions, db,
    model::{ExchangeRate, ExchangeRateId, ExchangeRatePatch, NewExchangeRate, NewRateImport, RateImport},
};
use crate::{Read, Tags, Write, pipelines::require_everybody};
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

pub(crate) struct ExchangeRatesApi;

/// Begins with what an import of rates reads, so that the file can be given back.
const COLUMNS: &[&str] = &["currency", "valid_from", "rate", "home", "origin", "created_at", "updated_at", "id"];

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl ExchangeRatesApi {
    /// List rates of exchange
    ///
    /// Into the account's own currency, the latest first. Filters: currency, origin, valid_from. Sort: valid_from.
    #[oai(path = "/exchange-rates", method = "get")]
    async fn list_exchange_rates(
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
    ) -> Result<Json<Page<ExchangeRate>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Export the rates of exchange
    ///
    /// The rows of the list with the same filters as CSV, by their first day; an import of rates takes the file as it is. Cells
    /// that a spreadsheet would run as a formula get an apostrophe in front. The export is recorded.
    #[oai(path = "/exchange-rates/export", method = "get")]
    async fn export_exchange_rates(
        &self,
        cx: Cx<Read>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "exchange-rates", columns: COLUMNS, filter: filter.0, sort: "valid_from" };
        let event =
            NewEvent::new("exchange_rate.exported", "exchange_rates", cx.tenant.id.0, "Rates of exchange exported");
        sheets::export(cx, what, event, |_, tx, query| Box::pin(db::list(tx, query))).await
    }

    /// Add a rate of exchange
    ///
    /// 409 `rate_exists` when the currency has one of that day. Needs `deals.write` for deals of everybody, as every change of
    /// rates does.
    #[oai(path = "/exchange-rates", method = "post")]
    async fn create_exchange_rate(&self, cx: Cx<Write>, body: Json<NewExchangeRate>) -> Result<Created<ExchangeRate>> {
        require_everybody(cx.level)?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Import rates of exchange
    ///
    /// Good rows are taken, the others are named. A rate of a day that there is gets the value of the file.
    #[oai(path = "/exchange-rates/imports", method = "post")]
    async fn create_exchange_rate_import(&self, cx: Cx<Write>, body: Json<NewRateImport>) -> Result<Json<RateImport>> {
        require_everybody(cx.level)?;
        cx.act(async |tx| actions::import(tx, &body.0).await).await
    }

    /// Get a rate of exchange
    #[oai(path = "/exchange-rates/:id", method = "get")]
    async fn get_exchange_rate(&self, cx: Cx<Read>, id: Path<ExchangeRateId>) -> Result<Tagged<ExchangeRate>> {
        let rate = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = rate.version;
        Ok(Tagged::of(rate, version))
    }

    /// Change a rate of exchange
    #[oai(path = "/exchange-rates/:id", method = "patch")]
    async fn update_exchange_rate(
        &self,
        cx: Cx<Write>,
        id: Path<ExchangeRateId>,
        /// The ETag you have read; 412 when the rate has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ExchangeRatePatch>,
    ) -> Result<Tagged<ExchangeRate>> {
        require_everybody(cx.level)?;
        let rate = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = rate.version;
        Ok(Tagged::of(rate, version))
    }

    /// Remove a rate of exchange
    ///
    /// From its day on the one before it counts again.
    #[oai(path = "/exchange-rates/:id", method = "delete")]
    async fn delete_exchange_rate(
        &self,
        cx: Cx<Write>,
        id: Path<ExchangeRateId>,
        /// The ETag you have read; 412 when the rate has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        require_everybody(cx.level)?;
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }
}
