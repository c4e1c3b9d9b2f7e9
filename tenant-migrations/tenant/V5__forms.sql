-- For the user: forms with versions, what visitors sent with them, and how far visitors get.
-- Safe while old code runs: only new tables.

create table forms (
  id uuid not null,
  name text not null,
  state text not null default 'draft',
  -- Public id of its widget in the control plane; known as soon as it was first published there.
  widget_id text,
  draft jsonb not null,
  published_version int,
  theme jsonb not null default '{}',
  locale text,
  hosted_url text,
  responsible uuid,
  notify uuid[] not null default '{}',
  match_rule text not null default 'email_or_phone',
  auto_reply_subject text,
  auto_reply_body text,
  contact_stage text,
  contact_tags text[] not null default '{}',
  contact_owner uuid,
  submission_cap int,
  opens_at timestamptz,
  closes_at timestamptz,
  webhook_id uuid,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint forms_pkey primary key (id),
  constraint forms_widget_id_key unique (widget_id),
  constraint forms_state_check check (state in ('draft', 'published', 'unpublished')),
  constraint forms_published_check check (state = 'draft' or published_version is not null),
  constraint forms_match_rule_check check (match_rule in ('email', 'phone', 'email_or_phone', 'none')),
  constraint forms_submission_cap_check check (submission_cap > 0),
  -- An auto-reply has both or neither.
  constraint forms_auto_reply_check check ((auto_reply_subject is null) = (auto_reply_body is null)),
  constraint forms_dates_check check (opens_at < closes_at)
);
create index forms_created_at_idx on forms (created_at desc, id desc);
create index forms_updated_at_idx on forms (updated_at desc, id desc);
create index forms_name_idx on forms (name, id);
create index forms_responsible_idx on forms (responsible) where responsible is not null;
create index forms_webhook_id_idx on forms (webhook_id) where webhook_id is not null;

-- What was published never changes: a submission is always read with the questions it answered.
create table form_versions (
  form_id uuid not null,
  number int not null,
  definition jsonb not null,
  published_by uuid,
  published_at timestamptz not null,
  constraint form_versions_pkey primary key (form_id, number),
  constraint form_versions_form_id_fkey foreign key (form_id) references forms (id) on delete cascade,
  constraint form_versions_number_check check (number > 0)
);
-- append-only: form_versions

create table submissions (
  id uuid not null,
  form_id uuid not null,
  form_version int not null,
  contact_id uuid,
  state text not null,
  reasons text[] not null default '{}',
  answers jsonb not null,
  discarded jsonb not null default '{}',
  context jsonb not null,
  attribution jsonb not null default '{}',
  filled_ms bigint,
  session text not null,
  idempotency_key text not null,
  request_hash bytea not null,
  -- When it had its consequences: contact, consents, notifications. They happen once, however often its state changes.
  accepted_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint submissions_pkey primary key (id),
  -- One visitor session and key make one submission, however often it is sent.
  constraint submissions_session_key unique (session, idempotency_key),
  constraint submissions_form_id_fkey foreign key (form_id, form_version) references form_versions (form_id, number),
  constraint submissions_contact_id_fkey foreign key (contact_id) references contacts (id) on delete set null,
  constraint submissions_state_check check (state in ('received', 'quarantined', 'spam'))
);
create index submissions_created_at_idx on submissions (created_at desc, id desc);
create index submissions_form_id_idx on submissions (form_id, created_at desc, id desc);
create index submissions_form_version_idx on submissions (form_id, form_version);
create index submissions_contact_id_idx on submissions (contact_id, created_at desc) where contact_id is not null;
create index submissions_state_idx on submissions (state, created_at desc, id desc) where state <> 'received';

-- Counters of what visitors do before they send. Bounded: days × steps and fields of the version. `shard` spreads one
-- busy counter over several rows, so that visitors do not wait for each other.
create table form_stats (
  form_id uuid not null,
  form_version int not null,
  day date not null,
  what text not null,
  key text not null default '',
  shard smallint not null default 0,
  count bigint not null,
  constraint form_stats_pkey primary key (form_id, form_version, day, what, key, shard),
  constraint form_stats_form_id_fkey foreign key (form_id, form_version) references form_versions (form_id, number) on delete cascade,
  constraint form_stats_what_check check (what in ('start', 'step', 'field', 'error', 'deleted'))
);
create index form_stats_day_idx on form_stats (form_id, day);
