//! Groups over HTTP.
use super::{db, model::CompanyDuplicateGroup};
use crate::{Read, Tags};
use kernel::{Cx, Result, db::ListQuery, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct CompanyDuplicateGroupsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl CompanyDuplicateGroupsApi {
    /// List groups of companies that may be one
    ///
    /// Open pairs that hang together, with all of their companies; a pair is seen when both of its companies are in reach. To merge a
    /// group, merge its companies; to say that one of them is another, decide its pairs. Filter: confidence. Sort: confidence.
    #[oai(path = "/company-duplicate-groups", method = "get")]
    async fn list_company_duplicate_groups(
        &self,
        cx: Cx<Read>,
        /// Groups per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold; they are asked of the surest pair.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<CompanyDuplicateGroup>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }
}
