-- For the user: deals move through pipelines of ordered stages, and what was believed on any past day can be seen again.
-- Safe while old code runs: only new tables that it does not know.
-- append-only: deal_history

-- `currency` of a deal is its own; amounts are in minor units. `quiet_days`: after so many days without a touch an open
-- deal counts as quiet. `reasons` are offered when a deal is lost or abandoned.
create table pipelines (
  id uuid not null,
  name text not null,
  position integer not null,
  quiet_days smallint not null,
  reasons text[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint pipelines_pkey primary key (id),
  constraint pipelines_quiet_days_check check (quiet_days between 1 and 365)
);
create unique index pipelines_name_key on pipelines (lower(name));
create index pipelines_position_idx on pipelines (position, id);

-- A stage that was taken out stays: closed deals ended in it, and the board of a past day shows it.
-- `requires` names fields of a deal that may not be empty when it enters.
create table pipeline_stages (
  id uuid not null,
  pipeline_id uuid not null,
  name text not null,
  position smallint not null,
  probability smallint not null,
  requires text[] not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  constraint pipeline_stages_pkey primary key (id),
  constraint pipeline_stages_pipeline_id_key unique (pipeline_id, id),
  constraint pipeline_stages_pipeline_id_fkey foreign key (pipeline_id) references pipelines (id) on delete cascade,
  constraint pipeline_stages_probability_check check (probability between 0 and 100)
);

-- The same ids in every tenant: nothing outside the schema names them.
insert into pipelines (id, name, position, quiet_days, reasons, created_at, updated_at) values
  ('00000000-0000-7000-8000-0000000000d1', 'Sales', 0, 7,
   '{Price,Timing,"Chose somebody else","No answer","No need"}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
insert into pipeline_stages (id, pipeline_id, name, position, probability, requires, created_at) values
  ('00000000-0000-7000-8000-0000000000d2', '00000000-0000-7000-8000-0000000000d1', 'New', 0, 10, '{}', '2026-01-01T00:00:00Z'),
  ('00000000-0000-7000-8000-0000000000d3', '00000000-0000-7000-8000-0000000000d1', 'Qualified', 1, 25, '{}', '2026-01-01T00:00:00Z'),
  ('00000000-0000-7000-8000-0000000000d4', '00000000-0000-7000-8000-0000000000d1', 'Proposal', 2, 50, '{}', '2026-01-01T00:00:00Z'),
  ('00000000-0000-7000-8000-0000000000d5', '00000000-0000-7000-8000-0000000000d1', 'Negotiation', 3, 75, '{}', '2026-01-01T00:00:00Z');

-- `rank` is the place within the stage, compared byte by byte. name_key and search are derived, as those of contacts.
-- `touched_at` is when somebody last did something with it.
create table deals (
  id uuid not null,
  title text not null,
  pipeline_id uuid not null,
  stage_id uuid not null,
  rank text collate "C" not null,
  status text not null default 'open',
  reason text,
  reason_note text,
  amount bigint not null,
  currency text not null,
  expected_close date,
  owner_id uuid,
  source text,
  description text,
  next_step text,
  next_step_on date,
  name_key text collate "C" not null,
  search text collate "C" not null,
  stage_since timestamptz not null,
  touched_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint deals_pkey primary key (id),
  constraint deals_stage_id_fkey foreign key (pipeline_id, stage_id) references pipeline_stages (pipeline_id, id),
  constraint deals_status_check check (status in ('open', 'won', 'lost', 'abandoned')),
  constraint deals_amount_check check (amount between 0 and 100000000000000),
  constraint deals_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint deals_closed_at_check check ((status = 'open') = (closed_at is null)),
  constraint deals_reason_check check (status not in ('lost', 'abandoned') or reason is not null)
);
-- No two cards of a stage have one place.
create unique index deals_place_key on deals (stage_id, rank) where status = 'open' and deleted_at is null;
create index deals_stage_id_idx on deals (pipeline_id, stage_id);
create index deals_created_at_idx on deals (created_at, id) where deleted_at is null;
create index deals_updated_at_idx on deals (updated_at, id) where deleted_at is null;
create index deals_name_idx on deals (name_key, id) where deleted_at is null;
create index deals_amount_idx on deals (amount, id) where deleted_at is null;
create index deals_expected_close_idx on deals ((coalesce(expected_close, date '9999-12-31')), id) where deleted_at is null;
create index deals_stage_since_idx on deals (stage_since, id) where deleted_at is null;
create index deals_owner_id_idx on deals (owner_id, created_at, id) where deleted_at is null;
create index deals_closed_at_idx on deals (pipeline_id, closed_at) where deleted_at is null and closed_at is not null;
create index deals_search_idx on deals using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512)
  where deleted_at is null;
create index deals_deleted_at_idx on deals (deleted_at, id) where deleted_at is not null;

create table deal_contacts (
  deal_id uuid not null,
  position smallint not null,
  contact_id uuid not null,
  role text not null,
  constraint deal_contacts_pkey primary key (deal_id, contact_id),
  constraint deal_contacts_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade,
  constraint deal_contacts_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint deal_contacts_role_check check (role in ('decision_maker', 'influencer', 'user', 'billing', 'other'))
);
create index deal_contacts_contact_id_idx on deal_contacts (contact_id, deal_id);

-- What a deal was after each change that a board or a forecast can show: ids and figures, nobody's name. A line outlives
-- its deal, so that a past board keeps its sums.
create table deal_history (
  id uuid not null,
  deal_id uuid not null,
  version bigint not null,
  kind text not null,
  pipeline_id uuid not null,
  stage_id uuid not null,
  status text not null,
  amount bigint not null,
  currency text not null,
  expected_close date,
  owner_id uuid,
  is_deleted boolean not null,
  stage_since timestamptz not null,
  actor_kind text not null,
  actor_id uuid,
  occurred_at timestamptz not null,
  constraint deal_history_pkey primary key (id),
  constraint deal_history_deal_id_key unique (deal_id, version),
  constraint deal_history_kind_check check (kind in
    ('created', 'moved', 'changed', 'won', 'lost', 'abandoned', 'reopened', 'deleted', 'restored'))
);
create index deal_history_pipeline_id_idx on deal_history (pipeline_id, occurred_at, deal_id);
