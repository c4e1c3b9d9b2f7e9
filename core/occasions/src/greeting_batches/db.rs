//! Every statement on batches.
use super::model::{BatchState, GreetingBatch, GreetingBatchId};
use crate::greetings::GreetingId;
use chrono::NaiveDate;
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};

const LIST: ListSpec = ListSpec {
    select: "select b.id, b.greeting_id as greeting, (select g.name from greetings g where g.id = b.greeting_id) as greeting_name, b.day, b.state, \
        (select count(*) from (select from greeting_sends s where s.greeting_id = b.greeting_id and s.day = b.day and s.state = 'sent' limit 10000) x) as sent, \
        (select count(*) from (select from greeting_sends s where s.greeting_id = b.greeting_id and s.day = b.day and s.state = 'skipped' limit 10000) x) as skipped, \
        b.decided_by, b.decided_at, b.created_at, b.updated_at, b.version from greeting_batches b",
    id: "b.id",
    always: "exists (select from greetings g where g.id = b.greeting_id and g.deleted_at is null)",
    fields: &[
        Field { name: "greeting", sql: "b.greeting_id", kind: FieldKind::Id("gre"), sort: None },
        Field { name: "state", sql: "b.state", kind: FieldKind::Text, sort: None },
        Field { name: "day", sql: "b.day", kind: FieldKind::Date, sort: Some("b.day") },
    ],
    default_sort: "-day",
};

/// One page of batches.
pub(super) async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Page<GreetingBatch>> {
    tx.list(&LIST, query, &[]).await
}

/// The batch.
pub(super) async fn find(tx: &mut Tx, id: GreetingBatchId) -> Result<GreetingBatch> {
    const FIND: Sql = sql!(
        "select b.id, b.greeting_id as greeting, g.name as greeting_name, b.day, b.state,
           (select count(*) from (select from greeting_sends s where s.greeting_id = b.greeting_id and s.day = b.day and s.state = 'sent' limit 10000) x) as sent,
           (select count(*) from (select from greeting_sends s where s.greeting_id = b.greeting_id and s.day = b.day and s.state = 'skipped' limit 10000) x) as skipped,
           b.decided_by, b.decided_at, b.created_at, b.updated_at, b.version
         from greeting_batches b join greetings g on g.id = b.greeting_id and g.deleted_at is null where b.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// Locks the batch until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, id: GreetingBatchId) -> Result<GreetingBatch> {
    const LOCK: Sql = sql!("select b.version from greeting_batches b where b.id = $1 for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id).await
}

/// Makes the batch of a day; gives its id when there was none.
pub(super) async fn insert(
    tx: &mut Tx,
    greeting: GreetingId,
    day: NaiveDate,
    state: &str,
    version: i64,
) -> Result<Option<GreetingBatchId>> {
    const INSERT: Sql = sql!(
        "insert into greeting_batches (id, greeting_id, day, state, greeting_version, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6)
         on conflict on constraint greeting_batches_greeting_id_key do nothing"
    );
    let now = tx.now();
    let id = GreetingBatchId::new(now);
    let made = tx.exec(INSERT, &[&id, &greeting, &day, &state, &version, &now]).await?;
    Ok((made == 1).then_some(id))
}

/// Writes what was decided about a locked batch.
pub(super) async fn decide(tx: &mut Tx, id: GreetingBatchId, state: BatchState, version: i64) -> Result<()> {
    const DECIDE: Sql = sql!(
        "update greeting_batches set state = $2, greeting_version = $3, decided_by = $4, decided_at = $5, updated_at = $5, version = version + 1
         where id = $1"
    );
    let (now, who) = (tx.now(), tx.context().actor.id);
    tx.exec_one(DECIDE, &[&id, &state.as_str(), &version, &who, &now]).await
}

/// The greeting has another version. When what it says or to whom has changed, what was approved waits again.
pub(crate) async fn follow(tx: &mut Tx, greeting: GreetingId, version: i64, waits: bool) -> Result<()> {
    const FOLLOW: Sql = sql!(
        "update greeting_batches set greeting_version = $2, state = case when $3 and state = 'approved' then 'waiting' else state end,
           updated_at = $4, version = version + 1 where greeting_id = $1 and state in ('waiting', 'approved') and day >= $5"
    );
    let now = tx.now();
    let from = now.date_naive() - chrono::Days::new(1);
    tx.exec(FOLLOW, &[&greeting, &version, &waits, &now, &from]).await.map(drop)
}

/// What waits for nobody any more because its greeting goes out by itself.
pub(super) async fn release(tx: &mut Tx, greeting: GreetingId) -> Result<()> {
    const RELEASE: Sql = sql!(
        "update greeting_batches set state = 'approved', updated_at = $2, version = version + 1 where greeting_id = $1 and state = 'waiting' and day >= $3"
    );
    let now = tx.now();
    let from = now.date_naive() - chrono::Days::new(1);
    tx.exec(RELEASE, &[&greeting, &now, &from]).await.map(drop)
}

/// Nobody decided before the day was over everywhere; gives how many.
pub(super) async fn expire(tx: &mut Tx, before: NaiveDate) -> Result<Vec<GreetingBatchId>> {
    const EXPIRE: Sql = sql!(
        "update greeting_batches set state = 'expired', updated_at = $2, version = version + 1 where state = 'waiting' and day < $1 returning id"
    );
    let now = tx.now();
    tx.values(EXPIRE, &[&before, &now]).await
}

row! {
    /// A greeting on a day.
    pub(super) struct Ready {
        pub greeting: GreetingId,
        pub day: NaiveDate,
    }
}

/// Of which of these days there is a batch already, whatever became of it.
pub(super) async fn known(tx: &mut Tx, days: &[NaiveDate]) -> Result<Vec<Ready>> {
    const KNOWN: Sql = sql!("select b.greeting_id as greeting, b.day from greeting_batches b where b.day = any($1)");
    tx.rows(KNOWN, &[&days]).await
}

/// What goes out on these days, own days of contacts before feasts.
pub(super) async fn ready(tx: &mut Tx, days: &[NaiveDate]) -> Result<Vec<Ready>> {
    const READY: Sql = sql!(
        "select b.greeting_id as greeting, b.day from greeting_batches b join greetings g on g.id = b.greeting_id
         where b.day = any($1) and b.state = 'approved' and g.enabled and g.deleted_at is null
         order by b.day, g.kinds = '{}', g.created_at, g.id"
    );
    tx.rows(READY, &[&days]).await
}

/// Whether what a greeting of this version sends on a day goes out; whoever decides otherwise waits until the end of the
/// transaction.
pub(crate) async fn is_approved(tx: &mut Tx, greeting: GreetingId, day: NaiveDate, version: i64) -> Result<bool> {
    const APPROVED: Sql = sql!(
        "select b.state = 'approved' and b.greeting_version = $3 from greeting_batches b where b.greeting_id = $1 and b.day = $2 for share"
    );
    Ok(tx.value_opt(APPROVED, &[&greeting, &day, &version]).await?.unwrap_or(false))
}
