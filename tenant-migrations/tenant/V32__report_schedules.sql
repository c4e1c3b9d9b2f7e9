-- For the user: reports come by themselves, every day, week or month, to members, as their owner sees them.
-- Safe while old code runs: only new tables that it does not know.

-- When it comes next is derived from cadence, day, time and zone; nothing comes while it is paused or stopped.
create table report_schedules (
  id uuid not null,
  name text not null,
  owner_id uuid not null,
  kind text not null,
  span text not null,
  compare text not null,
  member_id uuid,
  team_id uuid,
  pipeline_id uuid,
  format text not null,
  cadence text not null,
  day smallint not null,
  minute smallint not null,
  zone text not null,
  recipients uuid[] not null,
  state text not null default 'active',
  next_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint report_schedules_pkey primary key (id),
  constraint report_schedules_cadence_check check (cadence in ('daily', 'weekly', 'monthly')),
  constraint report_schedules_day_check check (day between 1 and 31),
  constraint report_schedules_minute_check check (minute between 0 and 1439),
  constraint report_schedules_state_check check (state in ('active', 'paused', 'stopped')),
  constraint report_schedules_next_at_check check ((state = 'active') = (next_at is not null)),
  constraint report_schedules_recipients_check check (cardinality(recipients) between 1 and 20)
);
create index report_schedules_created_at_idx on report_schedules (created_at, id);
create index report_schedules_owner_id_idx on report_schedules (owner_id, created_at, id);

-- What became of an occurrence. The second constraint says that each comes once, whatever clocks jump and jobs run again.
-- `content` is the file that was sent; it is kept as long as its run.
create table report_runs (
  id uuid not null,
  schedule_id uuid not null,
  due_at timestamptz not null,
  state text not null,
  error text,
  recipients uuid[] not null,
  file_name text,
  content bytea,
  created_at timestamptz not null,
  finished_at timestamptz,
  version bigint not null default 1,
  constraint report_runs_pkey primary key (id),
  constraint report_runs_schedule_id_key unique (schedule_id, due_at),
  constraint report_runs_schedule_id_fkey foreign key (schedule_id) references report_schedules (id) on delete cascade,
  constraint report_runs_state_check check (state in ('waiting', 'sent', 'failed')),
  constraint report_runs_content_check check ((state = 'sent') = (content is not null))
);
create index report_runs_created_at_idx on report_runs (created_at, id);
