-- Companies, their people and deals of one tenant that has contacts already, as the verbs would have written them: deals
-- spread over stages, owners and two years, each with the history of its way.
with made as (
  select n, gen_random_uuid() as id,
    (array['Kestrel', 'Harbour', 'Northlight', 'Lantern', 'Willow', 'Orchard', 'Granite', 'Meridian', 'Juniper', 'Saltmarsh'])[1 + (n % 10 * 7919) % 10]
      || ' ' || (array['Cycles', 'Physio', 'Studio', 'Ferries', 'Dental', 'Foods', 'Works', 'Labs'])[1 + (n / 10) % 8] || ' ' || n as name,
    (array['prospect', 'prospect', 'active', 'active', 'inactive', 'former'])[1 + (n * 31) % 6] as status,
    (array['bronze', 'silver', 'gold', 'platinum', null])[1 + (n * 17) % 5] as tier,
    (array['Retail', 'Health', 'Media', 'Travel'])[1 + n % 4] as industry,
    ('00000000-0000-7000-8000-' || lpad((n % 25)::text, 12, '0'))::uuid as owner_id,
    (n * 7919::bigint % 1000000) * 100 as value, n % 3 = 0 as has_value,
    now() - (n * 53::bigint % 525600) * interval '1 minute' as created_at
  from generate_series(1, current_setting('bench.companies')::int) as n)
insert into companies (id, name, industry, status, tier, owner_id, annual_value, currency, renews_on, name_key, domain, search, created_at, updated_at)
select id, name, industry, status, tier, owner_id,
  case when has_value then value end, case when has_value then 'EUR' end, case when n % 4 = 0 then current_date + n % 365 end,
  fold(name), 'example' || n || '.com', fold(' ' || name || ' ' || industry || ' example' || n || '.com'), created_at, created_at
from made;
analyze companies;

create temp table made as
  select n, gen_random_uuid() as id, 1 + (n * 31) % 4 as stage,
    case when n % 5 = 0 then 'won' when n % 5 = 1 then 'lost' else 'open' end as status,
    ('00000000-0000-7000-8000-' || lpad((n % 25)::text, 12, '0'))::uuid as owner_id,
    (n * 7919::bigint % 100000) * 100 as amount,
    now() - (n * 101::bigint % 1051200) * interval '1 minute' as created_at,
    (array['Website', 'Fair', 'Referral', null])[1 + n % 4] as source
  from generate_series(1, current_setting('bench.deals')::int) as n;
-- So the stages of the pipeline that every tenant begins with.
insert into deals (id, title, pipeline_id, stage_id, rank, status, reason, amount, currency, expected_close, owner_id, source, next_step,
  company_id, name_key, search, stage_since, touched_at, closed_at, created_at, updated_at)
select m.id, t.title, '00000000-0000-7000-8000-0000000000d1', ('00000000-0000-7000-8000-0000000000d' || m.stage + 1)::uuid, 'B' || lpad(m.n::text, 7, '0'),
  m.status, case when m.status = 'lost' then 'Price' end, m.amount, case when m.n % 9 = 0 then 'USD' else 'EUR' end,
  (m.created_at + interval '90 days')::date, m.owner_id, m.source, case when m.n % 2 = 0 then 'Call back' end, c.id,
  fold(t.title), fold(concat_ws(' ', '', t.title, m.source, case when m.n % 2 = 0 then 'Call back' end)),
  m.created_at + interval '20 days', m.created_at + interval '30 days',
  case when m.status <> 'open' then m.created_at + interval '40 days' end, m.created_at, m.created_at + interval '40 days'
from made m
left join (select row_number() over (order by id) as n, id from companies) c on c.n = 1 + m.n % current_setting('bench.companies')::int,
lateral (select (array['Website', 'Yearly plan', 'Kitchen', 'Fleet', 'Audit'])[1 + m.n % 5] || ' ' || m.n as title) t;
insert into deal_contacts (deal_id, position, contact_id, role)
select m.id, 0, c.id, 'decision_maker' from made m
join (select row_number() over (order by id) as n, id from contacts limit current_setting('bench.deals')::int) c on c.n = m.n;
insert into deal_history (id, deal_id, version, kind, pipeline_id, stage_id, status, amount, currency, expected_close, owner_id, is_deleted,
  stage_since, actor_kind, occurred_at)
select gen_random_uuid(), m.id, h.version, case when h.version = 1 then 'created' when h.version <= m.stage then 'moved' else m.status end,
  '00000000-0000-7000-8000-0000000000d1', ('00000000-0000-7000-8000-0000000000d' || least(h.version, m.stage) + 1)::uuid,
  case when h.version > m.stage then m.status else 'open' end, m.amount, case when m.n % 9 = 0 then 'USD' else 'EUR' end,
  (m.created_at + interval '90 days')::date, m.owner_id, false, m.created_at + (h.version - 1) * interval '5 days', 'system',
  m.created_at + (h.version - 1) * interval '5 days'
from made m, generate_series(1, m.stage + case when m.status = 'open' then 0 else 1 end) as h(version);
insert into deal_spans
select h.deal_id, h.version, h.pipeline_id, h.stage_id, h.amount, h.currency, h.expected_close, h.owner_id, h.stage_since, h.occurred_at, h.until
from (select m.*, coalesce(lead(m.occurred_at) over (partition by m.deal_id order by m.version), 'infinity') as until from deal_history m) h
where h.status = 'open' and not h.is_deleted;
update deals d set search = d.search || coalesce((select co.search from companies co where co.id = d.company_id), '')
  || coalesce((select string_agg(c.search, '') from deal_contacts dc join contacts c on c.id = dc.contact_id where dc.deal_id = d.id), '');
drop table made;
analyze deals;
analyze deal_contacts;
analyze deal_history;
