-- For the user: staff of clients let their reports come by themselves; staff of agencies may already, with all of reports.
-- Safe while old code runs: it ignores grants of permissions that it does not know.
update control.roles set grants = grants || '{"reports.schedule": "own"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'client' and key = 'client_staff';
