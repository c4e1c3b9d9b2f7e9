//! Feasts over HTTP.
use super::{
    actions,
    model::{Feasts, NewFeastShift},
};
use crate::{Read, Tags, WriteGreetings};
use chrono::NaiveDate;
use kernel::{Cx, Result, http::NoContent};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct FeastsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Occasions")]
impl FeastsApi {
    /// List feasts
    ///
    /// Every feast that is known, with its days between two days.
    #[oai(path = "/feasts", method = "get")]
    async fn list_feasts(
        &self,
        cx: Cx<Read>,
        /// First day.
        from: Query<NaiveDate>,
        /// Last day, less than 800 days after the first one.
        to: Query<NaiveDate>,
    ) -> Result<Json<Feasts>> {
        cx.read(async |tx| actions::list(tx, from.0, to.0).await).await.map(Json)
    }

    /// Say on which day a feast is
    ///
    /// For one year of a feast that the moon decides.
    #[oai(path = "/feast-shifts", method = "put")]
    async fn put_feast_shift(&self, cx: Cx<WriteGreetings>, body: Json<NewFeastShift>) -> Result<NoContent> {
        cx.write(async |tx| actions::shift(tx, body.0).await).await?;
        Ok(NoContent::Done)
    }
}
