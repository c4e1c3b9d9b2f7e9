-- For the user: contacts whose time is over are looked for a thousand at a time, however many there are; somebody's tasks, and those of
-- a day, are found at once among all that were ever done; groups of companies are found although thousands share one number.
-- Safe while old code runs: a column with a default, of which it knows nothing, and indexes; what it plans is taken as the next step.

-- The step of its rounds that comes next: a job that was planned for another one does nothing, so each is done once.
alter table retention add column step bigint not null default 0;

-- A member's tasks, done or not. With it the index of collaborators answers for those that he shares.
create index tasks_member_idx on tasks (assignee_id) where assignee_id is not null and deleted_at is null;
-- Tasks of a day or of some days; it takes the place of one that kept only those about contacts.
create index tasks_day_idx on tasks (due_on) where due_on is not null and deleted_at is null;
drop index tasks_due_on_idx;

-- The surest pair of a company.
create index company_duplicates_surest_idx on company_duplicates (one_id, confidence, id) where state = 'open';
