//! Companies over HTTP.
use super::{
    actions, db, export,
    model::{Company, CompanyId, CompanyMade, CompanyPatch, NewCompany},
};
use crate::{Delete, Export, Read, Tags, Write};
use identity::members;
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct CompaniesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl CompaniesApi {
    /// List companies
    ///
    /// Filters: name, id, status, tier, industry, size, domain, country, parent, owner, currency, annual_value,
    /// monthly_revenue, client_since, renews_on, cancel_by, created_at, updated_at, and `custom.key` of the tenant's own
    /// fields; `health:eq:` or `health:in:` and a band of the score (good from 70 on, fair from 40 on, poor, unknown) or a part and what was
    /// found about it, as in `touch.silent`, which fit nobody whose relationship has ended. Sorts: name, annual_value, renews_on, health
    /// (the worst first; then whom too little is known of, then of whom nothing is said), created_at, updated_at, `custom.key`; amounts are compared as they are, so filter by currency first. With `q` alone the answer
    /// is the companies closest to the text, closest first, on one page; with `q` and a sort, filter or cursor it is every
    /// company that holds each word. `rules:eq:` takes conditions in each other, as the list of contacts does; their fields are those of
    /// companies in segments, without role, and domain, currency, lifetime_value, contract_value, recurring_revenue, health, cancel_by,
    /// created_at and updated_at.
    #[oai(path = "/companies", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_companies(
        &self,
        cx: Cx<Read>,
        /// Text to search names, industries, websites, addresses and numbers for, at most 100 characters.
        q: Query<Option<String>>,
        /// Companies that were deleted and can be restored, instead of the others.
        #[oai(default)]
        deleted: Query<bool>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Company>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let words: String = q.0.unwrap_or_default().trim().chars().take(100).collect();
        let spec = if deleted.0 { &db::DELETED } else { &db::LIST };
        let owners = cx.visible_owners();
        let plain = query.cursor.is_none() && query.sort.is_none() && query.filter.is_empty() && !deleted.0;
        let page = cx.read(async |tx| match (words.as_str(), plain) {
            ("", _) | (_, false) => db::list(tx, spec, &query, &words, &owners).await,
            (words, true) => db::closest(tx, words, &query, &owners).await,
        });
        page.await.map(Json)
    }

    /// Create a company
    ///
    /// The answer names known companies that may be the same; nothing is merged.
    #[oai(path = "/companies", method = "post")]
    async fn create_company(&self, cx: Cx<Write>, body: Json<NewCompany>) -> Result<Created<CompanyMade>> {
        members::require(&cx, "/owner", body.0.owner.into_iter().collect()).await?;
        let owners = cx.visible_owners();
        cx.create(async |tx| actions::create(tx, body.0, &owners).await).await
    }

    /// Export companies
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if
    /// it were whole. 422 `sheet_too_long` when a workbook cannot hold them. Takes the words and the filters of the list; the oldest company comes first. Amounts are in minor units, those
    /// of the tenant's own fields (`custom.key`, last) in main units. In CSV cells that a spreadsheet would run as a formula begin with an apostrophe.
    #[oai(path = "/companies/export", method = "get")]
    async fn export_companies(
        &self,
        cx: Cx<Export>,
        /// Words that each company holds, at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        let words: String = q.0.unwrap_or_default().trim().chars().take(100).collect();
        export::file(&cx, &words, filter.0, Look::of(format.0, language.0)).await
    }

    /// Get a company
    #[oai(path = "/companies/:id", method = "get")]
    async fn get_company(&self, cx: Cx<Read>, id: Path<CompanyId>) -> Result<Tagged<Company>> {
        let owners = cx.visible_owners();
        let company = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = company.version;
        Ok(Tagged::of(company, version))
    }

    /// Change a company
    #[oai(path = "/companies/:id", method = "patch")]
    async fn update_company(
        &self,
        cx: Cx<Write>,
        id: Path<CompanyId>,
        /// The ETag you have read; 412 when the company has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<CompanyPatch>,
    ) -> Result<Tagged<Company>> {
        members::require(&cx, "/owner", body.0.owner.value().copied().into_iter().collect()).await?;
        let owners = cx.visible_owners();
        let if_match = if_match.0.as_deref();
        let company = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &owners).await).await?;
        let version = company.version;
        Ok(Tagged::of(company, version))
    }

    /// Delete a company
    ///
    /// It can be restored for 30 days, then it is removed for good. Its people stay.
    #[oai(path = "/companies/:id", method = "delete")]
    async fn delete_company(
        &self,
        cx: Cx<Delete>,
        id: Path<CompanyId>,
        /// The ETag you have read; 412 when the company has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a deleted company
    #[oai(path = "/companies/:id/restoration", method = "post")]
    async fn create_company_restoration(&self, cx: Cx<Delete>, id: Path<CompanyId>) -> Result<Json<Company>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::restore(tx, id.0, &owners).await).await
    }
}
