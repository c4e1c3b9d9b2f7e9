-- For the user: tasks come in the order of what presses most, and of that what is due first, at once however many there are.
-- Safe while old code runs: it keeps the index up without knowing, and never read the one that goes.
create index tasks_pressing_idx on tasks ((priority * 1000000000000
  - extract(epoch from coalesce(agenda_at, '9999-12-31T00:00:00Z'::timestamptz) at time zone 'UTC')::bigint), id) where deleted_at is null;
drop index tasks_priority_idx;
