-- For the user: staff see which fields their tenant has defined; who administers a tenant defines them.
-- Safe while old code runs: it ignores grants of permissions that it does not know.
update control.roles set grants = grants || '{"fields.read": "all"}', version = version + 1, updated_at = now()
  where tenant_id is null and key in ('agency_staff', 'client_staff');
