-- For the user: companies that are surely one are merged together, each with a way back; a company that several imports named goes
-- with the last of them that is undone.
-- Safe while old code runs: a new table, and a nullable column that old code leaves empty: what its imports bring stays as before.

-- Looking through all companies, or merging all sure pairs: how far it has come.
create table company_duplicate_runs (
  id uuid not null,
  kind text not null,
  state text not null default 'running',
  confidence smallint not null,
  reach uuid[],
  position uuid,
  total bigint not null,
  done bigint not null default 0,
  found bigint not null default 0,
  merged bigint not null default 0,
  skipped bigint not null default 0,
  created_by uuid,
  created_at timestamptz not null,
  finished_at timestamptz,
  version bigint not null default 1,
  constraint company_duplicate_runs_pkey primary key (id),
  constraint company_duplicate_runs_kind_check check (kind in ('scan', 'merge')),
  constraint company_duplicate_runs_state_check check (state in ('running', 'done', 'cancelled')),
  constraint company_duplicate_runs_confidence_check check (confidence between 1 and 100),
  constraint company_duplicate_runs_finished_at_check check ((state = 'running') = (finished_at is null))
);
-- One of a kind at a time.
create unique index company_duplicate_runs_running_key on company_duplicate_runs (kind) where state = 'running';
create index company_duplicate_runs_created_at_idx on company_duplicate_runs (created_at, id);

-- The record that a trace is about, made or used: an import that is undone hands what others use on to one of those.
alter table contact_import_traces add column record_id uuid;
update contact_import_traces set record_id = (trace ->> 'company')::uuid where part = 'companies';
create index contact_import_traces_record_id_idx on contact_import_traces (record_id) where record_id is not null;
