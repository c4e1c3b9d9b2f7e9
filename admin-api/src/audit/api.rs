use super::{db, model::AuditEntry};
use crate::{
    Tag,
    access::{Admin, Read},
};
use kernel::{Result, db::ListQuery, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};

/// The platform's audit log.
pub struct AuditApi;

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
}
