-- Half a year of a tenant's life, the same in every run. $1 and $2: two members.
insert into pipelines (id, name, position, quiet_days, reasons, created_at, updated_at)
  values ('00000000-0000-7000-8000-0000000000e1', 'Projects', 1, 7, '{Price}', '2026-01-01Z', '2026-01-01Z');
insert into pipeline_stages (id, pipeline_id, name, position, probability, requires, created_at)
  select ('00000000-0000-7000-8000-0000000000e' || n)::uuid, '00000000-0000-7000-8000-0000000000e1', 'Step ' || n, n - 2, 20 * n, '{}', '2026-01-01Z'
  from generate_series(2, 4) as n;
insert into contacts (id, display_name, stage, source, owner_id, first_touch, last_touch, tags, name_key, search, created_at, updated_at)
  select gen_random_uuid(), 'Person ' || n, (array['new', 'contacted', 'qualified'])[1 + r % 3], (array['fair', 'form', null])[1 + r / 3 % 3],
    (array['{one}', '{two}', null]::uuid[])[1 + r / 9 % 3],
    case when r % 4 > 0 then jsonb_build_object('utm', jsonb_build_object('source', (array['ads', 'mail', 'press'])[r % 4])) end,
    case when r % 5 > 2 then jsonb_build_object('utm', jsonb_build_object('source', 'ads')) else '{}' end,
    '{}', 'person ' || n, 'person ' || n, timestamptz '2026-07-01Z' + r * interval '1 second', '2026-11-20Z'
  from (select n, abs(hashtext('contact' || n)) % 12268800 as r from generate_series(1, 200) as n) x;
update contacts set deleted_at = '2026-11-20Z' where display_name like '%7';
insert into deals (id, title, pipeline_id, stage_id, rank, status, reason, amount, currency, expected_close, owner_id, source, name_key, search,
    stage_since, touched_at, closed_at, created_at, updated_at, deleted_at)
  select gen_random_uuid(), 'Deal ' || n, s.pipeline_id, s.id, lpad(n::text, 8, '0'), x.status,
    case when x.status in ('lost', 'abandoned') then (array['Price', 'Timing'])[1 + q % 2] end, q % 100003, (array['USD', 'USD', 'EUR'])[1 + q % 3],
    case when q % 5 > 0 then date '2026-11-01' + q % 120 end, (array['{one}', '{two}', null]::uuid[])[1 + q / 7 % 3],
    (array['fair', 'form', null, 'a,b: c'])[1 + q / 3 % 4], 'deal ' || n, 'deal ' || n, x.made, x.made,
    case when x.status <> 'open' then least(x.made + (q % 3456000) * interval '1 second', timestamptz '2026-11-20T08:00Z') end,
    x.made, x.made, case when n % 29 = 0 then timestamptz '2026-11-20Z' end
  from (select n, abs(hashtext('deal' || n)) as q, timestamptz '2026-07-01Z' + (abs(hashtext('made' || n)) % 12268800) * interval '1 second' as made,
      (array['open', 'open', 'won', 'won', 'won', 'lost', 'lost', 'abandoned'])[1 + abs(hashtext('end' || n)) % 8] as status
    from generate_series(1, 400) as n) x
  join lateral (select p.id, p.pipeline_id, row_number() over (order by p.id) as place from pipeline_stages p) s on s.place = 1 + x.q / 11 % 7;
update deals set closed_on = (closed_at at time zone 'UTC')::date, first_source = (array['ads', 'mail', null])[1 + amount % 3],
    last_source = (array['press', null])[1 + amount % 2], first_campaign = (array['spring', null, 'autumn'])[1 + amount % 3], last_campaign = source;
insert into exchange_rates (id, currency, home, valid_from, rate, factor, origin, created_at, updated_at)
  values (gen_random_uuid(), 'EUR', 'USD', '2026-10-01', 1.2345, 1.2345, 'manual', '2026-11-20Z', '2026-11-20Z');
insert into deal_history (id, deal_id, version, kind, pipeline_id, stage_id, status, amount, currency, is_deleted, stage_since, actor_kind, occurred_at)
  select gen_random_uuid(), d.id, v.version, v.kind, d.pipeline_id,
    case v.version when 1 then f.first when 2 then f.some else d.stage_id end, case when v.version < 4 then 'open' else d.status end,
    d.amount, d.currency, false, d.created_at, 'system', d.created_at + (coalesce(d.closed_at, d.created_at + interval '9 days') - d.created_at) * v.part
  from deals d
  join lateral (select (array_agg(s.id order by s.position))[1] as first, (array_agg(s.id order by s.position))[1 + abs(hashtext(d.title)) % count(*)] as some
    from pipeline_stages s where s.pipeline_id = d.pipeline_id) f on true
  join (values (1, 'created', 0.0), (2, 'moved', 0.25), (3, 'moved', 0.5), (4, 'won', 1.0)) as v (version, kind, part) on v.version < 4 or d.closed_at is not null;
insert into activities (id, contact_id, author_id, kind, title, occurred_at, created_at, updated_at)
  select gen_random_uuid(), c.id, (array['{one}', '{two}', null]::uuid[])[1 + n % 3], (array['call', 'meeting', 'email', 'message', 'other'])[1 + n % 5], 'Talk',
    timestamptz '2026-07-01Z' + (abs(hashtext('talk' || n)) % 12268800) * interval '1 second', '2026-11-20Z', '2026-11-20Z'
  from generate_series(1, 300) as n join lateral (select k.id from contacts k order by k.name_key offset n % 200 limit 1) c on true;
insert into tasks (id, title, kind, priority, status, zone, due_on, due_at, agenda_at, assignee_id, collaborators, closed_at, closed_by, outcome, name_key, search, created_at, updated_at)
  select gen_random_uuid(), 'Task ' || n, 'task', 1, x.status, 'UTC', (x.due at time zone 'UTC')::date, x.due, x.due, (array['{one}', '{two}', null]::uuid[])[1 + r % 3],
    case when r % 7 = 0 then array['{two}']::uuid[] else '{}' end, case when x.status <> 'open' then x.due + (r % 200000 - 100000) * interval '1 second' end,
    case when r % 2 = 0 then '{one}'::uuid end, case when x.status = 'skipped' then 'No' end, 'task ' || n, 'task ' || n, x.due - interval '9 days', x.due
  from (select n, abs(hashtext('task' || n)) as r, timestamptz '2026-07-01Z' + (abs(hashtext('due' || n)) % 12700800) * interval '1 second' as due,
      (array['open', 'done', 'done', 'done', 'skipped'])[1 + abs(hashtext('was' || n)) % 5] as status from generate_series(1, 200) as n) x;
insert into companies (id, name, status, tier, owner_id, annual_value, monthly_revenue, currency, client_since, renews_on, name_key, search, created_at, updated_at)
  select gen_random_uuid(), 'Company ' || n, (array['active', 'active', 'prospect', 'former'])[1 + n % 4], (array['gold', 'silver', null])[1 + n % 3],
    (array['{one}', '{two}', null]::uuid[])[1 + n % 3], case when n % 5 > 0 then n * 1000 end, case when n % 5 > 0 then n * 80 end,
    case when n % 5 > 0 then (array['USD', 'EUR'])[1 + n % 2] end, date '2026-06-01' + n * 3, case when n % 4 < 3 then date '2026-11-01' + n * 9 end,
    'company ' || n, 'company ' || n, '2026-07-01Z', '2026-07-01Z'
  from generate_series(1, 60) as n;
insert into company_contacts (company_id, contact_id, roles, is_primary, created_at, updated_at)
  select c.id, k.id, case when c.place % 3 > 0 then array['decision_maker'] else '{}' end, c.place % 4 > 0, '2026-07-01Z', '2026-07-01Z'
  from (select c.id, row_number() over (order by c.name_key) as place from companies c) c
  join lateral (select k.id from contacts k where k.deleted_at is null order by k.name_key offset c.place limit 1) k on c.place % 5 > 0;
insert into events (id, kind, subject, subject_id, contact_id, title, actor_kind, occurred_at)
  select gen_random_uuid(), 'activity.logged', 'activities', a.id, a.contact_id, 'Activity logged', 'system', a.occurred_at from activities a
