//! Handing out what was made.
use super::{db, model::ReportRunId};
use crate::{
    report_schedules::{
        self,
        model::{ReportSchedule, ReportScheduleId},
    },
    reports::Made,
};
use kernel::{Result, Tx, events::NewEvent};
use notifications::mails::{self, NewMail, Template};
use serde_json::json;

/// Keeps the files and queues the mails, in one transaction: whoever comes second finds it done.
pub(crate) async fn deliver(tx: &mut Tx, id: ReportRunId, of: &ReportSchedule, made: &Made, link: &str) -> Result<()> {
    let Some(recipients) = db::finish(tx, id, &made.file_name, &made.contents).await? else { return Ok(()) };
    let now = tx.now();
    for member in recipients {
        let data = json!({
            "title": of.name,
            "body": made.summary,
            "action": {"label": made.link_label, "url": link},
            "reason": made.reason,
        });
        let dedupe_key = Some(format!("report/{id}/{member}"));
        let mail = NewMail { dedupe_key, ..NewMail::to_member(Template::Generic, member, data) };
        mails::queue(tx, now, &mail).await?;
    }
    let event = NewEvent::new("report_run.sent", "report_runs", id.0, "Scheduled report sent");
    tx.record(event.payload(&json!({"schedule": of.id.to_string()}))).await?;
    Ok(())
}

/// Says why a run could not be made, for whoever comes first; its schedule.
pub(crate) async fn fail(tx: &mut Tx, id: ReportRunId, code: &str) -> Result<Option<ReportScheduleId>> {
    // The schedule is locked first, as by whoever removes it with its runs.
    let Some(waiting) = db::waiting(tx, id).await? else { return Ok(None) };
    report_schedules::db::find_for_update(tx, waiting.schedule, &None).await?;
    let Some(schedule) = db::fail(tx, id, code).await? else { return Ok(None) };
    let event = NewEvent::new("report_run.failed", "report_runs", id.0, "Scheduled report failed");
    tx.record(event.payload(&json!({"schedule": schedule.to_string(), "code": code}))).await?;
    Ok(Some(schedule))
}
