-- For the user: a tag on hundreds of thousands of contacts is renamed, merged or deleted at once, and its contacts follow in the
-- background; contacts are found by their company at once; somebody is erased without a look into every row that did not come in.
-- Safe while old code runs: a table of which it knows nothing, and indexes.

-- What contacts still carry after a tag was renamed, merged or deleted: `name`, instead of what the tag is called now; without a tag
-- they lose it. `place` is the contact up to which they were looked at.
create table tag_runs (
  id uuid not null,
  name text not null,
  tag_id uuid,
  place uuid,
  total bigint,
  done bigint not null default 0,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint tag_runs_pkey primary key (id),
  constraint tag_runs_tag_id_fkey foreign key (tag_id) references tags (id) on delete set null
);
create unique index tag_runs_name_key on tag_runs (name);
create index tag_runs_tag_id_idx on tag_runs (tag_id) where tag_id is not null;
create index tag_runs_created_at_idx on tag_runs (created_at, id);

-- Deleted contacts can come back, so they follow too; the other index of tags knows only those that are there.
create index contacts_deleted_tags_idx on contacts using gin (tags) where deleted_at is not null;

-- Who wrote that he works there, by the beginning of it.
create index contacts_company_name_idx on contacts (lower(company_name) text_pattern_ops)
  where deleted_at is null and company_name is not null;

-- Rows that did not come in, by the words in their cells: they may name whoever is erased.
create index contact_import_rows_cells_idx on contact_import_rows using gin (lower(cells::text) gin_trgm_ops)
  with (gin_pending_list_limit = 2048) where cells is not null;
