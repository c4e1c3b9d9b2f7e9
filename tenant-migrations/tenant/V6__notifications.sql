-- For the user: people see what happened while they were away, on every device, and choose what they are told.
-- Safe while old code runs: only new tables.

create table notifications (
  id uuid not null,
  user_id uuid not null,
  module text not null,
  kind text not null,
  title text not null,
  link text,
  event_id uuid,
  contact_id uuid,
  critical boolean not null default false,
  dedupe_key text,
  created_at timestamptz not null,
  read_at timestamptz,
  archived_at timestamptz,
  constraint notifications_pkey primary key (id)
);
create unique index notifications_dedupe_key on notifications (user_id, dedupe_key) where dedupe_key is not null;
create index notifications_user_id_idx on notifications (user_id, created_at, id);
create index notifications_unread_idx on notifications (user_id, module) where read_at is null and archived_at is null;
create index notifications_contact_id_idx on notifications (contact_id) where contact_id is not null;
create index notifications_created_at_idx on notifications (created_at);

-- Only what somebody changed; everything else is on.
create table notification_preferences (
  user_id uuid not null,
  module text not null,
  channel text not null,
  enabled boolean not null,
  updated_at timestamptz not null,
  constraint notification_preferences_pkey primary key (user_id, module, channel),
  constraint notification_preferences_channel_check check (channel in ('in_app', 'email'))
);
