//! The event log over HTTP.
use super::{db, model::Events};
use crate::{ReadEvents, Tags};
use kernel::{Cx, Error, Result, auth::Level, db::ListQuery};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct EventsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl EventsApi {
    /// Read the event log
    ///
    /// Everything that happened, in the one order that all readers see. Keep `next` and send it as `after`: no event is
    /// ever skipped or renumbered, so a program can stop and go on whenever it likes.
    #[oai(path = "/events", method = "get")]
    async fn list_events(
        &self,
        cx: Cx<ReadEvents>,
        /// `next` of the answer before; from the beginning when absent.
        #[oai(default)]
        after: Query<i64>,
        /// Only events of this kind; several may be given.
        #[oai(default)]
        kind: Query<Vec<String>>,
        /// Events wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
    ) -> Result<Json<Events>> {
        if cx.level != Level::All {
            return Err(Error::forbidden("level_all_needed", "The log tells about contacts of every owner."));
        }
        let limit = ListQuery { limit: limit.0, ..ListQuery::default() }.checked_limit()?;
        cx.read(async |tx| db::list(tx, after.0, &kind.0, limit).await).await.map(Json)
    }
}
