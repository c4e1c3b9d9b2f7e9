//! Days off over HTTP.
use super::{
    actions, db,
    model::{Holiday, HolidayId, NewHoliday},
};
use crate::{Read, Tags, Write, require_everybody};
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

pub(crate) struct HolidaysApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl HolidaysApi {
    /// List days off
    ///
    /// Filters: day, yearly. Sort: day.
    #[oai(path = "/holidays", method = "get")]
    async fn list_holidays(
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
    ) -> Result<Json<Page<Holiday>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Add a day off
    ///
    /// Needs `followups.write` for everybody. 409 `holiday_known` when that day is off already.
    #[oai(path = "/holidays", method = "post")]
    async fn create_holiday(&self, cx: Cx<Write>, body: Json<NewHoliday>) -> Result<Created<Holiday>> {
        require_everybody(cx.level)?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Remove a day off
    #[oai(path = "/holidays/:id", method = "delete")]
    async fn delete_holiday(&self, cx: Cx<Write>, id: Path<HolidayId>) -> Result<NoContent> {
        require_everybody(cx.level)?;
        cx.write(async |tx| actions::delete(tx, id.0).await).await?;
        Ok(NoContent::Done)
    }
}
