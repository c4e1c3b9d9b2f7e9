-- For the user: news reach a browser or phone although the console is closed, where somebody wished it.
-- Safe while old code runs: only new tables.

-- The key pair that push services know this installation by, sealed under the context 'push'. Without it every device
-- would have to subscribe again.
create table control.push_keys (
  id int not null,
  sealed bytea not null,
  created_at timestamptz not null,
  constraint push_keys_pkey primary key (id),
  constraint push_keys_id_check check (id = 1)
);

-- A browser that wants to be told. It belongs to a sign-in: whoever signs out there is told nothing there any more.
create table control.push_subscriptions (
  id uuid not null,
  user_id uuid not null,
  session_id uuid not null,
  endpoint text not null,
  device_key bytea not null,
  device_secret bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_success_at timestamptz,
  failures int not null default 0,
  constraint push_subscriptions_pkey primary key (id),
  constraint push_subscriptions_endpoint_key unique (endpoint),
  constraint push_subscriptions_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade,
  constraint push_subscriptions_session_id_fkey foreign key (session_id) references control.sessions (id) on delete cascade
);
create index push_subscriptions_user_id_idx on control.push_subscriptions (user_id);
create index push_subscriptions_session_id_idx on control.push_subscriptions (session_id);

-- Only what somebody changed; everything else is on.
create table control.push_preferences (
  user_id uuid not null,
  tenant_id uuid not null,
  module text not null,
  enabled boolean not null,
  updated_at timestamptz not null,
  constraint push_preferences_pkey primary key (user_id, tenant_id, module),
  constraint push_preferences_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade,
  constraint push_preferences_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade
);
create index push_preferences_tenant_id_idx on control.push_preferences (tenant_id);
