//! What there is on days. Counts are read from one index alone and names only of the first few, so a month costs about the same
//! however many people there are.
use super::super::model::{OccasionId, OccasionKind, UpcomingOccasion};
use chrono::NaiveDate;
use companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{Result, Tx, db::Sql, row, sql};

/// Of a day with more occasions than so many, and than are wanted, the first by name are those of the ones written down first:
/// finding the first of all by name would mean reading everybody's.
const AT_ONCE: i64 = 50;

/// Days as statements ask for them: a row for each anchor of each day, with what year it is in the calendar of the anchor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub days: Vec<NaiveDate>,
    pub anchors: Vec<String>,
    pub years: Vec<i32>,
}

row! {
    /// An occasion on a day, and how many there are.
    #[derive(Debug, Clone)]
    pub(in crate::occasions) struct OnDay {
        pub id: OccasionId,
        pub on: NaiveDate,
        pub contact: Option<ContactId>,
        pub company: Option<CompanyId>,
        pub name: String,
        pub kind: OccasionKind,
        pub label: Option<String>,
        pub years: Option<i32>,
        pub count: i64,
    }
}

impl OnDay {
    /// Without the count.
    pub fn occasion(self) -> UpcomingOccasion {
        let OnDay { id, on, contact, company, name, kind, label, years, .. } = self;
        UpcomingOccasion { id, on, contact, company, name, kind, label, years }
    }
}

/// The first occasions of each day by name, and how many there are on it. The parts that end with `offset 0` are read anchor by
/// anchor, along the index: what a planner guesses of a whole month is a look at the whole table. Who is deleted is found for all of
/// them at once.
pub(in crate::occasions) async fn on_days(
    tx: &mut Tx,
    asked: &Asked,
    per_day: i64,
    owners: &Owners,
) -> Result<Vec<OnDay>> {
    const ALL: Sql = sql!(
        "with asked as (select a.day, a.anchor, a.year from unnest($1::date[], $2::text[], $3::int[]) as a(day, anchor, year)),
         counted as (
           select f.day, count(*) as count from (
             select a.day, o.contact_id, o.company_id from asked a
             cross join lateral (select o.contact_id, o.company_id from occasions o
               where o.anchor = a.anchor and o.deleted_at is null and coalesce(o.year <= a.year, true) offset 0) o offset 0) f
           where not exists (select from contacts c where c.id = f.contact_id and c.deleted_at is not null)
             and not exists (select from companies m where m.id = f.company_id and m.deleted_at is not null)
           group by f.day),
         near as (
           select a.day, a.year - o.began as years, o.id, o.contact, o.company, o.name, o.name_key, o.kind, o.label,
             row_number() over (partition by a.day order by o.id) as place
           from asked a
           cross join lateral (
             select o.id, o.contact_id as contact, o.company_id as company, coalesce(c.display_name, m.name, '') as name,
               coalesce(c.name_key, m.name_key) as name_key, o.kind, o.label, o.year as began
             from occasions o left join contacts c on c.id = o.contact_id and c.deleted_at is null
             left join companies m on m.id = o.company_id and m.deleted_at is null
             where o.anchor = a.anchor and o.deleted_at is null and coalesce(o.year <= a.year, true) and coalesce(c.id, m.id) is not null
             order by o.id limit $5) o),
         named as (
           select n.day, n.years, n.id, n.contact, n.company, n.name, n.kind, n.label,
             row_number() over (partition by n.day order by n.name_key, n.id) as place
           from near n where n.place <= $5)
         select n.id, n.day as on, n.contact, n.company, n.name, n.kind, n.label, n.years, d.count
         from named n join counted d on d.day = n.day where n.place <= $4 order by n.day, n.place"
    );
    const OWNED: Sql = sql!(
        "with found as materialized (
           select a.day, a.year, o.id, o.contact_id, o.company_id from unnest($1::date[], $2::text[], $3::int[]) as a(day, anchor, year)
           cross join lateral (select o.id, o.contact_id, o.company_id from occasions o
             where o.anchor = a.anchor and o.deleted_at is null and coalesce(o.year <= a.year, true) offset 0) o),
         reached as (
           select f.day, f.year, f.id from found f join contacts c on c.id = f.contact_id where c.owner_id = any($6) and c.deleted_at is null
           union all
           select f.day, f.year, f.id from found f join companies m on m.id = f.company_id where m.owner_id = any($6) and m.deleted_at is null),
         placed as (
           select r.day, r.year, r.id, count(*) over (partition by r.day) as count, row_number() over (partition by r.day order by r.id) as place
           from reached r),
         named as (
           select p.day, p.count, p.year - o.began as years, o.id, o.contact, o.company, o.name, o.kind, o.label,
             row_number() over (partition by p.day order by o.name_key, o.id) as place
           from placed p
           cross join lateral (
             select o.id, o.contact_id as contact, o.company_id as company, coalesce(c.display_name, m.name, '') as name,
               coalesce(c.name_key, m.name_key) as name_key, o.kind, o.label, o.year as began
             from occasions o left join contacts c on c.id = o.contact_id left join companies m on m.id = o.company_id
             where o.id = p.id offset 0) o
           where p.place <= $5)
         select n.id, n.day as on, n.contact, n.company, n.name, n.kind, n.label, n.years, n.count
         from named n where n.place <= $4 order by n.day, n.place"
    );
    let at_once = per_day.max(AT_ONCE);
    match owners {
        None => tx.rows(ALL, &[&asked.days, &asked.anchors, &asked.years, &per_day, &at_once]).await,
        Some(owners) => tx.rows(OWNED, &[&asked.days, &asked.anchors, &asked.years, &per_day, &at_once, owners]).await,
    }
}

/// The next occasions of one day in the order in which they were written down, after one of them: at most `limit`, by name, and then
/// another one if there are more.
pub(in crate::occasions) async fn of_day(
    tx: &mut Tx,
    asked: &Asked,
    after: Option<OccasionId>,
    limit: i64,
    owners: &Owners,
) -> Result<Vec<UpcomingOccasion>> {
    const OF_DAY: Sql = sql!(
        "with near as (
           select a.day, a.year - o.began as years, o.id, o.contact, o.company, o.name, o.name_key, o.kind, o.label,
             row_number() over (order by o.id) as place
           from unnest($1::date[], $2::text[], $3::int[]) as a(day, anchor, year)
           cross join lateral (
             select o.id, o.contact_id as contact, o.company_id as company, coalesce(c.display_name, m.name, '') as name,
               coalesce(c.name_key, m.name_key) as name_key, o.kind, o.label, o.year as began
             from occasions o left join contacts c on c.id = o.contact_id and c.deleted_at is null
             left join companies m on m.id = o.company_id and m.deleted_at is null
             where o.anchor = a.anchor and o.deleted_at is null and coalesce(o.year <= a.year, true) and coalesce(c.id, m.id) is not null
               and ($4::uuid is null or o.id > $4) and ($5::uuid[] is null or c.owner_id = any($5) or m.owner_id = any($5))
             order by o.id limit $6::bigint + 1) o)
         select n.id, n.day as on, n.contact, n.company, n.name, n.kind, n.label, n.years
         from near n where n.place <= $6::bigint + 1 order by n.place > $6::bigint, n.name_key, n.id"
    );
    tx.rows(OF_DAY, &[&asked.days, &asked.anchors, &asked.years, &after, owners, &limit]).await
}
