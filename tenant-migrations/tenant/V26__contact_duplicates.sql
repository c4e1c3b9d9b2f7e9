-- For the user: contacts that may be one person are found in the background and told with the reasons; "no duplicate" is
-- remembered.
-- Safe while old code runs: only new tables that it does not know.

-- Each pair once: one_id is the smaller id.
create table contact_duplicates (
  id uuid not null,
  one_id uuid not null,
  other_id uuid not null,
  reasons text[] not null,
  confidence smallint not null,
  state text not null default 'open',
  merge_id uuid,
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint contact_duplicates_pkey primary key (id),
  constraint contact_duplicates_one_id_key unique (one_id, other_id),
  constraint contact_duplicates_one_id_fkey foreign key (one_id) references contacts (id) on delete cascade,
  constraint contact_duplicates_other_id_fkey foreign key (other_id) references contacts (id) on delete cascade,
  constraint contact_duplicates_merge_id_fkey foreign key (merge_id) references contact_merges (id) on delete cascade,
  constraint contact_duplicates_order_check check (one_id < other_id),
  constraint contact_duplicates_confidence_check check (confidence between 1 and 100),
  constraint contact_duplicates_state_check check (state in ('open', 'dismissed')),
  constraint contact_duplicates_decided_at_check check ((state = 'dismissed') = (decided_at is not null))
);
create index contact_duplicates_confidence_idx on contact_duplicates (confidence, id) where state = 'open';
create index contact_duplicates_created_at_idx on contact_duplicates (created_at, id);
create index contact_duplicates_other_id_idx on contact_duplicates (other_id);
create index contact_duplicates_merge_id_idx on contact_duplicates (merge_id) where merge_id is not null;

-- What contacts are compared by besides their addresses, derived in the background: the words of the name in one order, and
-- the company or place with the initials, within which names are compared letter by letter.
create table contact_duplicate_keys (
  contact_id uuid not null,
  kind text not null,
  key text collate "C" not null,
  constraint contact_duplicate_keys_pkey primary key (contact_id, kind, key),
  constraint contact_duplicate_keys_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint contact_duplicate_keys_kind_check check (kind in ('name', 'company', 'place'))
);
create index contact_duplicate_keys_key_idx on contact_duplicate_keys (kind, key, contact_id);

-- Contacts that changed and are to be compared anew.
create table contact_duplicate_queue (
  contact_id uuid not null,
  constraint contact_duplicate_queue_pkey primary key (contact_id),
  constraint contact_duplicate_queue_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade
);

-- Looking through all contacts, or merging all sure pairs: how far it has come.
create table contact_duplicate_runs (
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
  constraint contact_duplicate_runs_pkey primary key (id),
  constraint contact_duplicate_runs_kind_check check (kind in ('scan', 'merge')),
  constraint contact_duplicate_runs_state_check check (state in ('running', 'done', 'cancelled')),
  constraint contact_duplicate_runs_confidence_check check (confidence between 1 and 100),
  constraint contact_duplicate_runs_finished_at_check check ((state = 'running') = (finished_at is null))
);
-- One of a kind at a time.
create unique index contact_duplicate_runs_running_key on contact_duplicate_runs (kind) where state = 'running';
create index contact_duplicate_runs_created_at_idx on contact_duplicate_runs (created_at, id);
