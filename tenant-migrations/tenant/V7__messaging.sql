-- For the user: other systems are told what happens by signed webhooks, with a log of every attempt.
-- Safe while old code runs: only new tables, and a constraint on a column that is empty until webhooks exist.

create table webhooks (
  id uuid not null,
  name text not null,
  url text not null,
  kinds text[] not null,
  -- Sealed with the master key under the context 'webhook:<id>'; the previous secret signs along until it expires.
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  enabled boolean not null default true,
  disabled_reason text,
  failing_since timestamptz,
  last_delivery_at timestamptz,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint webhooks_pkey primary key (id),
  constraint webhooks_disabled_reason_check check (disabled_reason in ('manual', 'failing', 'gone'))
);
create index webhooks_created_at_idx on webhooks (created_at desc, id desc);
create index webhooks_name_idx on webhooks (name, id);
create index webhooks_kinds_idx on webhooks using gin (kinds) where enabled;

create table deliveries (
  id uuid not null,
  webhook_id uuid not null,
  event_id uuid not null,
  -- 0 for the original; a replay is a row of its own.
  replay int not null default 0,
  kind text not null,
  ordering_key text not null,
  contact_id uuid,
  payload jsonb not null,
  state text not null default 'waiting',
  attempts int not null default 0,
  next_at timestamptz,
  status int,
  error text,
  response_excerpt text,
  duration_ms int,
  last_attempt_at timestamptz,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint deliveries_pkey primary key (id),
  constraint deliveries_event_key unique (webhook_id, event_id, replay),
  constraint deliveries_webhook_id_fkey foreign key (webhook_id) references webhooks (id) on delete cascade,
  constraint deliveries_event_id_fkey foreign key (event_id) references events (id),
  constraint deliveries_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint deliveries_state_check check (state in ('waiting', 'delivered', 'failed', 'dropped'))
);
create index deliveries_created_at_idx on deliveries (created_at desc, id desc);
create index deliveries_webhook_id_idx on deliveries (webhook_id, created_at desc, id desc);
create index deliveries_event_id_idx on deliveries (event_id);
create index deliveries_contact_id_idx on deliveries (contact_id) where contact_id is not null;
create index deliveries_finished_at_idx on deliveries (finished_at) where finished_at is not null;

alter table forms
  add constraint forms_webhook_id_fkey foreign key (webhook_id) references webhooks (id) on delete set null;
