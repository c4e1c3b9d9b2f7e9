-- For the user: staff see what the records that they see add up to.
-- Safe while old code runs: it ignores grants of permissions that it does not know.
update control.roles set grants = grants || '{"reports.*": "all"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'agency' and key = 'agency_staff';
update control.roles set grants = grants || '{"reports.read": "team", "reports.export": "team"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'client' and key = 'client_staff';
