-- For the user: an agency sees at once what goes on at each of its clients, from figures that are kept as things happen.
-- Safe while old code runs: only new tables. What happened before is counted with a tenant's next event, or by a recount.

-- How much happened in a quarter of an hour: every time zone in use begins its days at one.
create table ops.activity_slots (
  tenant text not null default current_user,
  slot timestamptz not null,
  events int not null,
  contacts int not null,
  answers int not null,
  constraint activity_slots_pkey primary key (tenant, slot)
) with (fillfactor = 80);

-- Up to where a tenant's log is counted: what is delivered twice counts once.
create table ops.activity_heads (
  tenant text not null default current_user,
  seq bigint not null default 0,
  last_at timestamptz,
  -- How many contacts there are, and up to where the log was read for that.
  contacts bigint not null default 0,
  contacts_seq bigint not null default 0,
  constraint activity_heads_pkey primary key (tenant)
) with (fillfactor = 80);

grant select, insert, update, delete on ops.activity_slots, ops.activity_heads to upzento_tenant;
grant select on ops.activity_slots, ops.activity_heads to upzento_ops, upzento_control, upzento_admin;

do $$
declare
  name text;
begin
  foreach name in array array['activity_slots', 'activity_heads'] loop
    execute format('alter table ops.%I enable row level security', name);
    execute format('alter table ops.%I force row level security', name);
    execute format('create policy tenant_own on ops.%I to upzento_tenant
      using (tenant = current_user::text) with check (tenant = current_user::text)', name);
    execute format('create policy owner_all on ops.%I to upzento_owner using (true) with check (true)', name);
    execute format('create policy ops_read on ops.%I for select to upzento_ops using (true)', name);
    -- Figures without names: an agency asks for those of its clients through the control plane.
    execute format('create policy control_read on ops.%I for select to upzento_control using (true)', name);
    execute format('create policy admin_read on ops.%I for select to upzento_admin using (true)', name);
  end loop;
end
$$;
