-- For the user: staff keep files with contacts, companies and deals.
-- Safe while old code runs: it ignores grants of permissions that it does not know.
update control.roles set grants = grants || '{"attachments.*": "all"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'agency' and key = 'agency_staff';
update control.roles set grants = grants || '{"attachments.read": "team", "attachments.write": "team"}',
  version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind = 'client' and key = 'client_staff';
