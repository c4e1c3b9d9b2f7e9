use super::{db, model::AccountDomain};
use crate::{
    Tag,
    access::{Accounts, Admin, Read},
};
use kernel::{
    Result,
    db::ListQuery,
    http::{NoContent, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};
use tenants::domains::{DomainId, remove_for_platform};

/// Own domains of all accounts.
pub struct DomainsApi;

const COLUMNS: &[&str] =
    &["id", "host", "tenant_id", "tenant", "state", "is_primary", "since", "looked_at", "created_at"];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Accounts")]
impl DomainsApi {
    /// List own domains of all accounts
    #[oai(path = "/domains", method = "get")]
    async fn list_domains(
        &self,
        cx: Admin<Read>,
        /// Rows wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// next_cursor of the page before.
        cursor: Query<Option<String>>,
        /// host, created_at; with - in front for descending.
        sort: Query<Option<String>>,
        /// field:op:value; fields host, state, tenant_id, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<AccountDomain>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Export own domains of all accounts by name: with the same filters as CSV; cells that a spreadsheet would run as a formula get an apostrophe
    /// in front. The export is recorded.
    #[oai(path = "/domains/export", method = "get")]
    async fn export_domains(&self, cx: Admin<Read>, filter: Query<Vec<String>>) -> Result<CsvFile> {
        let what = Export { name: "domains", columns: COLUMNS, filter: filter.0, sort: "host" };
        cx.export(what, "domain.exported", |tx, query| Box::pin(db::list(tx, query))).await
    }

    /// Remove an account's domain: nothing is served under it any more
    #[oai(path = "/domains/:id", method = "delete")]
    async fn remove_domain(&self, cx: Admin<Accounts>, id: Path<DomainId>) -> Result<NoContent> {
        cx.control(async |tx| remove_for_platform(tx, id.0).await).await?;
        Ok(NoContent::Done)
    }
}
