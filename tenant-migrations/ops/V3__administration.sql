-- For the user: the platform administration recognises a repeated request by its Idempotency-Key.
-- Safe while old code runs: only wider rights.
grant insert, update on ops.idempotency_keys to upzento_admin;
create policy admin_own on ops.idempotency_keys to upzento_admin using (tenant = '') with check (tenant = '');
