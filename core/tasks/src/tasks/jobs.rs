//! What happens to tasks later: reminders, and the end of tasks that nobody restored.
use super::{actions, db, model::TaskId};
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Removes a task for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeTask {
    pub task: TaskId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeTask {
    const KIND: &'static str = "PurgeTask";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.task, self.deleted_at).await).await
    }
}

/// Reminds of a task, when the reminder is still for this moment and the task is still to do. It comes again for those who do not
/// work at that moment.
#[derive(Serialize, Deserialize)]
pub(crate) struct RemindTask {
    pub task: TaskId,
    pub reminder: Uuid,
    pub at: DateTime<Utc>,
}

impl Job for RemindTask {
    const KIND: &'static str = "RemindTask";

    async fn run(self, cx: JobCx) -> Result<()> {
        actions::remind(&cx, &self).await
    }
}

/// Lets tasks be found by what their contacts are called now.
#[derive(Serialize, Deserialize)]
pub(crate) struct FollowTaskWords {
    pub tasks: Vec<TaskId>,
}

impl Job for FollowTaskWords {
    const KIND: &'static str = "FollowTaskWords";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| db::words::refresh(tx, &self.tasks).await).await
    }
}

/// Lets all tasks be found by what they are about, page by page: those that were there before such words were kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct FillTaskWords {
    pub after: Option<TaskId>,
}

impl Job for FillTaskWords {
    const KIND: &'static str = "FillTaskWords";

    async fn run(self, cx: JobCx) -> Result<()> {
        let page = async |tx: &mut Tx, job: &mut Self| {
            job.after = db::words::refresh_page(tx, job.after).await?;
            Ok(job.after.is_some())
        };
        cx.in_steps(self, page).await
    }
}
