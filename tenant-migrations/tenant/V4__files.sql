-- For the user: files can be uploaded by members and by visitors of a form, and are downloaded over short-lived links.
-- Safe while old code runs: only new tables.

-- The bytes live in the object store under `object_key`. The row is there before the object, so no object is ever
-- without a row, and a crash in between leaves an 'uploading' row for the sweep to find.
create table files (
  id uuid not null,
  name text not null,
  size bigint not null,
  type text not null,
  sha256 bytea not null,
  state text not null,
  object_key text not null,
  owner_kind text,
  owner_id uuid,
  contact_id uuid,
  session text,
  uploaded_by_kind text not null,
  uploaded_by uuid,
  verdict text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint files_pkey primary key (id),
  constraint files_object_key_key unique (object_key),
  constraint files_state_check check (state in ('uploading', 'pending', 'attached', 'quarantined')),
  constraint files_size_check check (size >= 0),
  -- Attached means attached to something.
  constraint files_owner_check check ((owner_kind is null) = (owner_id is null) and (state <> 'attached' or owner_id is not null)),
  constraint files_contact_id_fkey foreign key (contact_id) references contacts (id) on delete set null
);
create index files_created_at_idx on files (created_at desc, id desc);
create index files_name_idx on files (name, id);
create index files_size_idx on files (size, id);
create index files_owner_idx on files (owner_kind, owner_id) where owner_id is not null;
create index files_contact_id_idx on files (contact_id) where contact_id is not null;
create index files_waiting_idx on files (created_at) where state in ('uploading', 'pending');
create index files_session_idx on files (session) where session is not null;
