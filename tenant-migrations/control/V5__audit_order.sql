-- For the user: what the platform did stands in a tenant's log in the order in which it happened.
-- Safe while old code runs: only a column with a value of its own, and another index.

-- Counts up at each insert: ids follow the clocks of the servers, which may differ.
alter table control.audit_events add column position bigint generated always as identity;
drop index control.audit_events_unprojected_idx;
create index audit_events_unprojected_idx on control.audit_events (position) where projected_at is null;
