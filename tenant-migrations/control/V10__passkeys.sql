-- For the user: signing in with a passkey, without an address and without a password.
-- Safe while old code runs: only new tables.

-- What is kept of a passkey proves a signature and cannot make one.
create table control.passkeys (
  id uuid not null,
  user_id uuid not null,
  credential_id bytea not null,
  public_key bytea not null,
  algorithm int not null,
  counter bigint not null,
  transports text[] not null default '{}',
  synced boolean not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  version bigint not null default 1,
  constraint passkeys_pkey primary key (id),
  constraint passkeys_credential_id_key unique (credential_id),
  constraint passkeys_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade
);
create index passkeys_user_id_idx on control.passkeys (user_id);

-- A challenge that waits for its answer. Whoever answers takes it away: it works once. Without a user it is a sign-in.
create table control.passkey_ceremonies (
  id uuid not null,
  user_id uuid,
  state jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint passkey_ceremonies_pkey primary key (id),
  constraint passkey_ceremonies_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade
);
create index passkey_ceremonies_user_id_idx on control.passkey_ceremonies (user_id);
create index passkey_ceremonies_expires_at_idx on control.passkey_ceremonies (expires_at);
