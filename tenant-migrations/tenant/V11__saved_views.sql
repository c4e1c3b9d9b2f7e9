-- For the user: filters, order and columns of a list can be kept under a name, for oneself or for everybody.
-- Safe while old code runs: one new table that it does not know.

-- Filters are in the words of the list (`field:op:value`); they are checked when they are kept.
create table saved_views (
  id uuid not null,
  owner_id uuid,
  name text not null,
  is_shared boolean not null,
  is_default boolean not null,
  q text,
  is_deleted boolean not null,
  filter text[] not null,
  sort text,
  columns text[] not null,
  position integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint saved_views_pkey primary key (id),
  constraint saved_views_owner_check check (is_shared or owner_id is not null)
);
create unique index saved_views_own_name_key on saved_views (owner_id, lower(name)) where not is_shared;
create unique index saved_views_shared_name_key on saved_views (lower(name)) where is_shared;
create unique index saved_views_own_default_key on saved_views (owner_id) where is_default and not is_shared;
create unique index saved_views_shared_default_key on saved_views (is_shared) where is_default and is_shared;
create index saved_views_position_idx on saved_views (position, id);
