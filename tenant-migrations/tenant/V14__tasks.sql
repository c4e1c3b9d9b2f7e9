-- For the user: what there is to do is kept: due on a day or at a time, repeated, snoozed, done or skipped.
-- Safe while old code runs: only a new table.

-- A due day and time are as people say them, in `zone` (IANA); `due_at` is that moment, or the last second of the day
-- when no time is said. `agenda_at` is when it comes up: `due_at`, or the end of a snooze that ends later. Both are derived,
-- as name_key and search are: the verbs write them with the row.
-- `rule` is a recurrence rule of RFC 5545 without its COUNT, which is `times`. Of a task that repeats, `occurs_on` is the
-- day the rule gave, wherever it was moved since, and `series_from` the day the rule counts from.
create table tasks (
  id uuid not null,
  title text not null,
  kind text not null,
  priority smallint not null,
  status text not null default 'open',
  description text,
  due_on date,
  due_time time,
  zone text not null,
  due_at timestamptz,
  snoozed_until timestamptz,
  agenda_at timestamptz,
  assignee_id uuid,
  collaborators uuid[] not null default '{}',
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  rule text,
  times integer,
  repeats text,
  series_id uuid,
  occurrence integer,
  series_from date,
  occurs_on date,
  follows_id uuid,
  outcome text,
  closed_at timestamptz,
  closed_by uuid,
  created_by uuid,
  name_key text collate "C" not null,
  search text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint tasks_pkey primary key (id),
  -- Each time of a series is made once, whoever finishes the one before, and however many do at once.
  constraint tasks_series_id_key unique (series_id, occurrence),
  constraint tasks_contact_id_fkey foreign key (contact_id) references contacts (id) on delete set null,
  constraint tasks_company_id_fkey foreign key (company_id) references companies (id) on delete set null,
  constraint tasks_deal_id_fkey foreign key (deal_id) references deals (id) on delete set null,
  constraint tasks_kind_check check (kind in ('task', 'call', 'email', 'message', 'meeting', 'proposal', 'invoice')),
  constraint tasks_priority_check check (priority between 0 and 3),
  constraint tasks_status_check check (status in ('open', 'done', 'skipped')),
  constraint tasks_repeats_check check (repeats in ('schedule', 'after_completion')),
  constraint tasks_due_time_check check (due_time is null or due_on is not null),
  constraint tasks_due_at_check check ((due_on is null) = (due_at is null)),
  constraint tasks_closed_at_check check ((status = 'open') = (closed_at is null)),
  constraint tasks_outcome_check check (status <> 'skipped' or outcome is not null),
  constraint tasks_times_check check (times >= 1),
  constraint tasks_rule_check check ((rule is null) = (repeats is null)),
  constraint tasks_series_check check (rule is null or (series_id is not null and occurrence is not null
    and series_from is not null and occurs_on is not null and due_on is not null))
);
create index tasks_agenda_idx on tasks ((coalesce(agenda_at, '9999-12-31T00:00:00Z'::timestamptz)), id) where deleted_at is null;
create index tasks_open_idx on tasks ((coalesce(agenda_at, '9999-12-31T00:00:00Z'::timestamptz)), id)
  where deleted_at is null and status = 'open';
create index tasks_assignee_id_idx on tasks (assignee_id, (coalesce(agenda_at, '9999-12-31T00:00:00Z'::timestamptz)), id)
  where deleted_at is null and status = 'open';
create index tasks_collaborators_idx on tasks using gin (collaborators) where collaborators <> '{}';
create index tasks_created_at_idx on tasks (created_at, id) where deleted_at is null;
create index tasks_updated_at_idx on tasks (updated_at, id) where deleted_at is null;
create index tasks_name_idx on tasks (name_key, id) where deleted_at is null;
create index tasks_priority_idx on tasks (priority, id) where deleted_at is null;
create index tasks_closed_at_idx on tasks ((coalesce(closed_at, '9999-12-31T00:00:00Z'::timestamptz)), id) where deleted_at is null;
create index tasks_contact_id_idx on tasks (contact_id) where contact_id is not null;
create index tasks_company_id_idx on tasks (company_id) where company_id is not null;
create index tasks_deal_id_idx on tasks (deal_id) where deal_id is not null;
create index tasks_search_idx on tasks using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512)
  where deleted_at is null;
create index tasks_deleted_at_idx on tasks (deleted_at, id) where deleted_at is not null;
