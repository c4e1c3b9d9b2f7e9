-- For the user: contacts that are one person become one, nothing of them is lost, and a merge can be undone.
-- Safe while old code runs: a nullable column and new tables; to old code a merged contact is a deleted one.

-- A contact that went stays as a row, so that an undo finds everything that never moved.
alter table contacts add column merged_into uuid;
alter table contacts add constraint contacts_merged_into_fkey foreign key (merged_into) references contacts (id) on delete cascade;
alter table contacts add constraint contacts_merged_into_check check (merged_into is null or deleted_at is not null);
create index contacts_merged_into_idx on contacts (merged_into) where merged_into is not null;

-- `before` is the contact that is kept as it was, with its addresses and the index of its custom values; the drafts are what
-- could be edited of it before and after, so that an edit made since is told from the merge.
create table contact_merges (
  id uuid not null,
  kept_id uuid not null,
  state text not null default 'done',
  fields text[] not null default '{}',
  moved bigint not null default 0,
  before jsonb not null,
  draft_before jsonb not null,
  draft_after jsonb not null,
  actor_kind text not null,
  actor_id uuid,
  created_at timestamptz not null,
  undone_by uuid,
  undone_at timestamptz,
  kept_edits text[] not null default '{}',
  missing bigint not null default 0,
  edited bigint not null default 0,
  version bigint not null default 1,
  constraint contact_merges_pkey primary key (id),
  constraint contact_merges_kept_id_fkey foreign key (kept_id) references contacts (id) on delete cascade,
  constraint contact_merges_state_check check (state in ('done', 'undone')),
  constraint contact_merges_undone_at_check check ((state = 'undone') = (undone_at is not null))
);
create index contact_merges_created_at_idx on contact_merges (created_at, id);
create index contact_merges_kept_id_idx on contact_merges (kept_id, created_at, id);

-- The contacts that went, as they were: row and index of custom values.
create table contact_merge_members (
  merge_id uuid not null,
  merged_id uuid not null,
  position smallint not null,
  before jsonb not null,
  constraint contact_merge_members_pkey primary key (merge_id, merged_id),
  constraint contact_merge_members_merge_id_fkey foreign key (merge_id) references contact_merges (id) on delete cascade,
  constraint contact_merge_members_merged_id_fkey foreign key (merged_id) references contacts (id) on delete cascade
);
create index contact_merge_members_merged_id_idx on contact_merge_members (merged_id);

-- Which rows of which tables moved (step 0), and which were changed to make room, as they were and became.
create table contact_merge_rows (
  merge_id uuid not null,
  merged_id uuid not null,
  table_name text not null,
  column_name text not null,
  step smallint not null,
  key jsonb not null,
  before jsonb,
  after jsonb,
  constraint contact_merge_rows_pkey primary key (merge_id, merged_id, table_name, column_name, step, key),
  constraint contact_merge_rows_merge_id_fkey foreign key (merge_id, merged_id) references contact_merge_members (merge_id, merged_id)
    on delete cascade,
  constraint contact_merge_rows_step_check check ((step = 0) = (before is null))
);
