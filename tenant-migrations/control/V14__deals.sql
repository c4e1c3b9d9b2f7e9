-- For the user: staff works with deals as it works with contacts.
-- Safe while old code runs: it does not know these permissions.
update control.roles set grants = grants || '{"deals.*": "all"}', version = version + 1
  where tenant_id is null and key = 'agency_staff';
update control.roles set grants = grants || '{"deals.*": "team"}', version = version + 1
  where tenant_id is null and key = 'client_staff';
