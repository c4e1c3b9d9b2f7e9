//! The statements behind the timeline: a projection of the event log, and the names of what its events are about.
use super::model::{Ask, Eyes, NameRow, TimelineEntry, TimelineRow};
use crate::records::Record;
use chrono::{DateTime, Utc};
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// When something happened, or will: what was logged by hand says so itself.
const MOMENT: &str =
    "(case when e.kind = 'activity.logged' and a.id is not null then a.occurred_at else e.occurred_at end)";

/// What is read of an entry.
macro_rules! columns {
    () => {
        "e.id, e.kind, e.title, e.subject, e.subject_id, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at, \
         case e.subject when 'activities' then coalesce(a.kind, e.payload ->> 'kind', 'other') when 'notes' then 'note' when 'tasks' then 'task' \
           when 'submissions' then 'form' when 'attachments' then 'file' when 'greetings' then 'email' else 'system' end as what, \
         c.id as contact, c.display_name as contact_name, case when d.deleted_at is null then d.id end as deal, \
         case when d.deleted_at is null then d.title end as deal_title, \
         case when n.id = e.subject_id then jsonb_build_object('body', n.body, 'private', n.is_private, 'pinned', n.is_pinned, \
           'files', (select count(*) from attachments k where k.note_id = n.id and k.deleted_at is null)) end as note, \
         case when a.id is not null then jsonb_build_object('kind', a.kind, 'direction', a.direction, 'topic', a.topic, 'title', a.title, 'body', a.body, \
           'outcome', a.outcome, 'duration_seconds', a.duration_seconds, 'occurred_at', a.occurred_at) end as activity, \
         case when i.id is not null then jsonb_build_object('file', i.file_name, 'undone', i.state = 'undone') end as import"
    };
}

/// An event with what it may be about.
macro_rules! source {
    () => {
        " from events e left join contacts c on c.id = e.contact_id and c.deleted_at is null left join attachments f on e.subject = 'attachments' and f.id = e.subject_id \
         left join notes n on n.id = case e.subject when 'notes' then e.subject_id when 'attachments' then f.note_id end left join activities a on e.subject = 'activities' and a.id = e.subject_id \
         left join contact_imports i on e.subject = 'contact_imports' and i.id = e.subject_id \
         left join tasks t on e.subject = 'tasks' and t.id = e.subject_id \
         left join follow_ups u on e.subject = 'follow_ups' and u.id = e.subject_id \
         left join deals d on d.id = coalesce(n.deal_id, a.deal_id, f.deal_id, t.deal_id, u.deal_id, case when e.subject = 'deals' then e.subject_id end) \
         left join companies m on m.id = coalesce(n.company_id, a.company_id)"
    };
}

const LIST: ListSpec = ListSpec {
    select: concat!("select ", columns!(), source!()),
    id: "e.id",
    always: "",
    fields: &[
        Field { name: "kind", sql: "e.kind", kind: FieldKind::Text, sort: None },
        Field { name: "subject", sql: "e.subject", kind: FieldKind::Text, sort: None },
        Field {
            name: "type",
            sql: "(case e.subject when 'activities' then coalesce(a.kind, e.payload ->> 'kind', 'other') when 'notes' then 'note' \
                when 'tasks' then 'task' when 'submissions' then 'form' when 'attachments' then 'file' when 'greetings' then 'email' \
                else 'system' end)",
            kind: FieldKind::Text,
            sort: None,
        },
        Field { name: "actor", sql: "e.actor_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "occurred_at", sql: "e.occurred_at", kind: FieldKind::Time, sort: Some("e.occurred_at") },
        Field { name: "moment", sql: MOMENT, kind: FieldKind::Time, sort: Some(MOMENT) },
    ],
    default_sort: "-occurred_at",
};

/// An import is one event, however many contacts came with it. Arrays, here and below, because an index finds their
/// members and not those of a subquery. What is said about a deal is told to those who take part in it.
const OF_CONTACT: &str = "(e.contact_id = any(array(select ?::uuid union all select m.id from contacts m where m.merged_into = ?)) \
    or e.kind = 'contact_import.started' and e.subject = 'contact_imports' and e.subject_id = any(array( \
      select r.import_id from contact_import_rows r where r.contact_id = ? and r.outcome in ('created', 'updated'))) \
    or e.subject = 'notes' and e.subject_id = any(array( \
      select s.id from deal_contacts dc join notes s on s.deal_id = dc.deal_id where dc.contact_id = ?)) \
    or e.subject = 'activities' and e.subject_id = any(array( \
      select s.id from deal_contacts dc join activities s on s.deal_id = dc.deal_id where dc.contact_id = ?)))";

/// Of a text array: the id as events write it, and the bare one, then the same of each company that became part of it: their events
/// keep naming them.
const OF_COMPANY: &str = "(e.payload ->> 'company' = any(?::text[]) \
    or e.subject = 'companies' and e.subject_id = any(array( \
      select n.id::uuid from unnest(?::text[]) with ordinality as n (id, place) where n.place % 2 = 0)) \
    or e.contact_id = any(array(select x.contact_id from company_contacts x where x.company_id = (?::text[])[2]::uuid)) \
    or e.subject = 'tasks' and e.subject_id = any(array( \
      select s.id from tasks s where s.company_id = (?::text[])[2]::uuid \
      union all select s.id from deals v join tasks s on s.deal_id = v.id where v.company_id = (?::text[])[2]::uuid)) \
    or e.subject = 'occasions' and e.subject_id = any(array(select s.id from occasions s where s.company_id = (?::text[])[2]::uuid)) \
    or e.subject = 'deals' and e.subject_id = any(array(select v.id from deals v where v.company_id = (?::text[])[2]::uuid)) \
    or e.subject = 'notes' and e.subject_id = any(array( \
      select s.id from deals v join notes s on s.deal_id = v.id where v.company_id = (?::text[])[2]::uuid)) \
    or e.subject = 'activities' and e.subject_id = any(array( \
      select s.id from deals v join activities s on s.deal_id = v.id where v.company_id = (?::text[])[2]::uuid)) \
    or e.subject = 'attachments' and e.subject_id = any(array( \
      select s.id from deals v join attachments s on s.deal_id = v.id where v.company_id = (?::text[])[2]::uuid)))";

/// Tasks, files, follow-ups, notes and activities name their deal in their events.
const OF_DEAL: &str = "(e.payload ->> 'deal' = (?::text[])[1] or e.subject = 'deals' and e.subject_id = (?::text[])[2]::uuid \
    or e.subject = 'tasks' and e.subject_id = any(array(select s.id from tasks s where s.deal_id = (?::text[])[2]::uuid)))";

/// A note that is gone cannot say whether it was private, its events and those of its files can.
const READABLE: &str = "case when n.id is not null then not n.is_private or n.author_id = ? \
    else e.payload -> 'private' is distinct from 'true' or e.actor_id = ? end";

/// An entry is found by the words that it shows. Of an object: the patterns, the deal whose timeline it is, which every entry
/// would be found by, and of whom the reader sees tasks and files; null for everybody.
const WORDS: &str = "(select bool_and(fold(concat_ws(' ', case when e.kind = 'note.created' then n.body end, \
      case when e.kind = 'activity.logged' then concat_ws(' ', a.title, a.body, a.outcome) end, \
      case when e.kind = 'contact_import.started' then i.file_name end, \
      case when d.deleted_at is null and d.id::text is distinct from ?::jsonb ->> 'deal' then d.title end, \
      case when t.deleted_at is null and (?::jsonb -> 'tasks' = 'null' or exists ( \
          select from unnest(t.collaborators || t.assignee_id) as o (id) where ?::jsonb -> 'tasks' @> to_jsonb(o.id))) \
        then concat_ws(' ', t.title, case when t.closed_at = e.occurred_at then t.outcome end) end, \
      case when f.deleted_at is null and not exists (select from tasks k where k.id = f.task_id and k.deleted_at is not null) \
        and (?::jsonb -> 'files' = 'null' \
          or exists (select from contacts o where o.id = f.contact_id and ?::jsonb -> 'files' @> to_jsonb(o.owner_id)) \
          or exists (select from companies o where o.id = f.company_id and ?::jsonb -> 'files' @> to_jsonb(o.owner_id)) \
          or exists (select from deals o where o.id = f.deal_id and ?::jsonb -> 'files' @> to_jsonb(o.owner_id)) \
          or exists (select from tasks k, unnest(k.collaborators || k.assignee_id) as o (id) \
            where k.id = f.task_id and ?::jsonb -> 'files' @> to_jsonb(o.id)) \
          or exists (select from (select id, contact_id, company_id, deal_id from activities union all select id, contact_id, company_id, deal_id from notes) y \
            left join contacts yc on yc.id = y.contact_id left join companies ym on ym.id = y.company_id \
            left join deals yd on yd.id = y.deal_id where y.id = coalesce(f.activity_id, f.note_id) and ?::jsonb -> 'files' @> to_jsonb(case \
              when y.deal_id is not null then yd.owner_id when y.company_id is not null then ym.owner_id else yc.owner_id end))) \
        then (select x.name from files x where x.id = f.file_id) end)) like fold(w.word)) \
    from jsonb_array_elements_text(?::jsonb -> 'words') as w (word))";

/// What is about a deal or a company is seen by those who reach it; what was said about a deal goes with it.
const DEALS: &str = "(d.id is null or (d.deleted_at is null or n.id is null and a.id is null) \
    and (?::uuid[] is null or d.owner_id = any(?)))";
/// Of a deal that he sees, a reader is told all but what was written about it out of his reach.
const SAID: &str = "(n.id is null and a.id is null or ?::uuid[] is null or d.owner_id = any(?))";
const COMPANIES: &str = "(m.id is null or m.deleted_at is null and (?::uuid[] is null or m.owner_id = any(?)))";
/// Of a company's people those who are in reach; about a deal, its own reach counts.
const PEOPLE: &str =
    "(e.contact_id is null or d.id is not null or m.id is not null or ?::uuid[] is null or c.owner_id = any(?))";

/// What an entry must be to be in a timeline.
struct Conditions {
    id: Uuid,
    /// The record's id as events write it, and the bare one; the same of companies that became part of it.
    ids: Vec<String>,
    words: Value,
}

impl Conditions {
    async fn of(tx: &mut Tx, ask: &Ask) -> Result<Self> {
        let id = ask.record.id();
        let written = match ask.record {
            Record::Contact(contact) => contact.to_string(),
            Record::Company(company) => company.to_string(),
            Record::Deal(deal) => deal.to_string(),
        };
        let mut ids = vec![written, id.to_string()];
        if let Record::Company(company) = ask.record {
            let became = companies::merged_into(tx, company).await?;
            ids.extend(became.into_iter().flat_map(|other| [other.to_string(), other.0.to_string()]));
        }
        let own = ask.record.deal().map(|deal| deal.0);
        let words = json!({ "words": ask.patterns, "deal": own, "tasks": ask.eyes.tasks, "files": ask.eyes.files });
        Ok(Conditions { id, ids, words })
    }

    fn clauses<'a>(&'a self, ask: &'a Ask) -> Vec<Clause<'a>> {
        let mut clauses = match ask.record {
            Record::Contact(_) => vec![Clause(OF_CONTACT, &self.id, Type::UUID)],
            Record::Company(_) => {
                vec![
                    Clause(OF_COMPANY, &self.ids, Type::TEXT_ARRAY),
                    Clause(PEOPLE, &ask.reach.contacts, Type::UUID_ARRAY),
                ]
            }
            Record::Deal(_) => vec![Clause(OF_DEAL, &self.ids, Type::TEXT_ARRAY)],
        };
        let of_deals = if ask.record.deal().is_some() { SAID } else { DEALS };
        clauses.push(Clause(of_deals, &ask.reach.deals, Type::UUID_ARRAY));
        clauses.push(Clause(COMPANIES, &ask.reach.companies, Type::UUID_ARRAY));
        clauses.push(Clause(READABLE, &ask.reader, Type::UUID));
        if !ask.patterns.is_empty() {
            clauses.push(Clause(WORDS, &self.words, Type::JSONB));
        }
        clauses
    }
}

/// What happened with a record, as far as the reader may know.
pub(super) async fn list(tx: &mut Tx, ask: &Ask, query: &ListQuery) -> Result<Page<TimelineEntry>> {
    let conditions = Conditions::of(tx, ask).await?;
    let clauses = conditions.clauses(ask);
    let page = match nearest(tx, ask, query, &clauses).await? {
        Some(page) => page,
        None => tx.list(&LIST, query, &clauses).await?,
    };
    let keys: Vec<Uuid> = page.items.iter().map(TimelineRow::key).collect();
    let names = names(tx, &keys, &ask.eyes).await?;
    let named = |row: TimelineRow| {
        let name = names.get(&row.key());
        row.with_name(name)
    };
    Ok(Page { items: page.items.into_iter().map(named).collect(), next_cursor: page.next_cursor })
}

/// A page that lies within the next thousand events of a contact that has very many: an index keeps those in order, while what else
/// belongs to a timeline has to be collected and sorted with all of them.
async fn nearest(
    tx: &mut Tx,
    ask: &Ask,
    query: &ListQuery,
    clauses: &[Clause<'_>],
) -> Result<Option<Page<TimelineRow>>> {
    const SINCE: Sql = sql!(
        "select e.occurred_at from events e where e.contact_id = $1 and e.occurred_at <= coalesce($2::timestamptz, 'infinity')
         order by e.occurred_at desc offset 1000 limit 1"
    );
    let newest_first = query.sort.as_deref().is_none_or(|sort| sort == LIST.default_sort);
    let (Record::Contact(contact), true) = (ask.record, newest_first) else { return Ok(None) };
    let after = query.after(LIST.default_sort);
    let Some(since) = tx.value_opt::<DateTime<Utc>>(SINCE, &[&contact, &after]).await? else { return Ok(None) };
    let mut within = clauses.to_vec();
    within.push(Clause("e.occurred_at >= ?", &since, Type::TIMESTAMPTZ));
    let page: Page<TimelineRow> = tx.list(&LIST, query, &within).await?;
    Ok(page.next_cursor.is_some().then_some(page))
}

/// Gets the same entries, all of them, ready for a file; how many. A line has the name of what it is about, but for forms, and of
/// whom the reader must see records to be told it: what a page asks for by its keys is read here with each row.
pub(super) async fn open(tx: &mut Tx, ask: &Ask, query: &ListQuery) -> Result<u64> {
    const SHEET: ListSpec = ListSpec {
        select: concat!(
            "select ",
            columns!(),
            ", case e.subject when 'tasks' then case when t.deleted_at is null then t.title end \
               when 'attachments' then case when f.deleted_at is null and not exists ( \
                 select from tasks k where k.id = f.task_id and k.deleted_at is not null) then (select x.name from files x where x.id = f.file_id) end \
               when 'occasions' then (select o.label from occasions o where o.id = e.subject_id and o.deleted_at is null) \
               when 'follow_ups' then (select r.name from follow_up_rules r where r.id = u.rule_id and u.enrolment_id is null) \
               when 'enrolments' then (select q.name from enrolments en join sequences q on q.id = en.sequence_id where en.id = e.subject_id) \
               when 'segments' then (select s.name from segments s where s.id = e.subject_id and s.deleted_at is null) \
               when 'greetings' then (select g.name from greetings g where g.id = e.subject_id and g.deleted_at is null) end as name, \
             case when t.closed_at = e.occurred_at then t.outcome end as outcome, \
             case e.subject when 'tasks' then array_remove(t.collaborators || t.assignee_id, null) \
               when 'attachments' then array(select o.id from ( \
                 select o.owner_id from contacts o where o.id = f.contact_id union all select o.owner_id from companies o where o.id = f.company_id \
                 union all select o.owner_id from deals o where o.id = f.deal_id \
                 union all select unnest(k.collaborators || k.assignee_id) from tasks k where k.id = f.task_id \
                 union all select case when y.deal_id is not null then yd.owner_id when y.company_id is not null then ym.owner_id else yc.owner_id end \
                   from (select id, contact_id, company_id, deal_id from activities union all select id, contact_id, company_id, deal_id from notes) y \
                   left join contacts yc on yc.id = y.contact_id left join companies ym on ym.id = y.company_id \
                   left join deals yd on yd.id = y.deal_id where y.id = coalesce(f.activity_id, f.note_id)) as o (id) where o.id is not null) \
               when 'occasions' then array(select o.id from ( \
                 select oc.owner_id from occasions o join contacts oc on oc.id = o.contact_id where o.id = e.subject_id \
                 union all select om.owner_id from occasions o join companies om on om.id = o.company_id where o.id = e.subject_id) as o (id) \
                 where o.id is not null) end as owners",
            source!()
        ),
        default_sort: "-moment",
        ..LIST
    };
    let conditions = Conditions::of(tx, ask).await?;
    tx.open_whole(&SHEET, &[], query, &conditions.clauses(ask)).await
}

/// Names of the forms that the reader sees. There are few, and an answer's event names its form when the answer is gone.
pub(super) async fn forms(tx: &mut Tx, eyes: &Eyes) -> Result<HashMap<Uuid, String>> {
    const FORMS: Sql = sql!("select f.id, f.name from forms f where $1::uuid[] is null or f.responsible = any($1)");
    let found: Vec<FormName> = tx.rows(FORMS, &[&eyes.forms]).await?;
    Ok(found.into_iter().map(|form| (form.id, form.name)).collect())
}

row! {
    /// What a form is called.
    struct FormName {
        id: Uuid,
        name: String,
    }
}

/// The names of what the events of a page are about, as far as the reader sees that. What was erased has no name any more.
async fn names(tx: &mut Tx, keys: &[Uuid], eyes: &Eyes) -> Result<HashMap<Uuid, NameRow>> {
    const NAMES: Sql = sql!(
        "select t.id as key, 'tasks' as resource, t.id, t.title as name, t.outcome, t.closed_at from tasks t
         where t.id = any($1) and t.deleted_at is null and ($2::uuid[] is null or t.assignee_id = any($2) or t.collaborators && $2)
         union all
         select a.id, 'attachments', a.id, x.name, null, null from attachments a join files x on x.id = a.file_id
         where a.id = any($1) and a.deleted_at is null
           and not exists (select from tasks t where t.id = a.task_id and t.deleted_at is not null)
           and ($3::uuid[] is null or exists (select from contacts c where c.id = a.contact_id and c.owner_id = any($3))
             or exists (select from companies m where m.id = a.company_id and m.owner_id = any($3))
             or exists (select from deals d where d.id = a.deal_id and d.owner_id = any($3))
             or exists (select from tasks t where t.id = a.task_id and (t.assignee_id = any($3) or t.collaborators && $3))
             or exists (select from (select id, contact_id, company_id, deal_id from activities union all select id, contact_id, company_id, deal_id from notes) y
               left join contacts c on c.id = y.contact_id left join companies m on m.id = y.company_id
               left join deals d on d.id = y.deal_id where y.id = coalesce(a.activity_id, a.note_id) and case when y.deal_id is not null then d.owner_id
               when y.company_id is not null then m.owner_id else c.owner_id end = any($3)))
         union all
         select f.id, 'forms', f.id, f.name, null, null from forms f
         where f.id = any($1) and ($4::uuid[] is null or f.responsible = any($4))
         union all
         select o.id, 'occasions', o.id, o.label, null, null from occasions o
         where o.id = any($1) and o.deleted_at is null and o.label is not null and ($5::uuid[] is null
           or exists (select from contacts c where c.id = o.contact_id and c.owner_id = any($5))
           or exists (select from companies m where m.id = o.company_id and m.owner_id = any($5)))
         union all
         select u.id, 'follow_up_rules', r.id, r.name, null, null from follow_ups u join follow_up_rules r on r.id = u.rule_id
         where u.id = any($1) and u.enrolment_id is null and $6
         union all
         select u.id, 'sequences', q.id, q.name, null, null
         from follow_ups u join enrolments e on e.id = u.enrolment_id join sequences q on q.id = e.sequence_id where u.id = any($1) and $6
         union all
         select e.id, 'sequences', q.id, q.name, null, null from enrolments e join sequences q on q.id = e.sequence_id
         where e.id = any($1) and $6
         union all
         select s.id, 'segments', s.id, s.name, null, null from segments s where s.id = any($1) and s.deleted_at is null and $7
         union all
         select g.id, 'greetings', g.id, g.name, null, null from greetings g where g.id = any($1) and g.deleted_at is null and $8"
    );
    let found: Vec<NameRow> = tx
        .rows(
            NAMES,
            &[
                &keys,
                &eyes.tasks,
                &eyes.files,
                &eyes.forms,
                &eyes.occasions,
                &eyes.rules,
                &eyes.segments,
                &eyes.greetings,
            ],
        )
        .await?;
    Ok(found.into_iter().map(|name| (name.key, name)).collect())
}
