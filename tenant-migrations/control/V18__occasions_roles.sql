-- For the user: staff keep the days of people and companies; staff of agencies greet people too.
-- Safe while old code runs: it ignores grants of permissions that it does not know.
update control.roles set grants = grants || '{"occasions.*": "all"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'agency' and key = 'agency_staff';
update control.roles set grants = grants || '{"occasions.read": "team", "occasions.write": "team", "occasions.export": "team"}',
  version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'client' and key = 'client_staff';
