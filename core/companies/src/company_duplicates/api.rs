//! Pairs over HTTP.
use super::{
    actions, db,
    model::{CompanyDuplicateId, CompanyPair, CompanyPairPatch},
};
use crate::{Read, Tags, Write, companies::CompanyId};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct CompanyDuplicatesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl CompanyDuplicatesApi {
    /// List pairs of companies that may be one
    ///
    /// Filters: state, reason, confidence, created_at. Sorts: confidence, created_at. They are found by tax number, e-mail
    /// address, phone number, domain and name, and kept up as companies change.
    #[oai(path = "/company-duplicates", method = "get")]
    async fn list_company_pairs(
        &self,
        cx: Cx<Read>,
        /// Pairs of this company only.
        company: Query<Option<CompanyId>>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<CompanyPair>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, company.0, &owners).await).await.map(Json)
    }

    /// Get a pair of companies
    #[oai(path = "/company-duplicates/:id", method = "get")]
    async fn get_company_pair(&self, cx: Cx<Read>, id: Path<CompanyDuplicateId>) -> Result<Tagged<CompanyPair>> {
        let owners = cx.visible_owners();
        let pair = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = pair.version;
        Ok(Tagged::of(pair, version))
    }

    /// Say whether two companies are duplicates
    ///
    /// `dismissed`: they are two companies, and nobody is asked again; `open` takes that back.
    #[oai(path = "/company-duplicates/:id", method = "patch")]
    async fn update_company_pair(
        &self,
        cx: Cx<Write>,
        id: Path<CompanyDuplicateId>,
        /// The ETag you have read; 412 when the pair has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<CompanyPairPatch>,
    ) -> Result<Tagged<CompanyPair>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        let pair = cx.write(async |tx| actions::decide(tx, id.0, body.0, if_match, &owners).await).await?;
        let version = pair.version;
        Ok(Tagged::of(pair, version))
    }
}
