//! The audit log over HTTP.
use super::{
    actions, db, export,
    model::{AuditEntry, Verification},
    verify::{self, Anchor},
};
use crate::{ExportAudit, ReadAudit, Tags, require_everybody};
use kernel::{Cx, Result, db::ListQuery, events::NewEvent, http::Page};
use poem::Body;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::Query,
    payload::{Binary, Json},
};

pub(crate) struct AuditApi;

/// A CSV file.
#[derive(ApiResponse)]
enum AuditFile {
    /// The lines, as they are read.
    #[oai(status = 200, content_type = "text/csv; charset=utf-8")]
    Ok(
        Binary<Body>,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Privacy")]
impl AuditApi {
    /// Read the audit log
    ///
    /// Who did what, when: every change of this tenant, newest first, and of an agency what was done to its clients. Filters: seq, kind, subject, contact, actor_kind,
    /// actor, on_behalf_of, request_id, occurred_at. Sort: seq.
    #[oai(path = "/audit", method = "get")]
    async fn list_audit_entries(
        &self,
        cx: Cx<ReadAudit>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<AuditEntry>>> {
        require_everybody(cx.level)?;
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        actions::list(&cx, &query).await.map(Json)
    }

    /// Export the audit log as CSV
    ///
    /// Takes the filters of the list; the oldest entry comes first. The last columns name the client that an entry is about.
    #[oai(path = "/audit/export", method = "get")]
    async fn export_audit_entries(
        &self,
        cx: Cx<ExportAudit>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<AuditFile> {
        require_everybody(cx.level)?;
        let probe = ListQuery { limit: Some(1), filter: filter.0.clone(), ..ListQuery::default() };
        cx.write(async |tx| {
            db::list(tx, &probe).await?;
            let tenant = tx.tenant().id;
            tx.record(NewEvent::new("audit.exported", "tenants", tenant.0, "Audit log exported")).await
        })
        .await?;
        let body = Body::from_bytes_stream(export::stream(cx, filter.0));
        Ok(AuditFile::Ok(Binary(body), "attachment; filename=\"audit.csv\"".to_owned()))
    }

    /// Verify the audit log
    ///
    /// Recomputes the chain of hashes from the first entry: changing, removing or inserting an entry breaks it.
    #[oai(path = "/audit/verification", method = "get")]
    async fn verify_audit_entries(
        &self,
        cx: Cx<ReadAudit>,
        /// `checked` and `root` of an earlier answer, as `<checked>:<root>`: proves that the chain was not replaced.
        anchor: Query<Option<String>>,
    ) -> Result<Json<Verification>> {
        require_everybody(cx.level)?;
        let anchor = anchor.0.as_deref().map(str::parse::<Anchor>).transpose()?;
        verify::verify(&cx.app, &cx.tenant, anchor.as_ref()).await.map(Json)
    }
}
