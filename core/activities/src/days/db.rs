//! The statements behind a day: five at most, however much happened.
use super::model::{
    BusiestRow, Day, Light, MOST_PLANS, MOST_STARS, MOST_TOUCHES, PlanRow, SLOT, Span, TOUCHES, Touch, put_together,
};
use crate::records::Reach;
use chrono::NaiveDate;
use contacts::Owners;
use kernel::{Result, Tx, db::Sql, sql};
use tenants::activity::{KINDS, STARS};
use uuid::Uuid;

/// What is looked for: kinds of events with what they are about and how much they matter.
struct Sought {
    kinds: Vec<&'static str>,
    stars: Vec<&'static str>,
    weights: Vec<i32>,
}

impl Sought {
    fn all() -> Self {
        let (stars, weights) = STARS.iter().map(|star| (star.kind.as_str(), star.weight)).unzip();
        Sought { kinds: KINDS.to_vec(), stars, weights }
    }
}

/// A day in the tenant's time zone; of contacts in reach, or of everything.
pub(crate) async fn day(tx: &mut Tx, date: Option<NaiveDate>, reach: &Reach, reader: Uuid) -> Result<Day> {
    let owners = &reach.contacts;
    let zone = tx.tenant().zone.clone();
    let span = Span::of(date, tx.here());
    let sought = Sought::all();
    let slots = slots(tx, &sought, &span, owners, reader).await?;
    let total: i64 = slots.iter().map(|slot| slot.count).sum();
    let grouped = total > MOST_STARS as i64;
    let lights = if grouped { slots } else { single(tx, &sought, &span, owners, reader).await? };
    let busiest = match busiest(tx, &sought, &span, owners, reader).await? {
        Some(who) => {
            let touches = touches(tx, &sought, &span, who.contact_id, reader).await?;
            Some((who, touches))
        }
        None => None,
    };
    let plans = plans(tx, &span, reach).await?;
    Ok(put_together(&zone, span, lights, grouped, plans, busiest))
}

/// What happened, by kind and ten minutes.
async fn slots(tx: &mut Tx, sought: &Sought, span: &Span, owners: &Owners, reader: Uuid) -> Result<Vec<Light>> {
    // A note that is gone cannot say whether it was private, its event can; as in the timeline.
    const SLOTS: Sql = sql!(
        "with seen as (
           select k.star, k.weight, e.id, e.occurred_at, e.kind, e.title, c.id as contact_id, c.display_name as name, e.subject, e.subject_id,
             floor(extract(epoch from e.occurred_at - $4::timestamptz) / $8::float8)::bigint as slot
           from unnest($1::text[], $2::text[], $3::int[]) as k (kind, star, weight)
           join events e on e.kind = k.kind and e.occurred_at >= $4 and e.occurred_at < $5
           left join contacts c on c.id = e.contact_id and c.deleted_at is null
           left join notes n on e.subject = 'notes' and n.id = e.subject_id
           where ($6::uuid[] is null or c.owner_id = any($6))
             and case when n.id is not null then not n.is_private or n.author_id = $7
                 else e.payload -> 'private' is distinct from 'true' or e.actor_id = $7 end),
         ranked as (
           select s.star, s.weight, s.id, s.occurred_at, s.kind, s.title, s.contact_id, s.name, s.subject, s.subject_id, s.slot,
             count(*) over (partition by s.star, s.slot) as count,
             row_number() over (partition by s.star, s.slot order by s.weight desc, s.occurred_at, s.id) as place
           from seen s)
         select r.star, r.slot, r.count, r.weight, r.id, r.occurred_at, r.kind, r.title, r.contact_id, r.name, r.subject, r.subject_id
         from ranked r where r.place = 1"
    );
    let seconds = SLOT as f64;
    tx.rows(
        SLOTS,
        &[&sought.kinds, &sought.stars, &sought.weights, &span.since, &span.until, owners, &reader, &seconds],
    )
    .await
}

/// What happened, one by one: for a day that is not busy.
async fn single(tx: &mut Tx, sought: &Sought, span: &Span, owners: &Owners, reader: Uuid) -> Result<Vec<Light>> {
    const SINGLE: Sql = sql!(
        "select k.star, floor(extract(epoch from e.occurred_at - $4::timestamptz) / $8::float8)::bigint as slot, 1::bigint as count,
           k.weight, e.id, e.occurred_at, e.kind, e.title, c.id as contact_id, c.display_name as name, e.subject, e.subject_id
         from unnest($1::text[], $2::text[], $3::int[]) as k (kind, star, weight)
         join events e on e.kind = k.kind and e.occurred_at >= $4 and e.occurred_at < $5
         left join contacts c on c.id = e.contact_id and c.deleted_at is null
         left join notes n on e.subject = 'notes' and n.id = e.subject_id
         where ($6::uuid[] is null or c.owner_id = any($6))
           and case when n.id is not null then not n.is_private or n.author_id = $7
               else e.payload -> 'private' is distinct from 'true' or e.actor_id = $7 end
         order by e.occurred_at, e.id limit $9"
    );
    let (seconds, most) = (SLOT as f64, MOST_STARS as i64);
    tx.rows(
        SINGLE,
        &[&sought.kinds, &sought.stars, &sought.weights, &span.since, &span.until, owners, &reader, &seconds, &most],
    )
    .await
}

/// The contact with the most touches; of several the one whose came first.
async fn busiest(
    tx: &mut Tx,
    sought: &Sought,
    span: &Span,
    owners: &Owners,
    reader: Uuid,
) -> Result<Option<BusiestRow>> {
    const BUSIEST: Sql = sql!(
        "with most as (
           select e.contact_id, count(*) as touches, min(e.occurred_at) as first
           from unnest($1::text[]) as k (kind)
           join events e on e.kind = k.kind and e.occurred_at >= $2 and e.occurred_at < $3
           join contacts c on c.id = e.contact_id and c.deleted_at is null
           left join notes n on e.subject = 'notes' and n.id = e.subject_id
           where ($4::uuid[] is null or c.owner_id = any($4))
             and case when n.id is not null then not n.is_private or n.author_id = $5
                 else e.payload -> 'private' is distinct from 'true' or e.actor_id = $5 end
           group by e.contact_id having count(*) >= $6
           order by 2 desc, 3, 1 limit 1)
         select c.id as contact_id, c.display_name as name, m.touches from most m join contacts c on c.id = m.contact_id"
    );
    tx.opt(BUSIEST, &[&sought.kinds, &span.since, &span.until, owners, &reader, &TOUCHES]).await
}

/// That contact's first touches.
async fn touches(tx: &mut Tx, sought: &Sought, span: &Span, contact: Uuid, reader: Uuid) -> Result<Vec<Touch>> {
    const TOUCHED: Sql = sql!(
        "select e.id, k.star, floor(extract(epoch from e.occurred_at - $3::timestamptz) / $7::float8)::bigint as slot
         from events e join unnest($1::text[], $2::text[]) as k (kind, star) on k.kind = e.kind
         left join notes n on e.subject = 'notes' and n.id = e.subject_id
         where e.contact_id = $5 and e.occurred_at >= $3 and e.occurred_at < $4
           and case when n.id is not null then not n.is_private or n.author_id = $6
               else e.payload -> 'private' is distinct from 'true' or e.actor_id = $6 end
         order by e.occurred_at, e.id limit $8"
    );
    let seconds = SLOT as f64;
    tx.rows(
        TOUCHED,
        &[&sought.kinds, &sought.stars, &span.since, &span.until, &contact, &reader, &seconds, &MOST_TOUCHES],
    )
    .await
}

/// Calls and meetings that have their time on the day.
async fn plans(tx: &mut Tx, span: &Span, reach: &Reach) -> Result<Vec<PlanRow>> {
    const PLANS: Sql = sql!(
        "select a.id, a.occurred_at, a.kind, a.title, c.id as contact_id, c.display_name as name
         from activities a join contacts c on c.id = a.contact_id and c.deleted_at is null
         where a.kind in ('call', 'meeting') and a.occurred_at >= $1 and a.occurred_at < $2
           and case when a.deal_id is not null
               then exists (select from deals d where d.id = a.deal_id and d.deleted_at is null and ($6::uuid[] is null or d.owner_id = any($6)))
             when a.company_id is not null
               then exists (select from companies m where m.id = a.company_id and m.deleted_at is null and ($5::uuid[] is null or m.owner_id = any($5)))
             else $3::uuid[] is null or c.owner_id = any($3) end
         order by a.occurred_at, a.id limit $4"
    );
    let Reach { contacts, companies, deals } = reach;
    tx.rows(PLANS, &[&span.since, &span.until, contacts, &MOST_PLANS, companies, deals]).await
}
