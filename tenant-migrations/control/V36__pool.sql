-- For the user: an agency that opens a client while no schema stands ready sees how one is made, and goes on the moment it is.
-- Safe while old code runs: only triggers; what does not know the payload forgets what it remembers, and asks anew.

-- Tells whoever listens how the schemas are doing that belong to nobody yet: `pool:making`, `pool:ready`. The same payload counts
-- once in a transaction, so a batch is one message.
create function control.announce_pool() returns trigger language plpgsql as $$
begin
  perform pg_notify('control_changed', 'pool:' || tg_argv[0]);
  return null;
end $$;

create trigger tenants_making after insert on control.tenants for each row
  when (new.state = 'warming') execute function control.announce_pool('making');
create trigger tenants_ready after update on control.tenants for each row
  when (old.state = 'warming' and new.state = 'ready') execute function control.announce_pool('ready');
