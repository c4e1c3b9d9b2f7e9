-- For the user: agencies and clients exist, each with a schema of its own that is found by looking it up.
-- Safe while old code runs: only new tables.

create table control.tenants (
  id uuid not null,
  kind text,
  parent_id uuid,
  slug text,
  name text not null default '',
  cell text not null default 'main',
  schema_name text not null,
  role_name text not null,
  state text not null default 'warming',
  schema_version int not null default 0,
  epoch bigint not null default 0,
  plan_id uuid,
  zone text not null default 'UTC',
  locale text not null default 'en',
  country text,
  currency text not null default 'USD',
  created_at timestamptz not null default now(),
  activated_at timestamptz,
  updated_at timestamptz not null default now(),
  version bigint not null default 1,
  constraint tenants_pkey primary key (id),
  constraint tenants_slug_key unique (slug),
  constraint tenants_schema_name_key unique (schema_name),
  constraint tenants_role_name_key unique (role_name),
  constraint tenants_parent_id_fkey foreign key (parent_id) references control.tenants (id),
  constraint tenants_kind_check check (kind in ('agency', 'client')),
  constraint tenants_state_check check (state in ('warming', 'ready', 'active', 'read_only', 'suspended',
    'moving', 'restoring', 'deleting', 'deleted')),
  -- A schema waiting in the pool belongs to nobody; everything else is an agency or a client.
  constraint tenants_kind_state_check check (kind is not null or state in ('warming', 'ready', 'deleting', 'deleted')),
  constraint tenants_parent_check check (kind is distinct from 'agency' or parent_id is null),
  constraint tenants_name_check check (schema_name ~ '^t_[0-9a-z]{26}$' and role_name ~ '^t_[0-9a-z]{26}$'),
  constraint tenants_country_check check (country ~ '^[A-Z]{2}$'),
  constraint tenants_currency_check check (currency ~ '^[A-Z]{3}$')
);
create index tenants_parent_id_idx on control.tenants (parent_id) where parent_id is not null;
create index tenants_pool_idx on control.tenants (created_at, id) where state in ('warming', 'ready');
create index tenants_state_idx on control.tenants (state, id) where state not in ('active', 'ready');

-- Who is at which schema version. The fleet runner decides from this table alone who needs work.
create table control.tenant_schemas (
  tenant_id uuid not null,
  version int not null default 0,
  checksum text not null default '',
  state text not null default 'pending',
  error text,
  attempts int not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  cohort text,
  constraint tenant_schemas_pkey primary key (tenant_id),
  constraint tenant_schemas_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint tenant_schemas_state_check check (state in ('current', 'pending', 'running', 'failed'))
);
create index tenant_schemas_work_idx on control.tenant_schemas (version, state);

-- One row: the schema version that new tenants must be built at. Provisioning reads it FOR SHARE and refuses to
-- build another version, so a program of another release can never add a tenant the runner does not know about.
create table control.fleet (
  only_row boolean not null default true,
  version int not null,
  checksum text not null,
  updated_at timestamptz not null default now(),
  constraint fleet_pkey primary key (only_row),
  constraint fleet_only_row_check check (only_row)
);
-- read-only: fleet

create table control.audit_events (
  id uuid not null,
  tenant_id uuid,
  kind text not null,
  subject text not null,
  subject_id uuid,
  title text not null,
  payload jsonb not null default '{}',
  actor_kind text not null,
  actor_id uuid,
  on_behalf_of uuid,
  request_id text,
  ip text,
  occurred_at timestamptz not null,
  projected_at timestamptz,
  constraint audit_events_pkey primary key (id)
);
create index audit_events_tenant_id_idx on control.audit_events (tenant_id, occurred_at);
create index audit_events_unprojected_idx on control.audit_events (occurred_at, id) where projected_at is null;
-- append-only: audit_events
grant update (projected_at) on control.audit_events to upzento_control, upzento_admin;

-- What is left of a deleted tenant: proof of what was destroyed and when, without any of its content.
create table control.deletion_certificates (
  id uuid not null,
  tenant_id uuid not null,
  body jsonb not null,
  digest bytea not null,
  key_id text,
  signature bytea,
  created_at timestamptz not null default now(),
  constraint deletion_certificates_pkey primary key (id),
  constraint deletion_certificates_tenant_id_key unique (tenant_id)
);
-- read-only: deletion_certificates
