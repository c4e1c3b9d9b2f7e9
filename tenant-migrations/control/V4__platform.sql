-- For the user: plans say which modules and how much an account has; accounts can be suspended, moved and ended with reasons.
-- Safe while old code runs: only new tables and their first rows.

-- Limits and modules are data. A limit that is not named is none; `modules` null means every module.
create table control.plans (
  id uuid not null,
  key text not null,
  name text not null,
  description text not null default '',
  level int not null,
  limits jsonb not null default '{}',
  modules jsonb,
  price_minor bigint not null default 0,
  currency text not null default 'USD',
  trial_days int not null default 0,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version bigint not null default 1,
  constraint plans_pkey primary key (id),
  constraint plans_key_key unique (key),
  constraint plans_key_check check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint plans_level_check check (level between 0 and 4),
  constraint plans_limits_check check (jsonb_typeof(limits) = 'object'),
  constraint plans_modules_check check (jsonb_typeof(modules) = 'array'),
  constraint plans_price_minor_check check (price_minor >= 0),
  constraint plans_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint plans_trial_days_check check (trial_days between 0 and 365)
);

insert into control.plans (id, key, name, description, level, limits, trial_days) values
  ('00000000-0000-7000-8000-000000000101', 'free', 'Free', 'To try it out.', 0,
   '{"contacts": 500, "members": 2, "clients": 1, "widgets": 2}', 0),
  ('00000000-0000-7000-8000-000000000102', 'normal', 'Normal', 'For small teams.', 1,
   '{"contacts": 10000, "members": 10, "clients": 10, "widgets": 25}', 14),
  ('00000000-0000-7000-8000-000000000103', 'premium', 'Premium', 'For growing agencies.', 2,
   '{"contacts": 100000, "members": 50, "clients": 100, "widgets": 250}', 14),
  ('00000000-0000-7000-8000-000000000104', 'enterprise', 'Enterprise', 'Without limits.', 3, '{}', 30);

alter table control.tenants add constraint tenants_plan_id_fkey foreign key (plan_id) references control.plans (id);
create index tenants_plan_id_idx on control.tenants (plan_id) where plan_id is not null;

-- A module switched on or off for one tenant, whatever its plan says.
create table control.tenant_modules (
  tenant_id uuid not null,
  module text not null,
  enabled boolean not null,
  updated_at timestamptz not null,
  constraint tenant_modules_pkey primary key (tenant_id, module),
  constraint tenant_modules_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint tenant_modules_module_check check (module ~ '^[a-z][a-z0-9_]{0,62}$')
);

-- A flag is on for everybody, for a share of the tenants, or for the tenants that are named.
create table control.feature_flags (
  key text not null,
  description text not null default '',
  enabled boolean not null default false,
  percent int not null default 100,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version bigint not null default 1,
  constraint feature_flags_pkey primary key (key),
  constraint feature_flags_key_check check (key ~ '^[a-z][a-z0-9_.]{0,62}$'),
  constraint feature_flags_percent_check check (percent between 0 and 100)
);
create table control.tenant_flags (
  tenant_id uuid not null,
  flag text not null,
  enabled boolean not null,
  updated_at timestamptz not null,
  constraint tenant_flags_pkey primary key (tenant_id, flag),
  constraint tenant_flags_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint tenant_flags_flag_fkey foreign key (flag) references control.feature_flags (key) on delete cascade
);
create index tenant_flags_flag_idx on control.tenant_flags (flag);

create table control.system_settings (
  key text not null,
  value jsonb not null,
  description text not null default '',
  updated_at timestamptz not null default now(),
  version bigint not null default 1,
  constraint system_settings_pkey primary key (key),
  constraint system_settings_key_check check (key ~ '^[a-z][a-z0-9_.]{0,62}$')
);
insert into control.system_settings (key, value, description) values
  ('sign_up.open', 'true', 'Whether new agencies may sign up by themselves.'),
  ('sign_up.plan', 'null', 'Key of the plan that new agencies start with; null gives none, which means no limits.');

-- Why a tenant stands still. What the platform suspended, an agency cannot resume.
create table control.suspensions (
  tenant_id uuid not null,
  state text not null,
  reason text not null,
  by_platform boolean not null,
  created_by uuid,
  created_at timestamptz not null,
  constraint suspensions_pkey primary key (tenant_id),
  constraint suspensions_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint suspensions_state_check check (state in ('read_only', 'suspended'))
);

-- A client is offered by its agency to another one, which accepts or declines.
create table control.transfers (
  id uuid not null,
  tenant_id uuid not null,
  from_id uuid not null,
  to_id uuid not null,
  state text not null default 'offered',
  note text not null default '',
  created_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  constraint transfers_pkey primary key (id),
  constraint transfers_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint transfers_from_id_fkey foreign key (from_id) references control.tenants (id) on delete cascade,
  constraint transfers_to_id_fkey foreign key (to_id) references control.tenants (id) on delete cascade,
  constraint transfers_state_check check (state in ('offered', 'accepted', 'declined', 'withdrawn')),
  constraint transfers_other_check check (from_id <> to_id)
);
create unique index transfers_open_key on control.transfers (tenant_id) where state = 'offered';
create index transfers_from_id_idx on control.transfers (from_id, created_at);
create index transfers_to_id_idx on control.transfers (to_id, created_at);

-- A tenant is to be destroyed on a day to come; until then its agency can think again.
create table control.deletions (
  tenant_id uuid not null,
  reason text not null,
  requested_by uuid,
  requested_at timestamptz not null,
  due_at timestamptz not null,
  -- Set when the destroying begins; from then on there is no way back.
  started_at timestamptz,
  constraint deletions_pkey primary key (tenant_id),
  constraint deletions_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade
);
create index deletions_due_at_idx on control.deletions (due_at) where started_at is null;

-- How many clients an agency has and how many members an account: asked for one page of accounts at a time.
create function control.client_count(agency uuid) returns bigint language sql stable
  return (select count(*) from control.tenants t where t.parent_id = agency and t.state not in ('deleting', 'deleted'));
create function control.member_count(tenant uuid) returns bigint language sql stable
  return (select count(*) from control.memberships m where m.tenant_id = tenant and m.state = 'active');
