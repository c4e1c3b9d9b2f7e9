use super::{
    db,
    model::{Change, Month, RevenueAccount, RevenueMonth, complete},
};
use crate::{
    Tag,
    access::{Admin, Read},
};
use chrono::NaiveDate;
use kernel::{ControlTx, Result, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use sheets::{CsvFile, Export};

/// What plans bring.
pub struct RevenueApi;

const COLUMNS: &[&str] = &[
    "month",
    "currency",
    "start_minor",
    "new_minor",
    "expansion_minor",
    "contraction_minor",
    "lost_minor",
    "end_minor",
    "start_accounts",
    "new_accounts",
    "expansion_accounts",
    "contraction_accounts",
    "lost_accounts",
    "end_accounts",
    "assumed",
];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Platform")]
impl RevenueApi {
    /// See what plans brought in each of the last twelve months, the oldest first, in every currency that was paid in. These are
    /// prices of plans, not payments.
    #[oai(path = "/revenue", method = "get")]
    async fn list_revenue(&self, cx: Admin<Read>) -> Result<Json<Vec<RevenueMonth>>> {
        cx.control(async |tx| lately(tx).await).await.map(Json)
    }

    /// Export what plans brought in each of the last twelve months as CSV. The export is recorded.
    #[oai(path = "/revenue/export", method = "get")]
    async fn export_revenue(&self, cx: Admin<Read>) -> Result<CsvFile> {
        let what = Export { name: "revenue", columns: COLUMNS, filter: vec![], sort: "month" };
        cx.export(what, "revenue.exported", |tx, _| {
            Box::pin(async move { Ok(Page { items: lately(tx).await?, next_cursor: None }) })
        })
        .await
    }

    /// List the accounts behind a month's figures, those with most money first: the first five hundred.
    #[oai(path = "/revenue/accounts", method = "get")]
    async fn list_revenue_accounts(
        &self,
        cx: Admin<Read>,
        /// A day of the month, in UTC. One that is still to come has none.
        month: Query<NaiveDate>,
        /// ISO 4217; all when absent.
        currency: Query<Option<String>>,
        /// What became of them; all that paid when the month began or ended when absent.
        change: Query<Option<Change>>,
    ) -> Result<Json<Vec<RevenueAccount>>> {
        let Some(month) = Month::of(month.0, cx.app.clock.now()) else { return Ok(Json(vec![])) };
        cx.control(async |tx| db::accounts(tx, month, currency.0.as_deref(), change.0).await).await.map(Json)
    }
}

async fn lately(tx: &mut ControlTx) -> Result<Vec<RevenueMonth>> {
    let months = Month::lately(tx.now());
    let found = db::months(tx, &months).await?;
    Ok(complete(&months, found))
}
