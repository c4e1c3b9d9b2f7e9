-- For the user: everything that happens is remembered in one log per tenant that nobody can rewrite.
-- Safe while old code runs: only new tables.
-- append-only: events, event_log

create table events (
  id uuid not null,
  kind text not null,
  subject text not null,
  subject_id uuid not null,
  contact_id uuid,
  title text not null,
  payload jsonb not null default '{}',
  actor_kind text not null,
  actor_id uuid,
  on_behalf_of uuid,
  request_id text,
  occurred_at timestamptz not null,
  constraint events_pkey primary key (id)
);
create index events_contact_id_idx on events (contact_id, occurred_at) where contact_id is not null;
create index events_subject_idx on events (subject, subject_id, occurred_at);
create index events_kind_idx on events (kind, occurred_at);

-- The order readers follow: the dispatcher stamps a gap-free seq after commit, chained by hash.
create table event_log (
  seq bigint not null,
  event_id uuid not null,
  hash bytea not null,
  stamped_at timestamptz not null,
  constraint event_log_pkey primary key (seq),
  constraint event_log_event_id_key unique (event_id),
  constraint event_log_event_id_fkey foreign key (event_id) references events (id),
  constraint event_log_seq_check check (seq > 0)
);

create table event_cursors (
  consumer text not null,
  seq bigint not null,
  updated_at timestamptz not null,
  constraint event_cursors_pkey primary key (consumer)
);
