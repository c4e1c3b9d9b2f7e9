-- For the user: the platform's administration sees how many requests each program answers, how quickly, and how many fail.
-- Safe while old code runs: a new table.

-- What one process answered in one minute, of all tenants together: it belongs to none, and none may read it.
create table ops.traffic (
  minute timestamptz not null,
  program text not null,
  instance text not null,
  started_at timestamptz not null,
  errors bigint not null,
  -- How many answers took how long; the kernel knows where each bucket begins.
  buckets bigint[] not null,
  constraint traffic_pkey primary key (minute, program, instance)
);

grant select, insert, update, delete on ops.traffic to upzento_ops, upzento_control, upzento_admin;

alter table ops.traffic enable row level security;
alter table ops.traffic force row level security;
create policy owner_all on ops.traffic to upzento_owner using (true) with check (true);
create policy ops_all on ops.traffic to upzento_ops using (true) with check (true);
create policy control_all on ops.traffic to upzento_control using (true) with check (true);
create policy admin_all on ops.traffic to upzento_admin using (true) with check (true);
