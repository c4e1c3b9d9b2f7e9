-- For the user: a person's data can be handed out and erased, with a proof of what was done.
-- Safe while old code runs: only new tables.

-- contact_id has no foreign key: the request and its proof outlive the contact they erased.
create table data_requests (
  id uuid not null,
  contact_id uuid not null,
  kind text not null,
  state text not null default 'queued',
  reason text,
  same_address uuid[] not null default '{}',
  requested_by_kind text not null,
  requested_by uuid,
  error text,
  proof jsonb,
  proof_hash bytea,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint data_requests_pkey primary key (id),
  constraint data_requests_kind_check check (kind in ('export', 'erasure')),
  constraint data_requests_state_check check (state in ('queued', 'done', 'failed', 'refused')),
  constraint data_requests_proof_check check ((proof is null) = (proof_hash is null))
);
create index data_requests_created_at_idx on data_requests (created_at, id);
create index data_requests_contact_id_idx on data_requests (contact_id, created_at);

-- What an export found. Apart from the request because it is personal data with a short life.
create table data_exports (
  request_id uuid not null,
  contact_id uuid not null,
  document jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint data_exports_pkey primary key (request_id),
  constraint data_exports_request_id_fkey foreign key (request_id) references data_requests (id)
);
create index data_exports_contact_id_idx on data_exports (contact_id);
