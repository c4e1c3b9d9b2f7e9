-- For the user: staff see why contacts have the scores that they have.
-- Safe while old code runs: it ignores grants of permissions that it does not know.
update control.roles set grants = grants || '{"scores.read": "all"}', version = version + 1, updated_at = now()
  where tenant_id is null and tenant_kind in ('agency', 'client') and key in ('agency_staff', 'client_staff');
