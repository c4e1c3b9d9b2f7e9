//! Runs over HTTP.
use super::{db, model::TagRun};
use crate::{Read, Tags};
use kernel::{Cx, Result, db::ListQuery, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct TagRunsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl TagRunsApi {
    /// List contacts that follow tags
    ///
    /// One row for each tag that was renamed, merged or deleted and that more than 1000 contacts carried, until all of them have
    /// followed: they do so in the background. Filters and sorts: created_at.
    #[oai(path = "/tag-runs", method = "get")]
    async fn list_tag_runs(
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
    ) -> Result<Json<Page<TagRun>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }
}
