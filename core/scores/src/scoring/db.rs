//! Every statement on the rules of scores, and those that count.
use super::model::{Rules, ScoreRule, ScoringRow};
use chrono::{DateTime, NaiveDate, Utc};
use contacts::{Owners, ScoreBand};
use kernel::{
    Result, Tx,
    db::{Composed, Sql},
    row, sql,
};
use segments::{AsOf, Question};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// How scores are counted.
pub async fn find(tx: &mut Tx) -> Result<ScoringRow> {
    const FIND: Sql = sql!(
        "select s.rules, s.warm_from, s.hot_from, s.scored_on, s.zone, s.armed_on, s.is_counting, s.counted_to, s.done, s.total, s.updated_at, s.version
         from scoring s where s.key = 1"
    );
    tx.row(FIND, &[]).await
}

/// The same, locked until the end of the transaction: whoever counts is alone.
pub async fn lock(tx: &mut Tx) -> Result<ScoringRow> {
    const LOCK: Sql = sql!(
        "select s.rules, s.warm_from, s.hot_from, s.scored_on, s.zone, s.armed_on, s.is_counting, s.counted_to, s.done, s.total, s.updated_at, s.version
         from scoring s where s.key = 1 for no key update"
    );
    tx.row(LOCK, &[]).await
}

/// Writes other rules of the locked row.
pub async fn update(tx: &mut Tx, rules: &[ScoreRule], warm_from: i32, hot_from: i32) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update scoring set rules = $1, warm_from = $2, hot_from = $3, updated_at = $4, version = version + 1 where key = 1"
    );
    let now = tx.now();
    tx.exec_one(UPDATE, &[&Rules(rules.to_vec()), &warm_from, &hot_from, &now]).await
}

/// Notes that all contacts are to be counted, from the first one on.
pub async fn begin(tx: &mut Tx, total: i64) -> Result<()> {
    const BEGIN: Sql =
        sql!("update scoring set is_counting = true, counted_to = null, done = 0, total = $1 where key = 1");
    tx.exec_one(BEGIN, &[&total]).await
}

/// Notes how far contacts are counted; `None` when they are.
pub async fn set_counted(tx: &mut Tx, to: Option<Uuid>, more: i64) -> Result<()> {
    const SET: Sql =
        sql!("update scoring set counted_to = $1, is_counting = $1::uuid is not null, done = done + $2 where key = 1");
    tx.exec_one(SET, &[&to, &more]).await
}

/// Notes as of which day scores are right.
pub async fn set_scored(tx: &mut Tx, day: NaiveDate, zone: &str) -> Result<()> {
    tx.exec_one(sql!("update scoring set scored_on = $1, zone = $2 where key = 1"), &[&day, &zone]).await
}

/// Whether somebody looks when this day ends.
pub async fn is_armed(tx: &mut Tx, day: NaiveDate) -> Result<bool> {
    const ARMED: Sql = sql!("select coalesce(s.armed_on >= $1, false) from scoring s where s.key = 1");
    tx.value(ARMED, &[&day]).await
}

/// Notes of which day somebody looks when it ends.
pub async fn set_armed(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    tx.exec_one(sql!("update scoring set armed_on = $1 where key = 1"), &[&day]).await
}

/// Notes that something happened to contacts.
pub async fn note(tx: &mut Tx, contacts: &[Uuid], quiet: bool) -> Result<u64> {
    const NOTE: Sql =
        sql!("insert into score_dirty (contact_id, is_quiet) select n.id, $2 from unnest($1::uuid[]) as n(id)");
    tx.exec(NOTE, &[&contacts, &quiet]).await
}

/// The same for the people of a deal.
pub async fn note_deal(tx: &mut Tx, deal: Uuid) -> Result<u64> {
    const NOTE: Sql = sql!(
        "insert into score_dirty (contact_id, is_quiet) select dc.contact_id, false from deal_contacts dc where dc.deal_id = $1"
    );
    tx.exec(NOTE, &[&deal]).await
}

/// The same for the people of a company.
pub async fn note_company(tx: &mut Tx, company: Uuid) -> Result<u64> {
    const NOTE: Sql = sql!(
        "insert into score_dirty (contact_id, is_quiet) select fc.contact_id, false from company_contacts fc where fc.company_id = $1"
    );
    tx.exec(NOTE, &[&company]).await
}

row! {
    /// A contact that something happened to.
    #[derive(Debug, Clone)]
    pub struct Noted { pub contact_id: Uuid, pub is_quiet: bool }
}

/// Takes some of the contacts that something happened to: whatever happens to them from now on is noted again. `one_by_one` leaves
/// those that were changed by the thousand.
pub async fn take(tx: &mut Tx, limit: i64, one_by_one: bool) -> Result<Vec<Noted>> {
    // By place: a plan made while the table was empty would read all of it for every batch.
    const TAKE: Sql = sql!(
        "delete from score_dirty d where d.ctid = any(array(select k.ctid from score_dirty k limit $1 for update skip locked))
         returning d.contact_id, d.is_quiet"
    );
    // In the order of the one index that has none of the others.
    const ONE_BY_ONE: Sql = sql!(
        "delete from score_dirty d where d.ctid = any(array(select k.ctid from score_dirty k where not k.is_quiet order by k.contact_id limit $1 for update skip locked))
         returning d.contact_id, d.is_quiet"
    );
    tx.rows(if one_by_one { ONE_BY_ONE } else { TAKE }, &[&limit]).await
}

/// The next contacts in the order of their ids; deleted ones have no score.
pub async fn page(tx: &mut Tx, after: Option<Uuid>, size: i64) -> Result<Vec<Uuid>> {
    const PAGE: Sql = sql!(
        "select c.id from contacts c where c.deleted_at is null and ($1::uuid is null or c.id > $1) order by c.id limit $2"
    );
    tx.values(PAGE, &[&after, &size]).await
}

/// Contacts in reach, all of them or some that were picked by pages of the table, so that a million costs no more.
pub async fn some(tx: &mut Tx, percent: f64, most: i64, owners: &Owners) -> Result<Vec<Uuid>> {
    const SOME: Sql = sql!(
        "select c.id from contacts c tablesample system ($1::float8) where c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3)) limit $2"
    );
    tx.values(SOME, &[&percent, &most, owners]).await
}

/// Forgets that something happened to a contact.
pub async fn forget(tx: &mut Tx, contact: Uuid) -> Result<u64> {
    tx.exec(sql!("delete from score_dirty where contact_id = $1"), &[&contact]).await
}

row! {
    /// A contact as it stands.
    #[derive(Debug, Clone)]
    pub struct Standing {
        pub id: Uuid,
        pub score: i32,
        pub band: ScoreBand,
        /// Numbers of the questions that it fits.
        pub fits: Vec<i32>,
    }
}

/// Contacts that are not deleted, and which of these questions they fit.
pub async fn standing(tx: &mut Tx, ids: &[Uuid], asked: &[(i32, &Question)], at: &AsOf) -> Result<Vec<Standing>> {
    let mut s = Composed::new("select c.id, c.score, c.band, array_remove(array[null::integer");
    for (n, question) in asked {
        s.add(", case when ");
        question.fits(&mut s, at);
        s.add(" then ").bind(*n, Type::INT4).add(" end");
    }
    s.add("], null) as fits from contacts c where c.deleted_at is null and c.id = any(");
    s.bind(ids.to_vec(), Type::UUID_ARRAY).add(")");
    tx.composed_rows(&s).await
}

/// A question for what happened.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its number.
    pub n: i32,
    pub question: &'a Question,
    /// The column with the moment.
    pub column: &'static str,
    /// So many of the newest.
    pub most: i64,
    /// None that are older.
    pub within: Option<u32>,
}

row! {
    /// Something that happened, and to which question it answers.
    #[derive(Debug, Clone)]
    pub struct Fact { pub contact_id: Uuid, pub n: i32, pub at: DateTime<Utc> }
}

/// What happened to contacts.
pub async fn facts(tx: &mut Tx, ids: &[Uuid], asked: &[Asked<'_>], at: &AsOf) -> Result<Vec<Fact>> {
    if asked.is_empty() {
        return Ok(vec![]);
    }
    let mut s = Composed::default();
    for (i, one) in asked.iter().enumerate() {
        s.add(if i == 0 { "select c.id as contact_id, " } else { " union all select c.id as contact_id, " });
        s.bind(one.n, Type::INT4).add(" as n, f.at from unnest(").bind(ids.to_vec(), Type::UUID_ARRAY);
        s.add(") as c(id) cross join lateral (");
        one.question.moments(&mut s, one.column, one.within.map(|days| at.days_before(days)), one.most, at);
        s.add(") f");
    }
    tx.composed_rows(&s).await
}

/// A question whose answers grow old between two days.
#[derive(Debug, Clone, Copy)]
pub enum Ageing<'a> {
    /// Its conditions name days.
    Days(&'a Question),
    /// What happened in this time is worth less, or nothing any more.
    Facts(&'a Question, &'static str, (DateTime<Utc>, Option<DateTime<Utc>>)),
}

/// Notes the contacts whose score may be another one because days have passed; gives how many.
pub async fn note_passed(tx: &mut Tx, asked: &[Ageing<'_>], old: &AsOf, new: &AsOf) -> Result<i64> {
    let mut noted = 0;
    for one in asked {
        let mut s = Composed::new("with passed as (");
        let any = match one {
            Ageing::Days(question) => question.passed(&mut s, old, new),
            Ageing::Facts(question, column, time) => {
                question.within(&mut s, column, *time, new);
                true
            }
        };
        s.add(
            "), noted as (insert into score_dirty (contact_id, is_quiet) select distinct p.id, false from passed as p(id) returning contact_id)
             select count(*) from noted",
        );
        if any {
            noted += tx.composed_values::<i64>(&s).await?.into_iter().sum::<i64>();
        }
    }
    Ok(noted)
}
