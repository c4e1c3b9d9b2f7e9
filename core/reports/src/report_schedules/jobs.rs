//! What schedules do when their time has come.
use super::{
    actions, db,
    model::{ReportSchedule, ReportScheduleId},
};
use crate::{
    report_runs::{self, ReportRunId},
    reports,
};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    error::Kind,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Takes an occurrence and plans the next one.
#[derive(Serialize, Deserialize)]
pub(crate) struct StartReport {
    pub schedule: ReportScheduleId,
    pub due_at: DateTime<Utc>,
}

impl Job for StartReport {
    const KIND: &'static str = "StartReport";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::start(tx, self.schedule, self.due_at).await).await
    }
}

/// Makes the files of a run with the eyes of the schedule's owner, one for each language of its readers, keeps them, and queues the
/// mails, all of it or nothing.
#[derive(Serialize, Deserialize)]
pub(crate) struct MakeReport {
    pub run: ReportRunId,
}

impl Job for MakeReport {
    const KIND: &'static str = "MakeReport";
    const MAX_ATTEMPTS: i32 = 5;

    async fn run(self, cx: JobCx) -> Result<()> {
        match self.attempt(&cx).await {
            Err(error) if error.is_refusal() || matches!(error.kind(), Kind::Invalid(_)) || cx.last_attempt => {
                let (code, lost) = (error.code().to_owned(), error.is_refusal() && !error.is_not_found());
                cx.write(async |tx| {
                    let Some(schedule) = report_runs::fail(tx, self.run, &code).await? else { return Ok(()) };
                    if lost { actions::stop(tx, schedule).await } else { Ok(()) }
                })
                .await
            }
            other => other,
        }
    }
}

impl MakeReport {
    async fn attempt(&self, cx: &JobCx) -> Result<()> {
        let tenant = cx.tenant()?;
        let Some((schedule, due_at)) = cx.read(async |tx| self.waiting(tx).await).await? else { return Ok(()) };
        let (ask, (writing, languages)) = reports::as_owner(&cx.app, tenant, &schedule, due_at).await?;
        let made = cx.read(async |tx| reports::made(tx, &ask, (&writing, &languages), schedule.format).await).await?;
        let link = format!("{}/reports?run={}", cx.app.config.server.dashboard_url, self.run);
        cx.write(async |tx| report_runs::deliver(tx, self.run, &schedule, &made, &link).await).await
    }

    /// What it is of; nothing when it is over.
    async fn waiting(&self, tx: &mut kernel::Tx) -> Result<Option<(ReportSchedule, DateTime<Utc>)>> {
        let Some(found) = report_runs::db::waiting(tx, self.run).await? else { return Ok(None) };
        Ok(Some((db::find(tx, found.schedule, &None).await?, found.due_at)))
    }
}
