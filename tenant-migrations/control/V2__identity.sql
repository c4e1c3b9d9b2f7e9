-- For the user: people sign in, belong to agencies and clients with roles and teams, and programs use API keys.
-- Safe while old code runs: only new tables and their first rows.

-- A person, once for the whole platform. The address is stored in lower case: it is what people sign in with.
create table control.users (
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text not null,
  state text not null default 'active',
  locale text not null default 'en',
  password_changed_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint users_pkey primary key (id),
  constraint users_email_key unique (email),
  constraint users_email_check check (email = lower(email) and length(email) <= 320),
  constraint users_state_check check (state in ('active', 'blocked'))
);

-- A sign-up waits here until its e-mail address is proven: an unproven address never becomes a user.
create table control.sign_ups (
  id uuid not null,
  email text not null,
  name text not null,
  agency text not null,
  password_hash text not null,
  -- None until the mail with the link is written.
  token_hash bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint sign_ups_pkey primary key (id),
  constraint sign_ups_token_hash_key unique (token_hash)
);
create index sign_ups_email_idx on control.sign_ups (email) where used_at is null;
create index sign_ups_expires_at_idx on control.sign_ups (expires_at);

-- Roles are data: permission names (or patterns: `*`, `*.read`, `contacts.*`, `*.export`) with levels. A role without a
-- tenant is a seeded one that every tenant of its kind has.
create table control.roles (
  id uuid not null,
  tenant_id uuid,
  tenant_kind text not null,
  key text not null,
  name text not null,
  description text not null default '',
  grants jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version bigint not null default 1,
  constraint roles_pkey primary key (id),
  constraint roles_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint roles_key_key unique nulls not distinct (tenant_id, tenant_kind, key),
  constraint roles_tenant_kind_check check (tenant_kind in ('agency', 'client', 'platform')),
  constraint roles_key_check check (key ~ '^[a-z][a-z0-9_]{1,62}$'),
  constraint roles_grants_check check (jsonb_typeof(grants) = 'object')
);

insert into control.roles (id, tenant_id, tenant_kind, key, name, description, grants) values
  ('00000000-0000-7000-8000-000000000001', null, 'platform', 'platform_admin', 'Platform admin',
   'Runs the platform.', '{"*": "all"}'),
  ('00000000-0000-7000-8000-000000000002', null, 'platform', 'platform_support', 'Platform support',
   'Looks and helps, changes nothing.', '{"*.read": "all", "identity.impersonate": "all"}'),
  ('00000000-0000-7000-8000-000000000003', null, 'agency', 'agency_owner', 'Owner',
   'Everything, in the agency and in all its clients.', '{"*": "all"}'),
  ('00000000-0000-7000-8000-000000000004', null, 'agency', 'agency_admin', 'Admin',
   'Everything but what ends or moves an account.',
   '{"*": "all", "tenants.delete": "no", "tenants.transfer": "no"}'),
  ('00000000-0000-7000-8000-000000000005', null, 'agency', 'agency_staff', 'Staff',
   'Daily work with records, in the agency and in all its clients; no administration, no mass changes, no exports.',
   '{"*.read": "all", "contacts.*": "all", "activities.*": "all", "messaging.*": "all", "files.*": "all",
     "*.export": "no", "*.mass_update": "no", "privacy.*": "no", "messaging.webhooks.*": "no",
     "notifications.mails.*": "no", "identity.api_keys.*": "no", "identity.impersonations.*": "no"}'),
  ('00000000-0000-7000-8000-000000000006', null, 'client', 'client_admin', 'Admin',
   'Everything in this account.',
   '{"*": "all", "identity.impersonate": "no", "tenants.clients.*": "no", "tenants.suspend": "no",
     "tenants.transfer": "no", "tenants.delete": "no"}'),
  ('00000000-0000-7000-8000-000000000007', null, 'client', 'client_staff', 'Staff',
   'Daily work with the records of the own teams; no administration, no mass changes, no exports.',
   '{"contacts.*": "team", "activities.*": "team", "messaging.*": "team", "files.*": "team", "forms.read": "all",
     "identity.members.read": "all", "tenants.read": "all", "*.export": "no", "*.mass_update": "no",
     "messaging.webhooks.*": "no"}');

-- A person in a tenant.
create table control.memberships (
  tenant_id uuid not null,
  user_id uuid not null,
  name text not null,
  state text not null default 'active',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint memberships_pkey primary key (tenant_id, user_id),
  constraint memberships_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint memberships_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade,
  constraint memberships_state_check check (state in ('active', 'disabled'))
);
create index memberships_user_id_idx on control.memberships (user_id);

create table control.member_roles (
  tenant_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  constraint member_roles_pkey primary key (tenant_id, user_id, role_id),
  constraint member_roles_member_fkey foreign key (tenant_id, user_id)
    references control.memberships (tenant_id, user_id) on delete cascade,
  constraint member_roles_role_id_fkey foreign key (role_id) references control.roles (id)
);
create index member_roles_role_id_idx on control.member_roles (role_id);

create table control.teams (
  id uuid not null,
  tenant_id uuid not null,
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint teams_pkey primary key (id),
  constraint teams_tenant_key unique (tenant_id, id),
  constraint teams_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade
);
create unique index teams_name_key on control.teams (tenant_id, lower(name));

create table control.team_members (
  tenant_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  constraint team_members_pkey primary key (team_id, user_id),
  -- Both keys carry the tenant, so a team can never hold a member of another tenant.
  constraint team_members_team_fkey foreign key (tenant_id, team_id)
    references control.teams (tenant_id, id) on delete cascade,
  constraint team_members_member_fkey foreign key (tenant_id, user_id)
    references control.memberships (tenant_id, user_id) on delete cascade
);
create index team_members_member_idx on control.team_members (tenant_id, user_id);

create table control.invitations (
  id uuid not null,
  tenant_id uuid not null,
  email text not null,
  role_ids uuid[] not null,
  team_ids uuid[] not null default '{}',
  token_hash bytea not null,
  state text not null default 'pending',
  invited_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  constraint invitations_pkey primary key (id),
  constraint invitations_token_hash_key unique (token_hash),
  constraint invitations_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint invitations_state_check check (state in ('pending', 'accepted', 'revoked'))
);
create unique index invitations_pending_key on control.invitations (tenant_id, email) where state = 'pending';
create index invitations_tenant_id_idx on control.invitations (tenant_id, created_at);

-- One sign-in on one device, and the family of refresh tokens that keeps it alive.
create table control.sessions (
  id uuid not null,
  user_id uuid not null,
  tenant_id uuid not null,
  user_agent text not null default '',
  ip text not null default '',
  second_factor boolean not null default false,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_because text,
  constraint sessions_pkey primary key (id),
  constraint sessions_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade,
  constraint sessions_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint sessions_revoked_because_check check (revoked_because in ('signed_out', 'everywhere', 'reuse',
    'password', 'second_factor', 'blocked'))
);
create index sessions_user_id_idx on control.sessions (user_id) where revoked_at is null;
create index sessions_tenant_id_idx on control.sessions (tenant_id);
create index sessions_expires_at_idx on control.sessions (expires_at);

create table control.refresh_tokens (
  id uuid not null,
  session_id uuid not null,
  hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- Set when it was rotated under an Idempotency-Key: only a repeat with the same key may get the same answer.
  used_key bytea,
  successor_id uuid,
  constraint refresh_tokens_pkey primary key (id),
  constraint refresh_tokens_hash_key unique (hash),
  constraint refresh_tokens_session_id_fkey foreign key (session_id) references control.sessions (id) on delete cascade
);
create index refresh_tokens_session_id_idx on control.refresh_tokens (session_id);

-- Devices a user signed in from before: the first time from a new one is told by e-mail.
create table control.known_devices (
  user_id uuid not null,
  device bytea not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint known_devices_pkey primary key (user_id, device),
  constraint known_devices_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade
);

create table control.password_resets (
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint password_resets_pkey primary key (id),
  constraint password_resets_token_hash_key unique (token_hash),
  constraint password_resets_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade
);
create index password_resets_user_id_idx on control.password_resets (user_id);

-- The second factor. The secret is sealed under the context 'totp:<user id>'; last_step refuses a code used before.
create table control.totp (
  user_id uuid not null,
  sealed bytea not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0,
  constraint totp_pkey primary key (user_id),
  constraint totp_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade
);

create table control.recovery_codes (
  user_id uuid not null,
  hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  constraint recovery_codes_pkey primary key (user_id, hash),
  constraint recovery_codes_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade
);

create table control.api_keys (
  id uuid not null,
  tenant_id uuid not null,
  name text not null,
  hash bytea not null,
  hint text not null,
  scopes jsonb not null,
  addresses text[] not null default '{}',
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version bigint not null default 1,
  constraint api_keys_pkey primary key (id),
  constraint api_keys_hash_key unique (hash),
  constraint api_keys_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint api_keys_scopes_check check (jsonb_typeof(scopes) = 'object')
);
create index api_keys_tenant_id_idx on control.api_keys (tenant_id, created_at);

-- The people who run the platform. They are no users: their sign-in opens the administration only.
create table control.platform_admins (
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text not null,
  role_id uuid not null,
  state text not null default 'active',
  totp_sealed bytea not null,
  totp_last_step bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint platform_admins_pkey primary key (id),
  constraint platform_admins_email_key unique (email),
  constraint platform_admins_role_id_fkey foreign key (role_id) references control.roles (id),
  constraint platform_admins_state_check check (state in ('active', 'blocked'))
);
create index platform_admins_role_id_idx on control.platform_admins (role_id);

create table control.admin_sessions (
  id uuid not null,
  admin_id uuid not null,
  user_agent text not null default '',
  ip text not null default '',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint admin_sessions_pkey primary key (id),
  constraint admin_sessions_admin_id_fkey foreign key (admin_id) references control.platform_admins (id) on delete cascade
);
create index admin_sessions_admin_id_idx on control.admin_sessions (admin_id);

-- Somebody works in a tenant as one of its members. home_id is the agency he comes from; none for the platform.
create table control.impersonations (
  id uuid not null,
  tenant_id uuid not null,
  home_id uuid,
  impersonator_kind text not null,
  impersonator_id uuid not null,
  impersonator_name text not null,
  session_id uuid not null,
  member_id uuid,
  on_behalf_of uuid not null,
  reason text not null,
  may_act boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint impersonations_pkey primary key (id),
  constraint impersonations_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint impersonations_kind_check check (impersonator_kind in ('user', 'admin')),
  constraint impersonations_kind_home_check check ((impersonator_kind = 'user') = (home_id is not null)),
  constraint impersonations_reason_check check (length(reason) >= 10)
);
create index impersonations_tenant_id_idx on control.impersonations (tenant_id, created_at);
create index impersonations_impersonator_idx on control.impersonations (impersonator_id, created_at);
