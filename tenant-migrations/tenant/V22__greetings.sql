-- For the user: people are greeted by e-mail on their days and on feasts, at nine in the morning where they are, once.
-- Safe while old code runs: only new tables.

create table greetings (
  id uuid not null,
  name text not null,
  kinds text[] not null default '{}',
  feasts text[] not null default '{}',
  countries text[] not null default '{}',
  languages text[] not null default '{}',
  tags text[] not null default '{}',
  stages text[] not null default '{}',
  consent_purpose text,
  subject text not null,
  body text not null,
  approval text not null default 'each',
  enabled boolean not null default false,
  owner_id uuid,
  name_key text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint greetings_pkey primary key (id),
  constraint greetings_kinds_check check (kinds <@ array['birthday', 'anniversary', 'renewal', 'milestone', 'custom']),
  constraint greetings_what_check check (kinds <> '{}' or feasts <> '{}'),
  constraint greetings_approval_check check (approval in ('each', 'automatic'))
);
create index greetings_name_idx on greetings (name_key, id) where deleted_at is null;
create index greetings_created_at_idx on greetings (created_at, id) where deleted_at is null;
create index greetings_deleted_at_idx on greetings (deleted_at, id) where deleted_at is not null;

-- What a greeting sends on one day. It waits for a person unless the greeting is automatic; what was approved is the text of
-- `greeting_version`.
create table greeting_batches (
  id uuid not null,
  greeting_id uuid not null,
  day date not null,
  state text not null,
  greeting_version bigint not null,
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint greeting_batches_pkey primary key (id),
  constraint greeting_batches_greeting_id_key unique (greeting_id, day),
  constraint greeting_batches_greeting_id_fkey foreign key (greeting_id) references greetings (id) on delete cascade,
  constraint greeting_batches_state_check check (state in ('waiting', 'approved', 'rejected', 'expired'))
);
create index greeting_batches_day_idx on greeting_batches (day, id);
create index greeting_batches_state_idx on greeting_batches (state, day, id);

-- What became of a greeting for one contact on one day. The first constraint says: at most once for an occurrence, however often
-- clocks jump and jobs run again. `exclusive` rows are written by tenants that greet nobody twice a day.
create table greeting_sends (
  id uuid not null,
  greeting_id uuid not null,
  contact_id uuid not null,
  day date not null,
  state text not null,
  reason text,
  exclusive boolean not null,
  mail_id uuid,
  created_at timestamptz not null,
  constraint greeting_sends_pkey primary key (id),
  constraint greeting_sends_greeting_id_key unique (greeting_id, contact_id, day),
  constraint greeting_sends_greeting_id_fkey foreign key (greeting_id) references greetings (id) on delete cascade,
  constraint greeting_sends_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint greeting_sends_state_check check (state in ('sent', 'skipped')),
  constraint greeting_sends_reason_check check ((state = 'skipped') = (reason is not null))
);
create unique index greeting_sends_exclusive_key on greeting_sends (contact_id, day) where state = 'sent' and exclusive;
-- Somebody who is known twice under one address gets one mail.
create unique index greeting_sends_mail_key on greeting_sends (mail_id) where mail_id is not null;
create index greeting_sends_contact_id_idx on greeting_sends (contact_id, day);
create index greeting_sends_created_at_idx on greeting_sends (created_at, id);
create index greeting_sends_batch_idx on greeting_sends (greeting_id, day, state);
