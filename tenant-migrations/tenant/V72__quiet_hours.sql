-- For the user: hours in which devices and e-mail stay silent, notices that come back at a chosen moment, and records and kinds of news
-- of which a member hears nothing more.
-- Safe while old code runs: new tables, and columns without a value. Until it is gone it tells in quiet hours too, and lists what was
-- put off.

-- Until when it is put off, when it came back, and the id of the record it is about, as the API writes it.
alter table notifications
  add column snoozed_until timestamptz,
  add column returned_at timestamptz,
  add column record text;
create index notifications_told_idx on notifications (user_id, (coalesce(returned_at, created_at)), id);
create index notifications_snoozed_idx on notifications (user_id, id) where snoozed_until is not null;

-- When a member is not disturbed: {days: 1 (Monday) to 7 on which it begins, from, until}. No zone: the account's.
create table quiet_hours (
  user_id uuid not null,
  zone text,
  spans jsonb not null,
  updated_at timestamptz not null,
  constraint quiet_hours_pkey primary key (user_id)
);

-- What goes with a notification and waits for the end of its reader's quiet hours. Whoever takes the row away sends it. The e-mail
-- is null where it says no more than the notification.
create table held_notices (
  notification_id uuid not null,
  user_id uuid not null,
  gathered boolean not null,
  template text,
  data jsonb,
  reply_to text,
  created_at timestamptz not null,
  constraint held_notices_pkey primary key (notification_id),
  constraint held_notices_notification_id_fkey foreign key (notification_id) references notifications (id) on delete cascade
);
create index held_notices_user_id_idx on held_notices (user_id);

-- What a member wants to hear nothing more of: a kind of news, or a record with the beginning of its id.
create table notification_mutes (
  id uuid not null,
  user_id uuid not null,
  kind text,
  record_kind text,
  record_id uuid,
  created_at timestamptz not null,
  constraint notification_mutes_pkey primary key (id),
  constraint notification_mutes_what_check check ((kind is null) = (record_id is not null) and (record_kind is null) = (record_id is null))
);
create unique index notification_mutes_kind_key on notification_mutes (user_id, kind) where kind is not null;
create unique index notification_mutes_record_key on notification_mutes (user_id, record_kind, record_id) where record_id is not null;
create index notification_mutes_record_id_idx on notification_mutes (record_id) where record_id is not null;
