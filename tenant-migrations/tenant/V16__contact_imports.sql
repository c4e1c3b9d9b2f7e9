-- For the user: contacts come in from CSV and XLSX files, and an import can be undone, what it changed included.
-- Safe while old code runs: only new tables.

-- `position` is the byte of the decoded source file at which the next row begins, `line` the last row that was read:
-- both move in the transaction that does the rows, so nobody can do a row twice. `jump` is what a change by this import
-- adds to a contact's version; it is large and drawn, so an undone contact never meets the version of the import again.
-- No foreign key to files: an import outlives its file.
create table contact_imports (
  id uuid not null,
  file_name text not null,
  file_size bigint not null,
  sha256 bytea not null,
  original_id uuid not null,
  source_id uuid not null,
  kind text not null,
  encoding text not null,
  delimiter text not null,
  sheet text,
  sheets text[] not null default '{}',
  has_header boolean not null,
  columns jsonb[] not null,
  options jsonb not null,
  check_result jsonb,
  state text not null default 'draft',
  is_again boolean not null default false,
  rows_total int not null,
  position bigint not null default 0,
  line int not null default 0,
  rows_done int not null default 0,
  created int not null default 0,
  updated int not null default 0,
  unchanged int not null default 0,
  skipped int not null default 0,
  failed int not null default 0,
  jump bigint not null default 0,
  reach uuid[],
  tags_made uuid[] not null default '{}',
  undo_line int not null default 0,
  undone int not null default 0,
  kept int not null default 0,
  touched text not null default 'keep',
  erases_file boolean not null default false,
  error text,
  created_by uuid,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  undo_started_at timestamptz,
  undone_at timestamptz,
  undo_until timestamptz,
  file_gone_at timestamptz,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint contact_imports_pkey primary key (id),
  constraint contact_imports_kind_check check (kind in ('csv', 'xlsx')),
  constraint contact_imports_state_check check
    (state in ('draft', 'checking', 'checked', 'running', 'cancelled', 'done', 'failed', 'undoing', 'undone')),
  constraint contact_imports_touched_check check (touched in ('keep', 'delete'))
);
create index contact_imports_created_at_idx on contact_imports (created_at desc, id desc);
-- The same content comes in once, unless somebody says that it shall come again.
create unique index contact_imports_sha256_key on contact_imports (sha256)
  where state in ('running', 'cancelled', 'done', 'failed', 'undoing') and not is_again;

-- What became of each row of a file. `before` is the contact with its addresses as it was; `cells` are kept for rows that
-- did not come in. Both go when the import can no longer be undone, and when the person is erased.
create table contact_import_rows (
  import_id uuid not null,
  line int not null,
  outcome text not null,
  contact_id uuid,
  reason text,
  column_name text,
  same_as int,
  cells jsonb,
  before jsonb,
  undo text,
  constraint contact_import_rows_pkey primary key (import_id, line),
  constraint contact_import_rows_import_id_fkey foreign key (import_id) references contact_imports (id) on delete cascade,
  constraint contact_import_rows_outcome_check check (outcome in ('created', 'updated', 'unchanged', 'skipped', 'failed')),
  constraint contact_import_rows_undo_check check (undo in ('deleted', 'restored', 'trashed', 'changed', 'held', 'gone'))
);
create index contact_import_rows_contact_id_idx on contact_import_rows (contact_id, import_id) where contact_id is not null;
create index contact_import_rows_outcome_idx on contact_import_rows (import_id, outcome, line);
