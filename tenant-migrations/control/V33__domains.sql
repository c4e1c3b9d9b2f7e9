-- For the user: an agency, and each client, has its console under an address of its own.
-- Safe while old code runs: a new table, and triggers that only tell.

create table control.domains (
  id uuid not null,
  tenant_id uuid not null,
  host text not null,
  -- What the TXT record has to say.
  token text not null,
  state text not null default 'pending',
  is_primary boolean not null default false,
  -- What the last look found.
  found jsonb,
  -- Looks since the state is what it is.
  looks int not null default 0,
  since timestamptz not null,
  looked_at timestamptz,
  next_look_at timestamptz,
  created_at timestamptz not null,
  version bigint not null default 1,
  constraint domains_pkey primary key (id),
  constraint domains_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint domains_tenant_host_key unique (tenant_id, host),
  constraint domains_state_check check (state in ('pending', 'active', 'failing', 'removed')),
  constraint domains_primary_check check (not is_primary or state in ('active', 'failing')),
  constraint domains_host_check check (host ~ '^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$' and length(host) <= 253)
);
-- Anybody may say that a name is his; whoever proves it has it alone.
create unique index domains_served_key on control.domains (host) where state in ('active', 'failing');
create unique index domains_primary_key on control.domains (tenant_id) where is_primary;
create index domains_next_look_at_idx on control.domains (next_look_at) where next_look_at is not null;

-- What a name leads to, and how it looks there.
create trigger domains_changed after update on control.domains for each row
  when ((old.state, old.is_primary) is distinct from (new.state, new.is_primary))
  execute function control.announce('tenant', 'tenant_id');
create trigger domains_deleted after delete on control.domains for each row
  when (old.state in ('active', 'failing')) execute function control.announce('tenant', 'tenant_id');
create trigger brands_changed after insert or update or delete on control.brands for each row
  execute function control.announce('tenant', 'tenant_id');
