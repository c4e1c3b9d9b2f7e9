-- What people plan, log and keep, of one tenant that has contacts and deals already, as the verbs would have written it: as many tasks
-- and as many follow-ups as deals, a third as many files, and one contact with whom more happened than with anybody else.
insert into tasks (id, title, kind, priority, status, due_on, zone, due_at, agenda_at, assignee_id, contact_id, deal_id, closed_at, closed_by,
  name_key, search, about, created_at, updated_at)
select gen_random_uuid(), t.title, t.kind, m.n % 4, case when m.done then 'done' else 'open' end, m.day, 'UTC', t.due_at, t.due_at, t.owner_id,
  c.id, d.id, case when m.done then t.due_at - (m.n % 7 - 2) * interval '1 hour' end, case when m.done then t.owner_id end,
  fold(t.title), fold(' ' || t.title), coalesce(c.search, ''), t.at, t.at
from (
  -- Ten months back and two ahead; four of five that were due are done, and every twentieth has no day.
  select w.n, w.day, coalesce(w.n % 5 > 0 and w.day < current_date, false) as done
  from (select n, case when n % 20 <> 7 then current_date - 300 + n * 37 % 367 end as day
    from generate_series(1, current_setting('bench.deals')::int) as n) w) m
left join (select row_number() over (order by id) as n, id, search from contacts limit current_setting('bench.deals')::int) c
  on c.n = m.n and m.n % 3 > 0
left join (select row_number() over (order by id) as n, id from deals) d on d.n = m.n and m.n % 3 = 0,
lateral (select (array['Ring back', 'Send the quote', 'Ask about the visit', 'Prepare the meeting'])[1 + m.n % 4] || ' ' || m.n as title,
  (array['call', 'email', 'task', 'meeting'])[1 + m.n % 4] as kind,
  ('00000000-0000-7000-8000-' || lpad((m.n % 25)::text, 12, '0'))::uuid as owner_id,
  (m.day + 1)::timestamp at time zone 'UTC' - interval '1 second' as due_at,
  now() - (m.n * 101::bigint % 525600) * interval '1 minute' as at) t;

-- By the rule for e-mails without an answer that every tenant begins with. A quarter is still to come.
insert into follow_ups (id, rule_id, contact_id, title, task_kind, task_priority, assignee, actor_id, cancel_on, restarts, withdraws, wait_days,
  days, status, started_at, started_subject, started_id, due_on, zone, fire_at, ended_at, created_at, updated_at)
select gen_random_uuid(), r.id, c.id, r.task_title, r.task_kind, r.task_priority, r.assignee,
  ('00000000-0000-7000-8000-' || lpad((c.n % 25)::text, 12, '0'))::uuid, r.cancel_on, r.restarts, r.withdraws, r.wait_days, r.days,
  case when t.comes then 'waiting' else 'fired' end, t.at - interval '7 days', 'activities', gen_random_uuid(), t.day, 'UTC', t.at,
  case when not t.comes then t.at end, t.at - interval '7 days', t.at - interval '7 days'
from (select row_number() over (order by id) as n, id from contacts limit current_setting('bench.deals')::int) c
cross join follow_up_rules r,
lateral (select c.n % 4 = 0 as comes, d.day, (d.day + time '09:00') at time zone 'UTC' as at
  from (select case when c.n % 4 = 0 then current_date + 1 + (c.n % 30)::int else current_date - 1 - (c.n % 365)::int end as day) d) t
where r.id = '00000000-0000-7000-8000-0000000000f3';

create temp table busy as select e.contact_id as id from contact_emails e where e.canonical = 'person21@example21.com' limit 1;
with made as (
  select n, gen_random_uuid() as id, b.id as contact_id, n % 2 = 0 as is_logged, (array['call', 'email', 'meeting'])[1 + n % 3] as kind,
    ('00000000-0000-7000-8000-' || lpad((n % 25)::text, 12, '0'))::uuid as author_id, 'Spoke about order ' || n as title,
    now() - (n * 7::bigint % 1051200) * interval '1 minute' as at
  from busy b, generate_series(1, current_setting('bench.companies')::int / 2) as n),
logged as (
  insert into activities (id, contact_id, author_id, kind, direction, title, occurred_at, created_at, updated_at, search)
  select id, contact_id, author_id, kind, case when n % 4 = 0 then 'inbound' else 'outbound' end, title, at, at, at, ' ' || fold(title)
  from made where is_logged)
insert into events (id, kind, subject, subject_id, contact_id, title, payload, actor_kind, actor_id, occurred_at)
select gen_random_uuid(), case when is_logged then 'activity.logged' else 'contact.updated' end,
  case when is_logged then 'activities' else 'contacts' end, case when is_logged then id else contact_id end, contact_id,
  case when is_logged then 'Activity logged' else 'Contact updated' end,
  case when is_logged then jsonb_build_object('kind', kind) else '{"fields": ["job_title"]}' end, 'user', author_id, at
from made;
update contacts c set last_contact_at = (select max(a.occurred_at) from activities a where a.contact_id = c.id) from busy b where c.id = b.id;

-- That contact has as many files as a record may have, each of the others one.
create temp table kept as
  select c.n, c.id as contact_id, gen_random_uuid() as id, gen_random_uuid() as file_id,
    ('00000000-0000-7000-8000-' || lpad((c.n % 25)::text, 12, '0'))::uuid as owner_id,
    now() - (c.n * 53::bigint % 525600) * interval '1 minute' as at
  from (select s.n, b.id from busy b, generate_series(1, 200) as s(n)
    union all select 200 + row_number() over (order by o.id), o.id from contacts o where o.id not in (select b.id from busy b)
    limit current_setting('bench.companies')::int / 2) c;
insert into files (id, name, size, type, sha256, state, object_key, owner_kind, owner_id, contact_id, uploaded_by_kind, uploaded_by, created_at,
  updated_at)
select k.file_id, (array['Offer', 'Contract', 'Floor plan', 'Invoice', 'Minutes'])[1 + k.n % 5] || ' ' || k.n || '.pdf', 1000 + k.n * 7919 % 5000000,
  'application/pdf', decode(md5(k.n::text) || md5(k.n::text), 'hex'), 'attached', 'bench/' || k.file_id, 'attachments', k.id, k.contact_id, 'user',
  k.owner_id, k.at, k.at
from kept k;
insert into attachments (id, contact_id, file_id, created_by, created_at, updated_at)
select k.id, k.contact_id, k.file_id, k.owner_id, k.at, k.at from kept k;
drop table busy, kept;
analyze tasks;
analyze follow_ups;
analyze activities;
analyze events;
analyze files;
analyze attachments;
