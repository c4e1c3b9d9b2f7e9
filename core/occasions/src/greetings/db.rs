//! Every statement on greetings.
mod sends;

pub(in crate::greetings) use sends::{Claim, claim, find_send, mark, open_sends, sends, set_mail, set_skipped, unmark};
pub(crate) use sends::{erase_sends, sends_of};

use super::{
    decide::{Facts, Greeted, Own},
    model::{Approval, FactsRow, Greeting, GreetingId},
};
use crate::occasions::{Kept, OccasionId, OccasionKind};
use chrono::{DateTime, Days, NaiveDate, Utc};
use contacts::{ContactId, SegmentId};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use std::collections::HashMap;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// What is read of a greeting, of the table `greetings g`.
macro_rules! columns {
    () => {
        "g.id, g.name, g.kinds, g.feasts, g.countries, g.languages, g.tags, g.stages, g.segments, g.excluded_segments, \
         array(select n.id from unnest(g.segments || g.excluded_segments) as n(id) \
           where not exists (select from segments s where s.id = n.id and s.deleted_at is null)) as missing_segments, \
         exists (select from segments s where s.id = any(g.segments || g.excluded_segments) and s.is_building and s.deleted_at is null) as building, \
         g.consent_purpose, g.subject, g.body, g.approval, \
         g.enabled, g.owner_id as owner, g.created_at, g.updated_at, g.deleted_at, g.version"
    };
}

const LIST: ListSpec = ListSpec {
    select: concat!("select ", columns!(), " from greetings g"),
    id: "g.id",
    always: "g.deleted_at is null",
    fields: &[
        Field { name: "name", sql: "g.name_key", kind: FieldKind::Folded, sort: Some("g.name_key") },
        Field { name: "enabled", sql: "g.enabled", kind: FieldKind::Bool, sort: None },
        Field { name: "approval", sql: "g.approval", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "g.created_at", kind: FieldKind::Time, sort: Some("g.created_at") },
        Field { name: "deleted_at", sql: "g.deleted_at", kind: FieldKind::Time, sort: Some("g.deleted_at") },
    ],
    default_sort: "name",
};

const DELETED: ListSpec = ListSpec { always: "g.deleted_at is not null", default_sort: "-deleted_at", ..LIST };

/// One page of greetings.
pub(super) async fn list(tx: &mut Tx, deleted: bool, query: &ListQuery) -> Result<Page<Greeting>> {
    tx.list(if deleted { &DELETED } else { &LIST }, query, &[]).await
}

/// The greeting.
pub(super) async fn find(tx: &mut Tx, id: GreetingId) -> Result<Greeting> {
    const FIND: Sql = sql!(
        "select g.id, g.name, g.kinds, g.feasts, g.countries, g.languages, g.tags, g.stages, g.segments, g.excluded_segments,
           array(select n.id from unnest(g.segments || g.excluded_segments) as n(id)
             where not exists (select from segments s where s.id = n.id and s.deleted_at is null)) as missing_segments,
           exists (select from segments s where s.id = any(g.segments || g.excluded_segments) and s.is_building and s.deleted_at is null) as building,
           g.consent_purpose, g.subject, g.body, g.approval,
           g.enabled, g.owner_id as owner, g.created_at, g.updated_at, g.deleted_at, g.version
         from greetings g where g.id = $1 and g.deleted_at is null"
    );
    tx.row(FIND, &[&id]).await
}

/// The greeting, locked against everybody until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: GreetingId) -> Result<Greeting> {
    const LOCK: Sql = sql!("select g.version from greetings g where g.id = $1 and g.deleted_at is null for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id).await
}

/// The greeting, locked against changes until the end of the transaction.
pub(crate) async fn find_for_share(tx: &mut Tx, id: GreetingId) -> Result<Greeting> {
    const LOCK: Sql = sql!("select g.version from greetings g where g.id = $1 and g.deleted_at is null for share");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id).await
}

/// Greetings that go out, or all of them; the oldest first. There are at most as many as `actions::MOST`.
pub(super) async fn all(tx: &mut Tx, drafts: bool) -> Result<Vec<Greeting>> {
    const ALL: Sql = sql!(
        "select g.id, g.name, g.kinds, g.feasts, g.countries, g.languages, g.tags, g.stages, g.segments, g.excluded_segments,
           array(select n.id from unnest(g.segments || g.excluded_segments) as n(id)
             where not exists (select from segments s where s.id = n.id and s.deleted_at is null)) as missing_segments,
           exists (select from segments s where s.id = any(g.segments || g.excluded_segments) and s.is_building and s.deleted_at is null) as building,
           g.consent_purpose, g.subject, g.body, g.approval,
           g.enabled, g.owner_id as owner, g.created_at, g.updated_at, g.deleted_at, g.version
         from greetings g where g.deleted_at is null and (g.enabled or $1) order by g.created_at, g.id"
    );
    tx.rows(ALL, &[&drafts]).await
}

/// Greetings that go out, the oldest first.
pub(crate) async fn all_enabled(tx: &mut Tx) -> Result<Vec<Greeting>> {
    all(tx, false).await
}

/// How many greetings there are.
pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    const COUNT: Sql = sql!("select count(*) from greetings where deleted_at is null");
    tx.value(COUNT, &[]).await
}

/// Whether any greeting goes out.
pub(super) async fn any_enabled(tx: &mut Tx) -> Result<bool> {
    const ANY: Sql = sql!("select exists (select from greetings where deleted_at is null and enabled)");
    tx.value(ANY, &[]).await
}

fn kinds(greeting: &Greeting) -> Vec<&'static str> {
    greeting.kinds.iter().map(|kind| kind.as_str()).collect()
}

/// A new greeting.
pub(super) async fn insert(tx: &mut Tx, greeting: &Greeting) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into greetings (id, name, kinds, feasts, countries, languages, tags, stages, consent_purpose, subject, body, approval, enabled,
           owner_id, name_key, created_at, updated_at, segments, excluded_segments, tag_ids)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, fold($2), $15, $15, $16, $17,
           array(select t.id from tags t where lower(t.name) in (select lower(n.name) from unnest($7::text[]) as n(name)) order by t.id))"
    );
    let values: &[&(dyn ToSql + Sync)] = &[
        &greeting.id,
        &greeting.name,
        &kinds(greeting),
        &greeting.feasts,
        &greeting.countries,
        &greeting.languages,
        &greeting.tags,
        &greeting.stages,
        &greeting.consent_purpose,
        &greeting.subject,
        &greeting.body,
        &greeting.approval.as_str(),
        &greeting.enabled,
        &greeting.owner,
        &greeting.created_at,
        &greeting.segments,
        &greeting.excluded_segments,
    ];
    tx.exec_one(INSERT, values).await
}

/// Lets greetings to those in one stage go to those in another one; gives those that changed.
pub(super) async fn move_stage(tx: &mut Tx, from: &str, to: &str) -> Result<Vec<Followed>> {
    const MOVE: Sql = sql!(
        "update greetings g set stages = array(select distinct case s.key when $1 then $2 else s.key end from unnest(g.stages) as s(key)),
           updated_at = $3, version = version + 1 where $1 = any(g.stages)
         returning g.id, g.version, g.approval, false as is_off"
    );
    let now = tx.now();
    tx.rows(MOVE, &[&from, &to, &now]).await
}

/// Lets greetings to those with one tag go to those with another one, or with none of it, under the names that tags have now.
/// One that would be left without any goes out no more: it would go to everybody. Gives those that changed.
pub(super) async fn move_tag(tx: &mut Tx, from: Uuid, into: Option<Uuid>) -> Result<Vec<Followed>> {
    const MOVE: Sql = sql!(
        "update greetings g set tag_ids = n.ids, tags = n.names, enabled = g.enabled and n.ids <> '{}', updated_at = $3, version = g.version + 1
         from (select k.id, k.enabled,
                 array(select distinct t.id from unnest(k.tag_ids) as u(id) join tags t on t.id = case u.id when $1 then $2::uuid else u.id end order by 1) as ids,
                 array(select distinct t.name collate \"C\" from unnest(k.tag_ids) as u(id)
                   join tags t on t.id = case u.id when $1 then $2::uuid else u.id end order by 1) as names
               from greetings k where $1 = any(k.tag_ids)) n
         where g.id = n.id and (g.tag_ids <> n.ids or g.tags <> n.names)
         returning g.id, g.version, g.approval, n.enabled and not g.enabled as is_off"
    );
    let now = tx.now();
    tx.rows(MOVE, &[&from, &into, &now]).await
}

row! {
    /// A greeting that follows a stage, a tag or a segment.
    pub(super) struct Followed {
        pub id: GreetingId,
        pub version: i64,
        pub approval: Approval,
        /// Whether it is switched off, because no tag is left.
        pub is_off: bool,
    }
}

/// Writes a locked greeting.
pub(super) async fn update(tx: &mut Tx, greeting: &Greeting) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update greetings set name = $2, kinds = $3, feasts = $4, countries = $5, languages = $6, tags = $7, stages = $8, consent_purpose = $9,
           subject = $10, body = $11, approval = $12, enabled = $13, name_key = fold($2), updated_at = $14, version = version + 1,
           segments = $15, excluded_segments = $16,
           tag_ids = array(select t.id from tags t where lower(t.name) in (select lower(n.name) from unnest($7::text[]) as n(name)) order by t.id)
         where id = $1"
    );
    let now = tx.now();
    let values: &[&(dyn ToSql + Sync)] = &[
        &greeting.id,
        &greeting.name,
        &kinds(greeting),
        &greeting.feasts,
        &greeting.countries,
        &greeting.languages,
        &greeting.tags,
        &greeting.stages,
        &greeting.consent_purpose,
        &greeting.subject,
        &greeting.body,
        &greeting.approval.as_str(),
        &greeting.enabled,
        &now,
        &greeting.segments,
        &greeting.excluded_segments,
    ];
    tx.exec_one(UPDATE, values).await
}

/// Marks a locked greeting as deleted.
pub(super) async fn delete(tx: &mut Tx, id: GreetingId) -> Result<()> {
    const DELETE: Sql =
        sql!("update greetings set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Takes a deletion back; the greeting is switched off.
pub(super) async fn restore(tx: &mut Tx, id: GreetingId) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update greetings set deleted_at = null, enabled = false, updated_at = $2, version = version + 1
         where id = $1 and deleted_at is not null"
    );
    let now = tx.now();
    tx.exec_one(RESTORE, &[&id, &now]).await
}

/// Removes a greeting that has been deleted at this moment; gives whether it was there.
pub(super) async fn purge(tx: &mut Tx, id: GreetingId, deleted_at: DateTime<Utc>) -> Result<bool> {
    const PURGE: Sql = sql!("delete from greetings where id = $1 and deleted_at = $2");
    Ok(tx.exec(PURGE, &[&id, &deleted_at]).await? == 1)
}

/// Keys of stages that exist, of these.
pub(super) async fn stages(tx: &mut Tx, keys: &[String]) -> Result<Vec<String>> {
    const STAGES: Sql = sql!("select key from contact_stages where key = any($1) and removed_at is null");
    tx.values(STAGES, &[&keys]).await
}

/// Segments that are there, of these.
pub(super) async fn segments(tx: &mut Tx, ids: &[SegmentId]) -> Result<Vec<SegmentId>> {
    const SEGMENTS: Sql = sql!("select s.id from segments s where s.id = any($1) and s.deleted_at is null");
    tx.values(SEGMENTS, &[&ids]).await
}

/// Gives greetings that name a segment a new version when whom they go to is another question now: it asks for others, or it was
/// deleted or came back. They are locked, in the order of their ids.
pub(super) async fn follow_segment(tx: &mut Tx, segment: SegmentId) -> Result<Vec<Followed>> {
    const LOCK: Sql = sql!(
        "select g.id from greetings g where g.deleted_at is null and $1 = any(g.segments || g.excluded_segments)
           and exists (select from segments s where s.id = $1 and (s.is_building or s.deleted_at is not null)) order by g.id for update"
    );
    const FOLLOW: Sql = sql!(
        "update greetings g set updated_at = $2, version = g.version + 1 where g.id = any($1)
         returning g.id, g.version, g.approval, false as is_off"
    );
    let ids: Vec<GreetingId> = tx.values(LOCK, &[&segment]).await?;
    let now = tx.now();
    tx.rows(FOLLOW, &[&ids, &now]).await
}

/// Whom a greeting may be for on a day.
pub(super) struct Wanted<'a> {
    pub greeting: &'a Greeting,
    pub day: NaiveDate,
    /// Anchors of the day; none when a feast is on it, so that everybody may be greeted.
    pub anchors: Option<&'a [String]>,
    /// Zones in which it is time; all of them when absent.
    pub zones: Option<&'a [&'static str]>,
}

/// Contacts that a greeting may be for on a day and of whom nothing has been decided, after one of them.
pub(super) async fn candidates(
    tx: &mut Tx,
    wanted: &Wanted<'_>,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<ContactId>> {
    const BY_FEAST: Sql = sql!(
        "select c.id from contacts c where c.deleted_at is null and ($3::uuid is null or c.id > $3)
           and ($4::text[] is null or coalesce(c.zone, $5) = any($4))
           and ($6::text[] = '{}' or upper(c.address ->> 'country') = any($6))
           and ($7::text[] = '{}' or lower(split_part(c.language, '-', 1)) = any($7))
           and ($8::text[] = '{}' or c.stage = any($8))
           and ($9::text[] = '{}' or exists (select from unnest(c.tags) as t(name) where lower(t.name) = any($9)))
           and ($11::uuid[] = '{}' or exists (select from segment_members m where m.segment_id = any($11) and m.contact_id = c.id))
           and not exists (select from segment_members m where m.segment_id = any($12) and m.contact_id = c.id)
           and not exists (select from greeting_sends s where s.greeting_id = $1 and s.contact_id = c.id and s.day = $2)
         order by c.id limit $10"
    );
    const BY_OCCASION: Sql = sql!(
        "select c.id from contacts c where c.deleted_at is null and ($3::uuid is null or c.id > $3)
           and c.id in (select o.contact_id from occasions o where o.anchor = any($13) and o.kind = any($14) and o.deleted_at is null)
           and ($4::text[] is null or coalesce(c.zone, $5) = any($4))
           and ($6::text[] = '{}' or upper(c.address ->> 'country') = any($6))
           and ($7::text[] = '{}' or lower(split_part(c.language, '-', 1)) = any($7))
           and ($8::text[] = '{}' or c.stage = any($8))
           and ($9::text[] = '{}' or exists (select from unnest(c.tags) as t(name) where lower(t.name) = any($9)))
           and ($11::uuid[] = '{}' or exists (select from segment_members m where m.segment_id = any($11) and m.contact_id = c.id))
           and not exists (select from segment_members m where m.segment_id = any($12) and m.contact_id = c.id)
           and not exists (select from greeting_sends s where s.greeting_id = $1 and s.contact_id = c.id and s.day = $2)
         order by c.id limit $10"
    );
    let greeting = wanted.greeting;
    let Some(segments) = greeting.segments_in_force() else { return Ok(vec![]) };
    let tenants = tx.tenant().zone.clone();
    let tags: Vec<String> =
        contacts::tag_names(tx, &greeting.tags).await?.iter().map(|tag| tag.to_lowercase()).collect();
    let kinds = kinds(greeting);
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![
        &greeting.id,
        &wanted.day,
        &after,
        &wanted.zones,
        &tenants,
        &greeting.countries,
        &greeting.languages,
        &greeting.stages,
        &tags,
        &limit,
        &segments,
        &greeting.excluded_segments,
    ];
    match &wanted.anchors {
        None => tx.values(BY_FEAST, &values).await,
        Some(anchors) => {
            values.extend([anchors as &(dyn ToSql + Sync), &kinds]);
            tx.values(BY_OCCASION, &values).await
        }
    }
}

/// The next contacts by id, for the simulation: those with an occasion of these anchors, with any occasion (no anchors), or
/// everybody (`None`). Each along an index, so that going on costs the same however many there are.
pub(super) async fn next_contacts(
    tx: &mut Tx,
    after: Option<ContactId>,
    anchors: Option<&[String]>,
    limit: i64,
) -> Result<Vec<ContactId>> {
    const EVERYBODY: Sql =
        sql!("select c.id from contacts c where c.deleted_at is null and c.id > $1 order by c.id limit $2");
    const WITH_ANY: Sql = sql!(
        "select o.contact_id from occasions o join contacts c on c.id = o.contact_id and c.deleted_at is null
         where o.contact_id > $1 and o.deleted_at is null group by o.contact_id order by o.contact_id limit $2"
    );
    const WITH: Sql = sql!(
        "select o.contact_id from (select distinct o.contact_id from occasions o where o.anchor = any($3) and o.contact_id > $1 and o.deleted_at is null) o
         join contacts c on c.id = o.contact_id and c.deleted_at is null order by o.contact_id limit $2"
    );
    let after = after.map_or(Uuid::nil(), |contact| contact.0);
    match anchors {
        None => tx.values(EVERYBODY, &[&after, &limit]).await,
        Some([]) => tx.values(WITH_ANY, &[&after, &limit]).await,
        Some(anchors) => tx.values(WITH, &[&after, &limit, &anchors]).await,
    }
}

/// Locks contacts, in the order of their ids, against opting out, deletion and erasure until the end of the transaction; gives
/// those that are still there.
pub(super) async fn lock_contacts(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    const LOCK: Sql =
        sql!("select c.id from contacts c where c.id = any($1) and c.deleted_at is null order by c.id for update");
    tx.values(LOCK, &[&ids]).await
}

/// Whom a contact is known as now, locked: himself, or whoever he became part of; also while he is deleted, as he may come back.
pub(super) async fn lock_reader(tx: &mut Tx, contact: ContactId) -> Result<Option<ContactId>> {
    const LOCK: Sql = sql!(
        "select c.id from contacts c where c.id = coalesce((select m.merged_into from contacts m where m.id = $1), $1) for update"
    );
    tx.value_opt(LOCK, &[&contact]).await
}

/// Whether a contact wants no greetings; as `facts` says it of those who are not deleted.
pub(super) async fn has_opted_out(tx: &mut Tx, contact: ContactId) -> Result<bool> {
    const OPTED_OUT: Sql = sql!(
        "select coalesce((select x.state = 'withdrawn' from consents x
           where x.contact_id in (select $1::uuid union all select g.id from contacts g where g.merged_into = $1) and x.purpose = 'greetings'
           and coalesce(x.channel, 'email') = 'email' order by x.occurred_at desc, x.id desc limit 1), false)"
    );
    tx.value(OPTED_OUT, &[&contact]).await
}

row! {
    struct OwnRow {
        id: OccasionId,
        contact: Option<ContactId>,
        kind: OccasionKind,
        label: Option<String>,
        anchor: String,
        date_kind: crate::occasions::DateKind,
        year: Option<i32>,
        month: i16,
        day: Option<i16>,
        nth: Option<i16>,
        weekday: Option<i16>,
        leap_policy: Option<crate::occasions::LeapPolicy>,
    }
}

row! {
    struct GreetedRow { contact: ContactId, greeting: GreetingId, occurrence: String, day: NaiveDate, exclusive: bool }
}

/// What decides about contacts, in the order of their ids.
pub(super) async fn facts(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<Facts>> {
    const FACTS: Sql = sql!(
        "select c.id as contact, c.display_name as name, c.first_name, c.last_name, c.company_name as company, c.email, c.zone, c.language,
           c.address ->> 'country' as country, c.stage,
           c.tags || array(select t.name from tag_runs r join tags t on t.id = r.tag_id where r.name = any(c.tags)) as tags,
           array(select m.segment_id from segment_members m where m.contact_id = c.id) as segments, c.owner_id as owner,
           exists (select from contact_stages s where s.key = c.stage and s.outcome = 'lost')
             or exists (select from company_contacts p join companies m on m.id = p.company_id
               where p.contact_id = c.id and m.status = 'former' and m.deleted_at is null) as is_lost,
           exists (select from do_not_contact d where d.channel in ('email', 'all') and d.direction = 'outbound' and (d.contact_id = c.id
             or d.contact_id in (select e.contact_id from contact_emails e where e.canonical = c.email))) as is_blocked,
           exists (select from company_contacts p join companies m on m.id = p.company_id
             where p.contact_id = c.id and m.status = 'blacklisted' and m.deleted_at is null) as is_blacklisted,
           coalesce((select x.state = 'withdrawn' from consents x
             where x.contact_id in (select c.id union all select g.id from contacts g where g.merged_into = c.id) and x.purpose = 'greetings'
             and coalesce(x.channel, 'email') = 'email' order by x.occurred_at desc, x.id desc limit 1), false) as has_opted_out,
           array(select p.purpose from (select distinct on (x.purpose) x.purpose, x.state from consents x
             where x.contact_id in (select c.id union all select g.id from contacts g where g.merged_into = c.id)
               and coalesce(x.channel, 'email') = 'email' order by x.purpose, x.occurred_at desc, x.id desc) p
             where p.state = 'granted') as consents
         from contacts c where c.id = any($1) and c.deleted_at is null order by c.id"
    );
    const OWN: Sql = sql!(
        "select o.id, o.contact_id as contact, o.kind, o.label, o.anchor, o.date_kind, o.year, o.month, o.day, o.nth, o.weekday, o.leap_policy
         from occasions o where o.contact_id = any($1) and o.deleted_at is null order by o.created_at, o.id"
    );
    // An occurrence is of one year, whichever calendar it is of.
    const GREETED: Sql = sql!(
        "select s.contact_id as contact, s.greeting_id as greeting, coalesce(s.occurrence, '') as occurrence, s.day, s.exclusive from greeting_sends s
         where s.contact_id = any($1) and s.day >= $2 and s.state = 'sent' and s.occurrence is not null"
    );
    let rows: Vec<FactsRow> = tx.rows(FACTS, &[&ids]).await?;
    let mut occasions: HashMap<ContactId, Vec<Own>> = HashMap::new();
    for row in tx.rows::<OwnRow>(OWN, &[&ids]).await? {
        let OwnRow { id, contact, kind, label, anchor, date_kind, year, month, day, nth, weekday, leap_policy } = row;
        let kept = Kept { date_kind, year, month, day, nth, weekday, leap_policy };
        if let (Some(contact), Ok(when)) = (contact, kept.when()) {
            occasions.entry(contact).or_default().push(Own { id, kind, label, when, anchor });
        }
    }
    let since = tx.now().date_naive() - Days::new(400);
    let mut greeted: HashMap<ContactId, Vec<Greeted>> = HashMap::new();
    for row in tx.rows::<GreetedRow>(GREETED, &[&ids, &since]).await? {
        let GreetedRow { contact, greeting, occurrence, day, exclusive } = row;
        greeted.entry(contact).or_default().push(Greeted { greeting, occurrence, day, exclusive });
    }
    Ok(rows.into_iter().map(|row| facts_of(row, &mut occasions, &mut greeted)).collect())
}

fn facts_of(
    row: FactsRow,
    occasions: &mut HashMap<ContactId, Vec<Own>>,
    greeted: &mut HashMap<ContactId, Vec<Greeted>>,
) -> Facts {
    Facts {
        occasions: occasions.remove(&row.contact).unwrap_or_default(),
        greeted: greeted.remove(&row.contact).unwrap_or_default(),
        contact: row.contact,
        name: row.name,
        first_name: row.first_name,
        last_name: row.last_name,
        company: row.company,
        email: row.email,
        zone: row.zone,
        language: row.language,
        country: row.country,
        stage: row.stage,
        tags: row.tags.iter().map(|tag| tag.to_lowercase()).collect(),
        segments: row.segments,
        owner: row.owner,
        is_lost: row.is_lost,
        is_blocked: row.is_blocked,
        is_blacklisted: row.is_blacklisted,
        has_opted_out: row.has_opted_out,
        consents: row.consents,
    }
}
