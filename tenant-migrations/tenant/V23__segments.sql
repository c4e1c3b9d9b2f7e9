-- For the user: contacts are gathered in segments, by conditions that are followed as contacts change, or by hand.
-- Safe while old code runs: new tables, and indexes on tables that it knows. It notes no changes of contacts: whoever updates
-- step by step recounts his segments by saving them once.

-- `refs` are the tags, fields, forms and pipelines that the definition names. Of what depends on the day (`uses_days`) or on the
-- moment (`uses_moments`) members are right as of `as_of`, read in `zone`. While `is_building`, contacts up to `built_to` are done.
create table segments (
  id uuid not null,
  name text not null,
  description text,
  kind text not null,
  definition jsonb,
  refs uuid[] not null default '{}',
  uses_days boolean not null default false,
  uses_moments boolean not null default false,
  as_of timestamptz not null,
  zone text not null,
  is_building boolean not null default false,
  built_to uuid,
  member_count bigint not null default 0,
  changed_at timestamptz,
  owner_id uuid,
  name_key text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint segments_pkey primary key (id),
  constraint segments_kind_check check (kind in ('dynamic', 'static')),
  constraint segments_definition_check check ((kind = 'dynamic') = (definition is not null))
);
create unique index segments_name_key on segments (lower(name)) where deleted_at is null;
create index segments_name_idx on segments (name_key, id) where deleted_at is null;
create index segments_created_at_idx on segments (created_at, id) where deleted_at is null;
create index segments_updated_at_idx on segments (updated_at, id) where deleted_at is null;

-- Who is in a segment. No foreign key to contacts: only this module takes a line away, so that each is told.
create table segment_members (
  segment_id uuid not null,
  contact_id uuid not null,
  entered_at timestamptz not null,
  constraint segment_members_pkey primary key (segment_id, contact_id)
);
create index segment_members_contact_id_idx on segment_members (contact_id, segment_id);

-- Whom somebody put into a static segment.
create table segment_picks (
  segment_id uuid not null,
  contact_id uuid not null,
  picked_at timestamptz not null,
  constraint segment_picks_pkey primary key (segment_id, contact_id),
  constraint segment_picks_segment_id_fkey foreign key (segment_id) references segments (id) on delete cascade,
  constraint segment_picks_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade
);
create index segment_picks_contact_id_idx on segment_picks (contact_id);

-- Contacts that something happened to, until somebody has looked in which segments they are now. Only added to and taken away:
-- writers never wait for each other here.
create table segment_dirty (
  id uuid not null default gen_random_uuid(),
  contact_id uuid not null,
  is_quiet boolean not null,
  constraint segment_dirty_pkey primary key (id)
);

-- What becomes older finds its contacts by the day.
create index contacts_last_contact_at_idx on contacts (last_contact_at) where last_contact_at is not null and deleted_at is null;
create index activities_moment_idx on activities (occurred_at, contact_id);
create index tasks_due_on_idx on tasks (due_on) where due_on is not null and contact_id is not null and deleted_at is null;
