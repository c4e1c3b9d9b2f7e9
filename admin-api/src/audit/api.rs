use super::{db, model::AuditEntry};
use crate::{
    Tag,
    access::{Admin, Read},
};
use kernel::{Result, db::ListQuery, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use sheets::{CsvFile, Export};

/// The platform's audit log.
pub struct AuditApi;

const COLUMNS: &[&str] = &[
    "id",
    "occurred_at",
    "kind",
    "title",
    "tenant_id",
    "tenant",
    "subject",
    "subject_id",
    "about",
    "payload",
    "actor_kind",
    "actor_id",
    "actor",
    "on_behalf_of",
];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Operations")]
impl AuditApi {
    /// List what happened on the platform, newest first. Filter by tenant_id, kind, subject, actor_kind and occurred_at.
    #[oai(path = "/audit", method = "get")]
    async fn list_audit(
        &self,
        cx: Admin<Read>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<AuditEntry>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Export the log, oldest first: with the same filters as CSV; cells that a spreadsheet would run as a formula get an apostrophe
    /// in front. The export is recorded.
    #[oai(path = "/audit/export", method = "get")]
    async fn export_audit(&self, cx: Admin<Read>, filter: Query<Vec<String>>) -> Result<CsvFile> {
        let what = Export { name: "audit", columns: COLUMNS, filter: filter.0, sort: "occurred_at" };
        cx.export(what, "audit.exported", |tx, query| Box::pin(db::list(tx, query))).await
    }
}
