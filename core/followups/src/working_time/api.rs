//! Working time over HTTP.
use super::{
    actions, db,
    model::{NewWorkingTime, WorkingTime},
};
use crate::{Read, Tags, Write, require_everybody};
use kernel::{Cx, Result, http::Tagged};
use poem_openapi::{OpenApi, param::Header, payload::Json};

pub(crate) struct WorkingTimeApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::FollowUps")]
impl WorkingTimeApi {
    /// Get working hours
    #[oai(path = "/working-time", method = "get")]
    async fn get_working_time(&self, cx: Cx<Read>) -> Result<Tagged<WorkingTime>> {
        let found = cx.read(async |tx| db::find(tx).await).await?;
        let version = found.version;
        Ok(Tagged::of(found, version))
    }

    /// Replace working hours
    ///
    /// Needs `followups.write` for everybody. What waits already keeps its moment.
    #[oai(path = "/working-time", method = "put")]
    async fn replace_working_time(
        &self,
        cx: Cx<Write>,
        /// The ETag you have read; 412 when they have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewWorkingTime>,
    ) -> Result<Tagged<WorkingTime>> {
        require_everybody(cx.level)?;
        let changed = cx.write(async |tx| actions::replace(tx, body.0, if_match.0.as_deref()).await).await?;
        let version = changed.version;
        Ok(Tagged::of(changed, version))
    }
}
