-- For the user: one change to many deals or companies runs on the server, also when the browser is closed, and is undone as a whole.
-- Safe while old code runs: only new tables.

-- As `contact_bulk_runs` and `contact_bulk_run_rows` are. `field` holds JSON pointers with a space between them; `trace` is what the run
-- changed, before and after, and goes when the run can no longer be undone, and when what it says is erased.
create table deal_bulk_runs (
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
  constraint deal_bulk_runs_pkey primary key (id),
  constraint deal_bulk_runs_state_check check (state in ('running', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
  constraint deal_bulk_runs_finished_at_check check ((state = 'running') = (finished_at is null))
);
create index deal_bulk_runs_created_at_idx on deal_bulk_runs (created_at desc, id desc);

create table deal_bulk_run_rows (
  run_id uuid not null,
  place int not null,
  deal_id uuid,
  outcome text,
  reason text,
  field text,
  trace jsonb,
  undo text,
  constraint deal_bulk_run_rows_pkey primary key (run_id, place),
  constraint deal_bulk_run_rows_run_id_fkey foreign key (run_id) references deal_bulk_runs (id) on delete cascade,
  constraint deal_bulk_run_rows_outcome_check check (outcome in ('changed', 'unchanged', 'skipped'))
);
create index deal_bulk_run_rows_deal_id_idx on deal_bulk_run_rows (deal_id) where deal_id is not null;

create table company_bulk_runs (
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
  constraint company_bulk_runs_pkey primary key (id),
  constraint company_bulk_runs_state_check check (state in ('running', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
  constraint company_bulk_runs_finished_at_check check ((state = 'running') = (finished_at is null))
);
create index company_bulk_runs_created_at_idx on company_bulk_runs (created_at desc, id desc);

create table company_bulk_run_rows (
  run_id uuid not null,
  place int not null,
  company_id uuid,
  outcome text,
  reason text,
  field text,
  trace jsonb,
  undo text,
  constraint company_bulk_run_rows_pkey primary key (run_id, place),
  constraint company_bulk_run_rows_run_id_fkey foreign key (run_id) references company_bulk_runs (id) on delete cascade,
  constraint company_bulk_run_rows_outcome_check check (outcome in ('changed', 'unchanged', 'skipped'))
);
create index company_bulk_run_rows_company_id_idx on company_bulk_run_rows (company_id) where company_id is not null;
