-- For the user: contacts and companies that nobody has been in touch with for long are found at once, and how many tasks
-- were done in time.
-- Safe while old code runs: nullable columns that it does not know; what happened meanwhile is counted with the next contact.

-- When somebody was last in touch, in either direction, on any channel; written with what it was.
alter table contacts add column last_contact_at timestamptz;
update contacts c set last_contact_at = greatest(
  (select max(a.occurred_at) from activities a where a.contact_id = c.id and a.kind <> 'other'),
  (select max(s.accepted_at) from submissions s where s.contact_id = c.id and s.accepted_at is not null));
create index contacts_quiet_idx on contacts ((coalesce(last_contact_at, created_at)), id, stage, owner_id) where deleted_at is null;
create index contacts_owner_quiet_idx on contacts (owner_id, (coalesce(last_contact_at, created_at)), id, stage) where deleted_at is null;
create index submissions_accepted_at_idx on submissions (contact_id, accepted_at) where accepted_at is not null;

-- What became of the tasks that were due in a time, from the index alone.
create index tasks_due_at_idx on tasks (due_at, assignee_id) include (status, closed_at, closed_by)
  where due_at is not null and deleted_at is null;
