//! HTTP: submissions.
use super::{
    actions, db, export,
    model::{Submission, SubmissionCounts, SubmissionId, SubmissionSummary},
};
use crate::{Export, Read, Tags, Write, forms::settings::FormId};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{NoContent, Page, Tagged},
};
use poem::Body;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
    payload::{Binary, Json},
};

pub(crate) struct SubmissionsApi;

/// A CSV file.
#[derive(ApiResponse)]
enum CsvFile {
    /// The lines, as they are read.
    #[oai(status = 200, content_type = "text/csv; charset=utf-8")]
    Ok(
        Binary<Body>,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Submissions")]
impl SubmissionsApi {
    /// List submissions
    ///
    /// Filters: form, form_version, contact, state, created_at. Sorts: created_at.
    #[oai(path = "/submissions", method = "get")]
    async fn list_submissions(
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
    ) -> Result<Json<Page<SubmissionSummary>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Count submissions by state
    ///
    /// Of one form or of all; ten thousand in a state means that or more.
    #[oai(path = "/submissions/counts", method = "get")]
    async fn get_submission_counts(
        &self,
        cx: Cx<Read>,
        /// One form only.
        form: Query<Option<FormId>>,
    ) -> Result<Json<SubmissionCounts>> {
        let owners = cx.visible_owners();
        cx.read(async |tx| db::counts(tx, form.0, &owners).await).await.map(Json)
    }

    /// Export a form's submissions as CSV
    ///
    /// One column for each field of any version that was sent, oldest submission first, without spam. Cells that a
    /// spreadsheet would run as a formula begin with an apostrophe.
    #[oai(path = "/forms/:id/submissions/export", method = "get")]
    async fn export_submissions(&self, cx: Cx<Export>, id: Path<FormId>) -> Result<CsvFile> {
        let owners = cx.visible_owners();
        let columns = cx.write(async |tx| export::begin(tx, id.0, &owners).await).await?;
        let body = Body::from_bytes_stream(export::stream(cx, columns));
        Ok(CsvFile::Ok(Binary(body), "attachment; filename=\"submissions.csv\"".to_owned()))
    }

    /// Get a submission
    ///
    /// With the form as it was when it was filled in.
    #[oai(path = "/submissions/:id", method = "get")]
    async fn get_submission(&self, cx: Cx<Read>, id: Path<SubmissionId>) -> Result<Tagged<Submission>> {
        let owners = cx.visible_owners();
        let submission = cx.read(async |tx| actions::shown(tx, id.0, &owners).await).await?;
        let version = submission.version;
        Ok(Tagged::of(submission, version))
    }

    /// Delete a submission
    ///
    /// Its files go with it; the contact stays.
    #[oai(path = "/submissions/:id", method = "delete")]
    async fn delete_submission(&self, cx: Cx<Write>, id: Path<SubmissionId>) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Release a submission
    ///
    /// One that was kept aside, or called spam, is received: contact, consents, notifications and webhooks follow now.
    #[oai(path = "/submissions/:id/release", method = "post")]
    async fn create_submission_release(&self, cx: Cx<Write>, id: Path<SubmissionId>) -> Result<Json<Submission>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::release(tx, id.0, &owners).await).await
    }

    /// Mark a submission as spam
    #[oai(path = "/submissions/:id/spam", method = "post")]
    async fn create_submission_spam(&self, cx: Cx<Write>, id: Path<SubmissionId>) -> Result<Json<Submission>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::mark_spam(tx, id.0, &owners).await).await
    }
}
