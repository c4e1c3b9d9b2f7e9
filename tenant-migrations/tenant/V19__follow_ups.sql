-- For the user: follow-ups come by themselves after mails, calls and changes of stage, and go when somebody answers.
-- Safe while old code runs: nullable columns and new tables that it does not know.

-- What a logged activity was about, when it was something that waits for an answer.
alter table activities add column topic text;
alter table activities add constraint activities_topic_check check (topic in ('proposal', 'quote', 'invoice'));

-- When the tenant works: one row. `spans` are the hours of a week's days: {day: 1 (Monday) to 7, from, until}.
-- No zone: that of the account.
create table working_time (
  key smallint not null,
  zone text,
  spans jsonb not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint working_time_pkey primary key (key),
  constraint working_time_key_check check (key = 1)
);
insert into working_time (key, spans, updated_at) values (1,
  '[{"day": 1, "from": "09:00", "until": "17:00"}, {"day": 2, "from": "09:00", "until": "17:00"},
    {"day": 3, "from": "09:00", "until": "17:00"}, {"day": 4, "from": "09:00", "until": "17:00"},
    {"day": 5, "from": "09:00", "until": "17:00"}]', '2026-01-01T00:00:00Z');

create table holidays (
  id uuid not null,
  day date not null,
  name text not null,
  is_yearly boolean not null,
  created_at timestamptz not null,
  constraint holidays_pkey primary key (id),
  constraint holidays_day_key unique (day)
);
create index holidays_day_idx on holidays (day, id);

-- Steps: {day, title, kind, priority}, counted from the day somebody was put into it.
create table sequences (
  id uuid not null,
  name text not null,
  is_enabled boolean not null,
  steps jsonb not null,
  days text not null,
  at_time time,
  cancel_on text[] not null,
  withdraws boolean not null,
  assignee text not null,
  member_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint sequences_pkey primary key (id),
  constraint sequences_days_check check (days in ('working', 'calendar')),
  constraint sequences_cancel_on_check check (cancel_on <@ array['reply', 'meeting', 'stage']),
  constraint sequences_assignee_check check (assignee in ('owner', 'actor', 'member')),
  constraint sequences_member_id_check check ((assignee = 'member') = (member_id is not null))
);
create unique index sequences_name_key on sequences (lower(name));
create index sequences_created_at_idx on sequences (created_at, id);

-- What starts a follow-up, how long it waits, what it makes: a task, or for a rule with a sequence a run through that.
create table follow_up_rules (
  id uuid not null,
  name text not null,
  is_enabled boolean not null,
  cause text not null,
  activity_kind text,
  direction text,
  topic text,
  deal_stage_id uuid,
  contact_stage text,
  wait_days smallint not null,
  days text not null,
  at_time time,
  restarts boolean not null,
  cancel_on text[] not null,
  withdraws boolean not null,
  sequence_id uuid,
  task_title text not null,
  task_kind text not null,
  task_priority smallint not null,
  assignee text not null,
  member_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint follow_up_rules_pkey primary key (id),
  constraint follow_up_rules_deal_stage_id_fkey foreign key (deal_stage_id) references pipeline_stages (id) on delete cascade,
  constraint follow_up_rules_sequence_id_fkey foreign key (sequence_id) references sequences (id) on delete restrict,
  constraint follow_up_rules_cause_check check (cause in ('activity', 'deal_stage', 'contact_stage')),
  constraint follow_up_rules_deal_stage_check check ((cause = 'deal_stage') = (deal_stage_id is not null)),
  constraint follow_up_rules_contact_stage_check check ((cause = 'contact_stage') = (contact_stage is not null)),
  constraint follow_up_rules_wait_days_check check (wait_days between 0 and 365),
  constraint follow_up_rules_days_check check (days in ('working', 'calendar')),
  constraint follow_up_rules_cancel_on_check check (cancel_on <@ array['reply', 'meeting', 'stage']),
  constraint follow_up_rules_assignee_check check (assignee in ('owner', 'actor', 'member')),
  constraint follow_up_rules_member_id_check check ((assignee = 'member') = (member_id is not null))
);
create unique index follow_up_rules_name_key on follow_up_rules (lower(name));
create index follow_up_rules_created_at_idx on follow_up_rules (created_at, id);
create index follow_up_rules_deal_stage_id_idx on follow_up_rules (deal_stage_id) where deal_stage_id is not null;
create index follow_up_rules_sequence_id_idx on follow_up_rules (sequence_id) where sequence_id is not null;

-- The same ids in every tenant: nothing outside the schema names them.
insert into follow_up_rules (id, name, is_enabled, cause, activity_kind, direction, topic, deal_stage_id, wait_days, days, restarts, cancel_on, withdraws,
  task_title, task_kind, task_priority, assignee, created_at, updated_at) values
  ('00000000-0000-7000-8000-0000000000f1', 'After a proposal', true, 'activity', null, 'outbound', 'proposal', null, 3, 'working', true,
   '{reply,meeting,stage}', true, 'Ask {name} about the proposal', 'call', 2, 'actor', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  ('00000000-0000-7000-8000-0000000000f2', 'After a quote', true, 'activity', null, 'outbound', 'quote', null, 2, 'working', true,
   '{reply,meeting,stage}', true, 'Ask {name} about the quote', 'call', 2, 'actor', '2026-01-02T00:00:00Z', '2026-01-02T00:00:00Z'),
  ('00000000-0000-7000-8000-0000000000f3', 'No answer to an e-mail', true, 'activity', 'email', 'outbound', null, null, 7, 'calendar', true,
   '{reply,meeting}', true, 'Write to {name} again', 'email', 1, 'actor', '2026-01-03T00:00:00Z', '2026-01-03T00:00:00Z');
insert into follow_up_rules (id, name, is_enabled, cause, deal_stage_id, wait_days, days, restarts, cancel_on, withdraws,
  task_title, task_kind, task_priority, assignee, created_at, updated_at)
  select '00000000-0000-7000-8000-0000000000f4', 'Quiet in ' || s.name, false, 'deal_stage', s.id, 5, 'working', true,
   '{stage}', true, 'See how {deal} goes', 'task', 1, 'owner', '2026-01-04T00:00:00Z', '2026-01-04T00:00:00Z'
  from pipeline_stages s where s.id = '00000000-0000-7000-8000-0000000000d4' and s.removed_at is null;
insert into sequences (id, name, is_enabled, steps, days, cancel_on, withdraws, assignee, created_at, updated_at) values
  ('00000000-0000-7000-8000-0000000000f5', 'First contact', true,
   '[{"day": 1, "title": "Ring {name}", "kind": "call", "priority": 1}, {"day": 3, "title": "Write to {name}", "kind": "email", "priority": 1},
     {"day": 7, "title": "Ring {name} again", "kind": "call", "priority": 1}, {"day": 14, "title": "Last try to reach {name}", "kind": "email", "priority": 1}]',
   'working', '{reply,meeting}', true, 'owner', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

-- Somebody going through a sequence; once at a time.
create table enrolments (
  id uuid not null,
  sequence_id uuid not null,
  contact_id uuid not null,
  deal_id uuid,
  rule_id uuid,
  status text not null default 'active',
  reason text,
  cause_subject text,
  cause_id uuid,
  started_by uuid,
  started_at timestamptz not null,
  paused_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint enrolments_pkey primary key (id),
  constraint enrolments_sequence_id_fkey foreign key (sequence_id) references sequences (id) on delete cascade,
  constraint enrolments_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint enrolments_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade,
  constraint enrolments_rule_id_fkey foreign key (rule_id) references follow_up_rules (id) on delete set null,
  constraint enrolments_status_check check (status in ('active', 'paused', 'stopped', 'finished')),
  constraint enrolments_ended_at_check check ((ended_at is not null) = (status in ('stopped', 'finished'))),
  constraint enrolments_paused_at_check check ((paused_at is not null) = (status = 'paused')),
  constraint enrolments_reason_check check ((status = 'stopped') = (reason is not null))
);
create unique index enrolments_running_key on enrolments (sequence_id, contact_id) where status in ('active', 'paused');
create index enrolments_sequence_id_idx on enrolments (sequence_id);
create index enrolments_contact_id_idx on enrolments (contact_id, created_at, id);
create index enrolments_deal_id_idx on enrolments (deal_id) where deal_id is not null;
create index enrolments_rule_id_idx on enrolments (rule_id) where rule_id is not null;
create index enrolments_created_at_idx on enrolments (created_at, id);

-- What will be made, when, and why. `title` keeps its placeholders until then, so it names nobody. A rule waits for one
-- thing at a time, and a step of a run is made once: whoever makes or cancels it locks the row.
create table follow_ups (
  id uuid not null,
  rule_id uuid,
  enrolment_id uuid,
  step smallint,
  contact_id uuid,
  deal_id uuid,
  title text not null,
  task_kind text not null,
  task_priority smallint not null,
  assignee text not null,
  member_id uuid,
  actor_id uuid,
  cancel_on text[] not null,
  restarts boolean not null,
  withdraws boolean not null,
  wait_days smallint not null,
  days text not null,
  at_time time,
  status text not null default 'waiting',
  reason text,
  cause_subject text,
  cause_id uuid,
  ended_by uuid,
  started_at timestamptz not null,
  started_subject text not null,
  started_id uuid not null,
  due_on date not null,
  zone text not null,
  fire_at timestamptz not null,
  paused_at timestamptz,
  ended_at timestamptz,
  task_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint follow_ups_pkey primary key (id),
  constraint follow_ups_enrolment_id_key unique (enrolment_id, step),
  constraint follow_ups_rule_id_fkey foreign key (rule_id) references follow_up_rules (id) on delete set null,
  constraint follow_ups_enrolment_id_fkey foreign key (enrolment_id) references enrolments (id) on delete cascade,
  constraint follow_ups_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint follow_ups_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade,
  constraint follow_ups_task_id_fkey foreign key (task_id) references tasks (id) on delete set null,
  constraint follow_ups_about_check check (contact_id is not null or deal_id is not null),
  constraint follow_ups_status_check check (status in ('waiting', 'paused', 'fired', 'cancelled')),
  constraint follow_ups_ended_at_check check ((ended_at is not null) = (status in ('fired', 'cancelled'))),
  constraint follow_ups_paused_at_check check ((paused_at is not null) = (status = 'paused')),
  constraint follow_ups_reason_check check ((status = 'cancelled') = (reason is not null)),
  constraint follow_ups_task_id_check check (task_id is null or status = 'fired'),
  constraint follow_ups_step_check check ((enrolment_id is null) = (step is null))
);
create unique index follow_ups_rule_key on follow_ups (rule_id, contact_id, deal_id) nulls not distinct
  where status in ('waiting', 'paused') and rule_id is not null;
create index follow_ups_rule_id_idx on follow_ups (rule_id) where rule_id is not null;
create index follow_ups_contact_id_idx on follow_ups (contact_id, fire_at, id) where contact_id is not null;
create index follow_ups_deal_id_idx on follow_ups (deal_id, fire_at, id) where deal_id is not null;
create index follow_ups_fire_at_idx on follow_ups (fire_at, id);
create index follow_ups_created_at_idx on follow_ups (created_at, id);
create index follow_ups_task_id_idx on follow_ups (task_id) where task_id is not null;
