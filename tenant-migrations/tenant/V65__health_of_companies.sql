-- For the user: lists sort and filter companies by how they are doing at once, however many there are.
-- Safe while old code runs: columns with defaults and a table that it does not know. Its job waits until that code is gone, and is
-- tried again if it is not; whatever is not counted yet says nothing of its health.

-- Counted by companies/src/health and written by nobody else; the version of the company stays. `health` is 0 to 100, 101 when not
-- enough is known, 102 when nothing is to be said: the relationship has ended, the company is deleted, or it is not counted yet.
-- `health_found` is its band and what was found about each part (`touch.silent`). At `health_next` days alone may make it another:
-- a company begins as due, so whoever makes one, and every company that is there already, is counted by the same job.
alter table companies
  add column health integer not null default 102,
  add column health_found text[] not null default '{}',
  add column health_next timestamptz default '1970-01-01T00:00:00Z',
  add constraint companies_health_check check (health between 0 and 102);
create index companies_health_idx on companies (health, id) where deleted_at is null;
create index companies_owner_health_idx on companies (owner_id, health, id) where deleted_at is null;
create index companies_health_found_idx on companies using gin (health_found) with (gin_pending_list_limit = 512) where deleted_at is null;
create index companies_health_next_idx on companies (health_next, id) where health_next is not null;

-- Companies that something happened to, until somebody has counted them. Only added to and taken away: writers never wait for each
-- other here.
create table health_dirty (
  id uuid not null default gen_random_uuid(),
  company_id uuid not null,
  constraint health_dirty_pkey primary key (id)
);

insert into ops.jobs (id, tenant, kind, payload, run_at)
  select gen_random_uuid(), current_schema()::text, 'RefreshHealth', '{}', now() + interval '10 minutes'
  where exists (select from companies);
