use super::{
    db,
    model::{JobView, Queue},
};
use crate::{
    Tag,
    access::{Admin, Jobs, Read},
};
use kernel::{
    Result,
    db::ListQuery,
    events::NewEvent,
    http::{NoContent, Page},
    ids::JobId,
};
use poem_openapi::{OpenApi, param::Path, param::Query, payload::Json};
use sheets::{CsvFile, Export};

/// Background work.
pub struct JobsApi;

const COLUMNS: &[&str] = &[
    "id",
    "tenant_id",
    "tenant_name",
    "kind",
    "state",
    "attempts",
    "max_attempts",
    "run_at",
    "last_error",
    "created_at",
    "finished_at",
];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Operations")]
impl JobsApi {
    /// List jobs. Filter by state, kind, tenant and created_at.
    #[oai(path = "/jobs", method = "get")]
    async fn list_jobs(
        &self,
        cx: Admin<Read>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<JobView>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Export jobs, oldest first: with the same filters as CSV; cells that a spreadsheet would run as a formula get an apostrophe
    /// in front. The export is recorded.
    #[oai(path = "/jobs/export", method = "get")]
    async fn export_jobs(&self, cx: Admin<Read>, filter: Query<Vec<String>>) -> Result<CsvFile> {
        let what = Export { name: "jobs", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        cx.export(what, "job.exported", |tx, query| Box::pin(db::list(tx, query))).await
    }

    /// See how the queues stand, by kind.
    #[oai(path = "/queues", method = "get")]
    async fn list_queues(&self, cx: Admin<Read>) -> Result<Json<Vec<Queue>>> {
        let now = cx.app.clock.now();
        cx.control(async |tx| db::queues(tx, now).await).await.map(Json)
    }

    /// Try a dead letter again.
    #[oai(path = "/jobs/:id/retry", method = "post")]
    async fn retry_job(&self, cx: Admin<Jobs>, id: Path<JobId>) -> Result<Json<JobView>> {
        let job = cx
            .control(async |tx| {
                let now = tx.now();
                let job = db::retry(tx, id.0, now).await?;
                tx.record(None, NewEvent::new("job.retried", "jobs", id.0.0, format!("{} tried again", job.kind)))
                    .await?;
                Ok(job)
            })
            .await?;
        cx.app.jobs_bell.notify_one();
        Ok(Json(job))
    }

    /// Discard a dead or waiting job.
    #[oai(path = "/jobs/:id", method = "delete")]
    async fn discard_job(&self, cx: Admin<Jobs>, id: Path<JobId>) -> Result<NoContent> {
        cx.control(async |tx| {
            let kind = db::discard(tx, id.0).await?;
            tx.record(None, NewEvent::new("job.discarded", "jobs", id.0.0, format!("{kind} discarded"))).await
        })
        .await?;
        Ok(NoContent::Done)
    }
}
