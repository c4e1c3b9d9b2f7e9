-- For the user: tasks are found at once by the names of their contact and company, however many there are.
-- Safe while old code runs: a column with a default, of which it knows nothing. What it writes meanwhile is found by the task's own
-- words until the job below comes to it.

-- The words of the contact and of the company that a task is about, as those are found by.
alter table tasks add column about text collate "C" not null default '';
create index tasks_about_idx on tasks using gin (about gin_trgm_ops) with (gin_pending_list_limit = 512) where deleted_at is null;

-- Tasks that are there already get their words page by page, so that nobody waits for a large account. The job waits until old code is
-- gone, and is tried again if it is not.
insert into ops.jobs (id, tenant, kind, payload, run_at)
  select gen_random_uuid(), current_schema()::text, 'FillTaskWords', '{}', now() + interval '2 minutes'
  where exists (select from tasks t where t.contact_id is not null or t.company_id is not null);
