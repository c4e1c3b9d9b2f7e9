-- For the user: one change to many contacts runs on the server, also when the browser is closed, and is undone as a whole.
-- Safe while old code runs: only new tables.

-- `place` is the last row that is done, `undo_place` the last one that was taken back; both move in the transaction that does
-- the rows, so nobody does a row twice. `reach` are the owners whose contacts are meant, null for everybody's.
create table contact_bulk_runs (
  id uuid not null,
  change jsonb not null,
  is_named boolean not null,
  q text not null,
  filter text[] not null,
  reach uuid[],
  state text not null default 'running',
  total int not null default 0,
  place int not null default 0,
  done int not null default 0,
  changed int not null default 0,
  skipped int not null default 0,
  undo_place int not null default 0,
  undone int not null default 0,
  kept int not null default 0,
  error text,
  created_by uuid,
  created_at timestamptz not null,
  finished_at timestamptz,
  undone_at timestamptz,
  undo_until timestamptz,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint contact_bulk_runs_pkey primary key (id),
  constraint contact_bulk_runs_state_check check (state in ('running', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
  constraint contact_bulk_runs_finished_at_check check ((state = 'running') = (finished_at is null))
);
create index contact_bulk_runs_created_at_idx on contact_bulk_runs (created_at desc, id desc);

-- The contacts that are meant, in the order of their ids, and what became of each. `trace` is what the run changed: before and
-- after. It goes when the run can no longer be undone, and when the person is erased.
create table contact_bulk_run_rows (
  run_id uuid not null,
  place int not null,
  contact_id uuid,
  outcome text,
  reason text,
  field text,
  trace jsonb,
  undo text,
  constraint contact_bulk_run_rows_pkey primary key (run_id, place),
  constraint contact_bulk_run_rows_run_id_fkey foreign key (run_id) references contact_bulk_runs (id) on delete cascade,
  constraint contact_bulk_run_rows_outcome_check check (outcome in ('changed', 'unchanged', 'skipped'))
);
create index contact_bulk_run_rows_contact_id_idx on contact_bulk_run_rows (contact_id) where contact_id is not null;
