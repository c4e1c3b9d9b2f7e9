-- For the user: whoever has a task is reminded of it, once, before it is due.
-- Safe while old code runs: only a new table.

-- `minutes_before` the task is due somebody wants to be reminded; null for the end of a snooze. `remind_at` is that moment
-- as the task is now, and absent while the task has no day. `told_at` says that it was done, for that moment.
create table task_reminders (
  id uuid not null,
  task_id uuid not null,
  minutes_before integer,
  remind_at timestamptz,
  told_at timestamptz,
  constraint task_reminders_pkey primary key (id),
  constraint task_reminders_task_id_key unique nulls not distinct (task_id, minutes_before),
  constraint task_reminders_task_id_fkey foreign key (task_id) references tasks (id) on delete cascade,
  constraint task_reminders_minutes_before_check check (minutes_before between 0 and 40320)
);
