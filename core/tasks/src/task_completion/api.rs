//! Figures of completion over HTTP.
use super::{
    db,
    model::{CompletionFigures, MemberCompletion, Period, Row, TaskCompletion},
};
use crate::{Read, Tags};
use chrono::NaiveDate;
use contacts::Owners;
use kernel::{Cx, Result, Tx, ids::UserId};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use std::collections::BTreeSet;

pub(crate) struct TaskCompletionApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Tasks")]
impl TaskCompletionApi {
    /// See what became of tasks that were due
    ///
    /// Of each member and together, compared with as many days before. The tasks themselves are in the list: filters
    /// `due_at`, `assignee` and `completion`.
    #[oai(path = "/task-completion", method = "get")]
    async fn get_task_completion(
        &self,
        cx: Cx<Read>,
        /// The first day; 29 days before the last when absent.
        from: Query<Option<NaiveDate>>,
        /// The last day; today when absent. At most 366 days.
        until: Query<Option<NaiveDate>>,
    ) -> Result<Json<TaskCompletion>> {
        let owners = cx.visible_owners();
        let (zone, now) = (&cx.tenant.zone, cx.app.clock.now());
        let period = Period::new(from.0, until.0, zone, now)?;
        cx.read(async |tx| completion(tx, period, &owners).await).await.map(Json)
    }
}

async fn completion(tx: &mut Tx, period: Period, owners: &Owners) -> Result<TaskCompletion> {
    let [earlier, start, end] = period.moments;
    let rows = db::figures(tx, start, end, owners).await?;
    let before = db::figures(tx, earlier, start, owners).await?;
    let of =
        |rows: &[Row], member: Option<UserId>| CompletionFigures::sum(rows.iter().filter(|row| row.member == member));
    let mut seen = BTreeSet::new();
    let everybody = rows.iter().chain(&before).map(|row| row.member).filter(|member| seen.insert(*member));
    let members = everybody
        .map(|member| MemberCompletion { member, figures: of(&rows, member), before: of(&before, member) })
        .collect();
    Ok(TaskCompletion {
        from: period.from,
        starts_at: start,
        ends_at: end,
        as_of: tx.now(),
        until: period.until,
        zone: period.zone,
        total: CompletionFigures::sum(&rows),
        before: CompletionFigures::sum(&before),
        members,
    })
}
