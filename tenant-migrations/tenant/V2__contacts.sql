-- For the user: people are kept as contacts, with tags, stages, consent and do-not-contact.
-- Safe while old code runs: only new tables.
-- append-only: consent_texts, consents

create table contact_stages (
  key text not null,
  label text not null,
  position smallint not null,
  outcome text not null,
  constraint contact_stages_pkey primary key (key),
  constraint contact_stages_outcome_check check (outcome in ('open', 'won', 'lost'))
);
insert into contact_stages (key, label, position, outcome) values
  ('new', 'New', 1, 'open'),
  ('contacted', 'Contacted', 2, 'open'),
  ('qualified', 'Qualified', 3, 'open'),
  ('proposal', 'Proposal', 4, 'open'),
  ('negotiation', 'Negotiation', 5, 'open'),
  ('won', 'Won', 6, 'won'),
  ('lost', 'Lost', 7, 'lost');

-- name_key, email, phone and search are derived: the verbs write them with the row, so that lists and search touch one
-- table. Collation C: they are compared byte by byte, and one index serves order and prefix.
-- stage has no foreign key: every new contact would lock the one row of the first stage.
create table contacts (
  id uuid not null,
  display_name text not null,
  salutation text,
  first_name text,
  middle_name text,
  last_name text,
  company_name text,
  job_title text,
  address jsonb,
  zone text,
  language text,
  stage text not null default 'new',
  owner_id uuid,
  tags text[] not null default '{}',
  source text,
  first_touch jsonb,
  last_touch jsonb,
  hold_reason text,
  name_key text collate "C" not null,
  email text collate "C",
  phone text collate "C",
  search text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint contacts_pkey primary key (id)
);
create index contacts_created_at_idx on contacts (created_at, id) where deleted_at is null;
create index contacts_updated_at_idx on contacts (updated_at, id) where deleted_at is null;
create index contacts_name_idx on contacts (name_key, id) where deleted_at is null;
create index contacts_stage_idx on contacts (stage, created_at, id) where deleted_at is null;
create index contacts_owner_id_idx on contacts (owner_id, created_at, id) where deleted_at is null;
create index contacts_source_idx on contacts (source, created_at, id) where deleted_at is null and source is not null;
create index contacts_tags_idx on contacts using gin (tags) where deleted_at is null;
-- A short pending list: a search reads it row by row.
create index contacts_search_idx on contacts using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512)
  where deleted_at is null;
create index contacts_deleted_at_idx on contacts (deleted_at, id) where deleted_at is not null;

-- Position 0 is the primary address. `canonical` is the form that addresses are compared in.
create table contact_emails (
  contact_id uuid not null,
  position smallint not null,
  kind text not null,
  address text not null,
  canonical text collate "C" not null,
  constraint contact_emails_pkey primary key (contact_id, position),
  constraint contact_emails_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint contact_emails_kind_check check (kind in ('work', 'home', 'other')),
  constraint contact_emails_position_check check (position >= 0)
);
create index contact_emails_canonical_idx on contact_emails (canonical, contact_id);

-- `canonical` is E.164, or the digits of what was typed when it is no valid number.
create table contact_phones (
  contact_id uuid not null,
  position smallint not null,
  kind text not null,
  number text not null,
  e164 text collate "C",
  canonical text collate "C" not null,
  constraint contact_phones_pkey primary key (contact_id, position),
  constraint contact_phones_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint contact_phones_kind_check check (kind in ('mobile', 'work', 'home', 'other')),
  constraint contact_phones_position_check check (position >= 0)
);
create index contact_phones_canonical_idx on contact_phones (canonical, contact_id);

create table tags (
  id uuid not null,
  name text not null,
  colour text,
  description text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint tags_pkey primary key (id)
);
create unique index tags_name_key on tags (lower(name));
create index tags_name_idx on tags (name collate "C", id);

create table do_not_contact (
  contact_id uuid not null,
  channel text not null,
  direction text not null,
  reason text,
  actor_kind text not null,
  actor_id uuid,
  created_at timestamptz not null,
  constraint do_not_contact_pkey primary key (contact_id, channel, direction),
  constraint do_not_contact_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint do_not_contact_channel_check check (channel in ('email', 'sms', 'phone', 'whatsapp', 'all')),
  constraint do_not_contact_direction_check check (direction in ('outbound', 'inbound'))
);

-- The wording that people agreed to, once per wording.
create table consent_texts (
  hash bytea not null,
  text text not null,
  created_at timestamptz not null,
  constraint consent_texts_pkey primary key (hash)
);

-- The ledger. It names nobody: contact_id has no foreign key because a line outlives the person's erasure, and what
-- points to a person (page, address of the network) lives in consent_evidence, bound to the line by its hash.
create table consents (
  id uuid not null,
  contact_id uuid not null,
  purpose text not null,
  channel text,
  state text not null,
  text_hash bytea,
  text_version text,
  evidence_hash bytea not null,
  actor_kind text not null,
  actor_id uuid,
  occurred_at timestamptz not null,
  constraint consents_pkey primary key (id),
  constraint consents_text_hash_fkey foreign key (text_hash) references consent_texts (hash),
  constraint consents_channel_check check (channel in ('email', 'sms', 'phone', 'whatsapp')),
  constraint consents_state_check check (state in ('granted', 'withdrawn'))
);
create index consents_contact_id_idx on consents (contact_id, occurred_at, id);
create index consents_text_hash_idx on consents (text_hash) where text_hash is not null;

create table consent_evidence (
  consent_id uuid not null,
  contact_id uuid not null,
  evidence jsonb not null,
  constraint consent_evidence_pkey primary key (consent_id),
  constraint consent_evidence_consent_id_fkey foreign key (consent_id) references consents (id)
);
create index consent_evidence_contact_id_idx on consent_evidence (contact_id);
