-- For the user: staff gather contacts in segments.
-- Safe while old code runs: it ignores grants of permissions that it does not know.
update control.roles set grants = grants || '{"segments.*": "all"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'agency' and key = 'agency_staff';
update control.roles set grants = grants || '{"segments.*": "team"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'client' and key = 'client_staff';
