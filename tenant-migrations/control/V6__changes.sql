-- For the user: a revoked key, an ended session or a suspended account stops counting everywhere within milliseconds.
-- Safe while old code runs: only triggers; nobody has to listen.

-- Tells whoever listens what changed: `all`, `tenant:<id>` or `user:<id>`. Only what is rarely written may announce:
-- notifying takes a lock of the whole server at commit.
create function control.announce() returns trigger language plpgsql as $$
declare
  -- What it concerns, and the column with the id.
  scope text := tg_argv[0];
  gone jsonb;
begin
  if scope = 'all' then
    perform pg_notify('control_changed', 'all');
  elsif tg_op = 'INSERT' then
    perform pg_notify('control_changed', scope || ':' || (to_jsonb(new) ->> tg_argv[1]));
  else
    gone := to_jsonb(old);
    perform pg_notify('control_changed', scope || ':' || (gone ->> tg_argv[1]));
  end if;
  return null;
end $$;

-- Tenants. Ready schemas without an owner are nobody's business, and a plan counts for an agency's clients too.
create trigger tenants_changed after update on control.tenants for each row
  when (old.kind is not null and
    (old.kind, old.parent_id, old.name, old.state, old.zone, old.locale, old.country, old.schema_version, old.role_name, old.schema_name)
    is distinct from
    (new.kind, new.parent_id, new.name, new.state, new.zone, new.locale, new.country, new.schema_version, new.role_name, new.schema_name))
  execute function control.announce('tenant', 'id');
create trigger tenants_plan_changed after update on control.tenants for each row
  when (old.plan_id is distinct from new.plan_id) execute function control.announce('all');
create trigger tenants_deleted after delete on control.tenants for each row
  when (old.kind is not null) execute function control.announce('tenant', 'id');

-- Who may do what.
create trigger users_changed after update on control.users for each row
  when (old.state is distinct from new.state) execute function control.announce('user', 'id');
create trigger users_deleted after delete on control.users for each row execute function control.announce('user', 'id');
create trigger memberships_changed after update on control.memberships for each row
  when (old.state is distinct from new.state) execute function control.announce('tenant', 'tenant_id');
create trigger memberships_deleted after delete on control.memberships for each row
  execute function control.announce('tenant', 'tenant_id');
create trigger member_roles_changed after insert or update or delete on control.member_roles for each row
  execute function control.announce('tenant', 'tenant_id');
create trigger team_members_changed after insert or update or delete on control.team_members for each row
  execute function control.announce('tenant', 'tenant_id');
create trigger roles_changed after update on control.roles for each row
  when (old.grants is distinct from new.grants) execute function control.announce('all');
create trigger sessions_changed after update on control.sessions for each row
  when (old.revoked_at is distinct from new.revoked_at) execute function control.announce('user', 'user_id');
create trigger sessions_deleted after delete on control.sessions for each row
  when (old.revoked_at is null) execute function control.announce('user', 'user_id');
create trigger api_keys_changed after update on control.api_keys for each row
  when ((old.scopes, old.addresses, old.expires_at, old.revoked_at) is distinct from
    (new.scopes, new.addresses, new.expires_at, new.revoked_at))
  execute function control.announce('tenant', 'tenant_id');
create trigger api_keys_deleted after delete on control.api_keys for each row
  execute function control.announce('tenant', 'tenant_id');
create trigger platform_admins_changed after update on control.platform_admins for each row
  when ((old.role_id, old.state) is distinct from (new.role_id, new.state)) execute function control.announce('user', 'id');
create trigger admin_sessions_changed after update on control.admin_sessions for each row
  when (old.revoked_at is distinct from new.revoked_at) execute function control.announce('user', 'admin_id');
create trigger impersonations_changed after update on control.impersonations for each row
  execute function control.announce('tenant', 'tenant_id');

-- Who has what.
create trigger plans_changed after update or delete on control.plans for each row execute function control.announce('all');
create trigger tenant_modules_changed after insert or update or delete on control.tenant_modules for each row
  execute function control.announce('tenant', 'tenant_id');
create trigger feature_flags_changed after insert or update or delete on control.feature_flags for each row
  execute function control.announce('all');
create trigger tenant_flags_changed after insert or update or delete on control.tenant_flags for each row
  execute function control.announce('tenant', 'tenant_id');
