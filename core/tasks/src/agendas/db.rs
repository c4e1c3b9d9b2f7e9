//! Every statement behind boards of tasks.
use super::model::{Bounds, CARDS, TaskColumn};
use crate::tasks::{FIELDS, OPEN, Wish, wish_clauses};
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    db::{Clause, ListQuery, ListSpec},
    row,
};
use tokio_postgres::types::Type;

/// How many there are, counted up to 1000: nobody does more, and it costs the same however many there are.
const COUNTED: ListSpec = ListSpec {
    select: "select count(*) as count from (select t.id from tasks t",
    id: "t.id",
    always: "t.deleted_at is null and t.status = 'open'",
    fields: FIELDS,
    default_sort: "due",
};

const FROM: &str = "coalesce(t.agenda_at, '9999-12-31T00:00:00Z'::timestamptz) >= ?";
const BEFORE: &str = "coalesce(t.agenda_at, '9999-12-31T00:00:00Z'::timestamptz) < ?";

row! {
    /// A count.
    struct Count {
        /// How many.
        count: i64,
    }
}

/// A column of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Overdue,
    Today,
    Week,
    Later,
    Undated,
}

/// From when and until when tasks of a column come up.
struct Limits {
    from: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

impl Limits {
    fn of(span: Span, bounds: &Bounds) -> Self {
        let Bounds { now, tomorrow, week_end, .. } = *bounds;
        // Where tasks without a day stand: no task can be due there.
        let never = DateTime::from_timestamp(253_402_214_400, 0);
        let (from, before) = match span {
            Span::Overdue => (None, Some(now)),
            Span::Today => (Some(now), Some(tomorrow)),
            Span::Week => (Some(tomorrow), Some(week_end)),
            Span::Later => (Some(week_end), never),
            Span::Undated => (never, None),
        };
        Limits { from, before }
    }

    fn clauses(&self) -> impl Iterator<Item = Clause<'_>> {
        let from = self.from.as_ref().map(|at| Clause(FROM, at, Type::TIMESTAMPTZ));
        from.into_iter().chain(self.before.as_ref().map(|at| Clause(BEFORE, at, Type::TIMESTAMPTZ)))
    }
}

/// How many tasks a column has.
pub(super) async fn count(tx: &mut Tx, span: Span, bounds: &Bounds, wish: &Wish, filter: &[String]) -> Result<i64> {
    let limits = Limits::of(span, bounds);
    let mut clauses = wish_clauses(wish);
    clauses.extend(limits.clauses());
    let query = ListQuery { filter: filter.to_vec(), ..ListQuery::default() };
    let rows: Vec<Count> = tx.figures(&COUNTED, vec![], "limit 1000) x", &[], &query, &clauses).await?;
    Ok(rows.first().map_or(0, |row| row.count))
}

/// A column with its first tasks.
pub(super) async fn column(
    tx: &mut Tx,
    span: Span,
    bounds: &Bounds,
    wish: &Wish,
    filter: &[String],
) -> Result<TaskColumn> {
    let limits = Limits::of(span, bounds);
    let mut clauses = wish_clauses(wish);
    clauses.extend(limits.clauses());
    let query = ListQuery { limit: Some(CARDS), filter: filter.to_vec(), ..ListQuery::default() };
    let page = tx.list(&OPEN, &query, &clauses).await?;
    let count = match page.next_cursor {
        Some(_) => count(tx, span, bounds, wish, filter).await?,
        None => page.items.len() as i64,
    };
    Ok(TaskColumn { count, tasks: page.items })
}
