-- For the user: events are delivered, background jobs run fairly, repeated requests are recognised, usage is counted.
-- Safe while old code runs: only new tables.

-- Lower-cased and without accents: the form in which names are searched and compared.
-- IMMUTABLE holds because the dictionary is named and fixed; it may therefore stand in an index.
create function shared.fold(value text) returns text
  language sql immutable strict parallel safe
  return lower(shared.unaccent('shared.unaccent'::regdictionary, value));

create table ops.outbox (
  id uuid not null,
  tenant text not null default current_user,
  event_id uuid not null,
  created_at timestamptz not null default now(),
  constraint outbox_pkey primary key (id)
);
create index outbox_tenant_idx on ops.outbox (tenant, id);

create table ops.jobs (
  id uuid not null,
  tenant text not null default current_user,
  kind text not null,
  payload jsonb not null default '{}',
  state text not null default 'queued',
  priority smallint not null default 0,
  run_at timestamptz not null default now(),
  attempts int not null default 0,
  max_attempts int not null default 12,
  locked_by text,
  locked_until timestamptz,
  last_error text,
  unique_key text,
  progress jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint jobs_pkey primary key (id),
  constraint jobs_state_check check (state in ('queued', 'running', 'done', 'dead')),
  constraint jobs_attempts_check check (attempts >= 0 and max_attempts > 0)
);
create unique index jobs_unique_key on ops.jobs (tenant, kind, unique_key)
  where state in ('queued', 'running') and unique_key is not null;
create index jobs_pick_idx on ops.jobs (tenant, priority desc, run_at, id) where state = 'queued';
create index jobs_running_idx on ops.jobs (locked_until) where state = 'running';
create index jobs_finished_idx on ops.jobs (finished_at) where state in ('done', 'dead');

create table ops.schedules (
  name text not null,
  tenant text not null default '',
  every_seconds int not null,
  next_at timestamptz not null,
  locked_until timestamptz,
  constraint schedules_pkey primary key (name),
  constraint schedules_every_seconds_check check (every_seconds > 0)
);

create table ops.idempotency_keys (
  tenant text not null default current_user,
  scope text not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  body jsonb,
  headers jsonb,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (tenant, scope, key)
);
create index idempotency_keys_created_at_idx on ops.idempotency_keys (created_at);

create table ops.usage (
  tenant text not null default current_user,
  metric text not null,
  day date not null,
  amount bigint not null default 0,
  constraint usage_pkey primary key (tenant, metric, day)
);

grant usage on schema ops to upzento_tenant, upzento_ops, upzento_control, upzento_admin;
grant usage on schema shared to upzento_tenant, upzento_ops, upzento_control, upzento_admin;

-- The dispatcher stamps and clears a tenant's outbox in one transaction, as that tenant.
grant select, insert, delete on ops.outbox to upzento_tenant;
grant select, insert on ops.jobs to upzento_tenant;
grant select, insert, update, delete on ops.idempotency_keys to upzento_tenant;
grant select, insert, update on ops.usage to upzento_tenant;
grant select, insert, update, delete on ops.outbox, ops.jobs, ops.schedules, ops.idempotency_keys, ops.usage
  to upzento_ops, upzento_control;
grant select on ops.outbox, ops.jobs, ops.schedules, ops.idempotency_keys, ops.usage to upzento_admin;
grant update, delete on ops.jobs to upzento_admin;

-- The second belt: whatever a statement asks for, a tenant's role sees rows of that tenant only. FORCE makes the
-- rule hold for the owner too, which therefore needs a policy of its own (it purges deleted tenants).
do $$
declare
  name text;
begin
  foreach name in array array['outbox', 'jobs', 'schedules', 'idempotency_keys', 'usage'] loop
    execute format('alter table ops.%I enable row level security', name);
    execute format('alter table ops.%I force row level security', name);
    execute format('create policy tenant_own on ops.%I to upzento_tenant
      using (tenant = current_user::text) with check (tenant = current_user::text)', name);
    execute format('create policy owner_all on ops.%I to upzento_owner using (true) with check (true)', name);
    execute format('create policy ops_all on ops.%I to upzento_ops using (true) with check (true)', name);
    execute format('create policy control_own on ops.%I to upzento_control
      using (tenant = '''') with check (tenant = '''')', name);
    execute format('create policy admin_read on ops.%I for select to upzento_admin using (true)', name);
  end loop;
end
$$;
create policy control_read on ops.jobs for select to upzento_control using (true);
create policy control_enqueue on ops.jobs for insert to upzento_control with check (true);
create policy admin_update on ops.jobs for update to upzento_admin using (true) with check (true);
create policy admin_delete on ops.jobs for delete to upzento_admin using (true);
