-- For the user: what happened first stands first in the log, also when several servers whose clocks differ recorded it.
-- Safe while old code runs: only a column with a value of its own, and another index.

-- Counts up at each insert: a transaction that began after another one had committed always has the higher positions.
alter table ops.outbox add column position bigint generated always as identity;
drop index ops.outbox_tenant_idx;
create index outbox_tenant_idx on ops.outbox (tenant, position);
