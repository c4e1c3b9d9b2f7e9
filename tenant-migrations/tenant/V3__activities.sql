-- For the user: notes, calls and meetings are kept with a contact and shown in its timeline.
-- Safe while old code runs: only new tables.

create table notes (
  id uuid not null,
  contact_id uuid not null,
  author_id uuid,
  body text not null,
  is_private boolean not null default false,
  is_pinned boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint notes_pkey primary key (id),
  constraint notes_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  -- Nobody else could ever read a private note without an author.
  constraint notes_private_check check (not is_private or author_id is not null)
);
create index notes_contact_id_idx on notes (contact_id, created_at, id);

create table activities (
  id uuid not null,
  contact_id uuid not null,
  author_id uuid,
  kind text not null,
  direction text,
  title text not null,
  body text,
  outcome text,
  duration_seconds int,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint activities_pkey primary key (id),
  constraint activities_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint activities_kind_check check (kind in ('call', 'meeting', 'email', 'message', 'other')),
  constraint activities_direction_check check (direction in ('outbound', 'inbound')),
  constraint activities_duration_check check (duration_seconds >= 0)
);
create index activities_contact_id_idx on activities (contact_id, occurred_at, id);
