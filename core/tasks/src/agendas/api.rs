//! Boards of tasks over HTTP.
use super::{
    db::{self, Span},
    model::{Bounds, TaskBoard, TaskCounts},
};
use crate::{Read, Tags, tasks::Wish};
use kernel::{Cx, Error, Result, ids::UserId};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct AgendasApi;

/// The zone whose days are meant: that of the account, unless another one is named.
fn zone(cx: &Cx<Read>, given: Option<String>) -> Result<String> {
    match given {
        Some(zone) if zone.parse::<chrono_tz::Tz>().is_err() => {
            Err(Error::invalid("/zone", "zone_unknown", "An IANA time zone, for example Europe/Berlin."))
        }
        Some(zone) => Ok(zone),
        None => Ok(cx.tenant.zone.clone()),
    }
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Tasks")]
impl AgendasApi {
    /// See the board of open tasks
    ///
    /// By when they come up: late, today, in the seven days after, later, without a day. Takes the words and the filters
    /// of the list of tasks.
    #[oai(path = "/tasks/board", method = "get")]
    async fn get_task_board(
        &self,
        cx: Cx<Read>,
        /// Words that each task, or the contact or company it is about, holds; at most 100 characters.
        q: Query<Option<String>>,
        /// IANA time zone whose days are meant; the account's when absent.
        zone: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<TaskBoard>> {
        let (zone, wish) = (self::zone(&cx, zone.0)?, Wish::new(q.0, cx.visible_owners()));
        cx.read(async |tx| board(tx, zone, &wish, &filter.0).await).await.map(Json)
    }

    /// Count open tasks
    ///
    /// By when they come up.
    #[oai(path = "/tasks/counts", method = "get")]
    async fn get_task_counts(
        &self,
        cx: Cx<Read>,
        /// Tasks that this member does, only.
        assignee: Query<Option<UserId>>,
        /// Tasks that this member does or shares, only.
        member: Query<Option<UserId>>,
        /// IANA time zone whose days are meant; the account's when absent.
        zone: Query<Option<String>>,
    ) -> Result<Json<TaskCounts>> {
        let (zone, wish) = (self::zone(&cx, zone.0)?, Wish::new(None, cx.visible_owners()));
        let of = |field: &str, user: Option<UserId>| user.map(|user| format!("{field}:eq:{user}"));
        let filter: Vec<String> = of("assignee", assignee.0).into_iter().chain(of("member", member.0)).collect();
        cx.read(async |tx| counts(tx, &zone, &wish, &filter).await).await.map(Json)
    }
}

async fn board(tx: &mut kernel::Tx, zone: String, wish: &Wish, filter: &[String]) -> Result<TaskBoard> {
    let bounds = Bounds::new(tx.now(), &zone);
    Ok(TaskBoard {
        zone,
        today: bounds.today,
        overdue: db::column(tx, Span::Overdue, &bounds, wish, filter).await?,
        today_tasks: db::column(tx, Span::Today, &bounds, wish, filter).await?,
        week: db::column(tx, Span::Week, &bounds, wish, filter).await?,
        later: db::column(tx, Span::Later, &bounds, wish, filter).await?,
        undated: db::column(tx, Span::Undated, &bounds, wish, filter).await?,
    })
}

async fn counts(tx: &mut kernel::Tx, zone: &str, wish: &Wish, filter: &[String]) -> Result<TaskCounts> {
    let bounds = Bounds::new(tx.now(), zone);
    Ok(TaskCounts {
        overdue: db::count(tx, Span::Overdue, &bounds, wish, filter).await?,
        today: db::count(tx, Span::Today, &bounds, wish, filter).await?,
        week: db::count(tx, Span::Week, &bounds, wish, filter).await?,
    })
}
