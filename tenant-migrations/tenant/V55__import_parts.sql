-- For the user: an import of contacts brings their companies, birthdays and opt-outs too, and takes them back with an undo.
-- Safe while old code runs: columns with defaults and a new table. Imports that old code starts bring contacts alone.

-- `brought` are figures of what came besides contacts, and of what an undo left of it; `reaches` says by permission whose records
-- whoever started the import may write, null for everybody's.
alter table contact_imports
  add column brought jsonb not null default '{}',
  add column reaches jsonb not null default '{}';

-- What has to be known to take back what came besides contacts. `step` is the order of an undo. A row goes when it is undone, when
-- nobody can undo it any more, and when the person is erased.
create table contact_import_traces (
  import_id uuid not null,
  step smallint not null,
  line int not null,
  part text not null,
  contact_id uuid,
  trace jsonb not null,
  undo text,
  constraint contact_import_traces_pkey primary key (import_id, step, line, part),
  constraint contact_import_traces_import_id_fkey foreign key (import_id) references contact_imports (id) on delete cascade
);
create index contact_import_traces_contact_id_idx on contact_import_traces (contact_id) where contact_id is not null;
create index contact_import_traces_pending_idx on contact_import_traces (import_id, step, part, line) where undo is null;

-- A company that goes is looked for in deals that were deleted too.
create index deals_any_company_id_idx on deals (company_id) where company_id is not null;
