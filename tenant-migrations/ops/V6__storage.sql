-- For the user: an account and its agency see how much its files take, by what they belong to.
-- Safe while old code runs: a new table. What it stores or removes meanwhile is counted by a recount.

-- What a tenant keeps in the object store, by what it belongs to; `waiting` belongs to nothing yet.
create table ops.storage (
  tenant text not null default current_user,
  kind text not null,
  files bigint not null default 0,
  bytes bigint not null default 0,
  constraint storage_pkey primary key (tenant, kind)
) with (fillfactor = 80);

grant select, insert, update, delete on ops.storage to upzento_tenant;
grant select on ops.storage to upzento_ops, upzento_control, upzento_admin;

alter table ops.storage enable row level security;
alter table ops.storage force row level security;
create policy tenant_own on ops.storage to upzento_tenant
  using (tenant = current_user::text) with check (tenant = current_user::text);
create policy owner_all on ops.storage to upzento_owner using (true) with check (true);
create policy ops_read on ops.storage for select to upzento_ops using (true);
-- Figures without names: an agency asks for those of its clients through the control plane.
create policy control_read on ops.storage for select to upzento_control using (true);
create policy admin_read on ops.storage for select to upzento_admin using (true);
