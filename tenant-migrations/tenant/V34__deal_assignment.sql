-- For the user: rules give new deals to members, in turn or to whoever has the fewest; history says which rule did and why.
-- Safe while old code runs: new tables and columns that it does not know; a deal it makes gets no owner by a rule.

-- The first rule that fits a deal decides. An empty list is no condition. Amounts are minor units of `currency`.
-- `turns` counts what the rule gave away.
create table assignment_rules (
  id uuid not null,
  name text not null,
  position integer not null,
  is_enabled boolean not null,
  mode text not null,
  pipeline_ids uuid[] not null,
  sources text[] not null,
  currency text,
  amount_from bigint,
  amount_to bigint,
  countries text[] not null,
  tag_ids uuid[] not null,
  industries text[] not null,
  turns bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint assignment_rules_pkey primary key (id),
  constraint assignment_rules_mode_check check (mode in ('round_robin', 'least_busy')),
  constraint assignment_rules_amount_check check (currency is not null or (amount_from is null and amount_to is null))
);
create unique index assignment_rules_name_key on assignment_rules (lower(name));
create index assignment_rules_position_idx on assignment_rules (position, id);

-- `credit` is what a member is owed in turns; `last_turn` is when he had his last one, 0 for never.
create table assignment_members (
  rule_id uuid not null,
  member_id uuid not null,
  position smallint not null,
  weight smallint not null,
  most_open integer,
  credit bigint not null default 0,
  last_turn bigint not null default 0,
  constraint assignment_members_pkey primary key (rule_id, member_id),
  constraint assignment_members_rule_id_fkey foreign key (rule_id) references assignment_rules (id) on delete cascade,
  constraint assignment_members_weight_check check (weight between 1 and 10),
  constraint assignment_members_most_open_check check (most_open >= 0)
);

-- A member who takes no deals from rules: from a day and until a day, both included; without an end until somebody ends it.
create table deal_absences (
  member_id uuid not null,
  from_on date,
  until_on date,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint deal_absences_pkey primary key (member_id),
  constraint deal_absences_days_check check (until_on >= from_on)
);

-- Open deals of a member are counted for each deal that a rule gives away.
create index deals_open_owner_idx on deals (owner_id) where status = 'open' and deleted_at is null;

-- Which rule chose the owner, how, and how many open deals he had then. A rule may be gone.
alter table deal_history add column rule_id uuid, add column rule_mode text, add column rule_open integer;
