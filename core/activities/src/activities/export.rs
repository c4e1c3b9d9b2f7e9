//! Activities as a file.
use super::{
    db,
    model::{ActivityId, ActivityTopic},
};
use crate::{Export, records::reach};
use chrono::{DateTime, Utc};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent, ids::UserId, row};
use sheets::{Cells, Look, Sheet, SheetFile};

const COLUMNS: [&str; 18] = [
    "id",
    "contact",
    "contact_name",
    "company",
    "company_name",
    "deal",
    "deal_title",
    "author",
    "kind",
    "direction",
    "topic",
    "title",
    "body",
    "outcome",
    "duration_seconds",
    "occurred_at",
    "created_at",
    "updated_at",
];

row! {
    /// An activity as its line shows it.
    struct ActivityLine {
        id: ActivityId,
        contact: Option<ContactId>,
        contact_name: Option<String>,
        company: Option<CompanyId>,
        company_name: Option<String>,
        deal: Option<DealId>,
        deal_title: Option<String>,
        author: Option<UserId>,
        kind: String,
        direction: Option<String>,
        topic: Option<ActivityTopic>,
        title: String,
        body: Option<String>,
        outcome: Option<String>,
        duration_seconds: Option<i32>,
        occurred_at: DateTime<Utc>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
    }
}

/// The file; that activities left is recorded.
pub(super) async fn file(cx: &Cx<Export>, filter: Vec<String>, look: Look) -> Result<SheetFile> {
    let reach = reach::<Export, Export>(cx);
    let query = ListQuery { filter, ..ListQuery::default() };
    let open = async |tx: &mut Tx| Ok((db::open(tx, &query, &reach).await?, ()));
    let event = NewEvent::new("activity.exported", "activities", cx.tenant.id.0, "Activities exported");
    let (whole, ()) = sheets::take(cx, &query, event, open).await?;
    Sheet::new("activities", &COLUMNS, [], look).file(&cx.tenant, whole, line).await
}

fn line(activity: &ActivityLine, cells: &mut Cells<'_>) -> Result<()> {
    cells.shown(Some(activity.id))?;
    cells.shown(activity.contact)?;
    cells.text(activity.contact_name.as_deref())?;
    cells.shown(activity.company)?;
    cells.text(activity.company_name.as_deref())?;
    cells.shown(activity.deal)?;
    cells.text(activity.deal_title.as_deref())?;
    cells.shown(activity.author)?;
    cells.text(activity.kind.as_str())?;
    cells.text(activity.direction.as_deref())?;
    cells.text(activity.topic.map(ActivityTopic::as_str))?;
    cells.text(activity.title.as_str())?;
    cells.text(activity.body.as_deref())?;
    cells.text(activity.outcome.as_deref())?;
    cells.number(activity.duration_seconds.map(i64::from))?;
    cells.moment(activity.occurred_at)?;
    cells.moment(activity.created_at)?;
    cells.moment(activity.updated_at)
}
