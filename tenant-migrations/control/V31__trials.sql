-- For the user: an agency, and each client, can have days of its own to try its plan; whoever gives them sees when they end.
-- Safe while old code runs: columns that may be null, and a function.

-- Null: as its own plan says. Zero: it does not try anything.
alter table control.tenants add column trial_days int;
alter table control.tenants add constraint tenants_trial_days_check check (trial_days between 0 and 365);
-- How many days were left when its owners were last told.
alter table control.tenants add column trial_told int;

-- When the days to try a plan are over: own days, else those of a plan of one's own, counted from the opening. A day has 24 hours.
create function control.trial_end(opened timestamptz, own_days int, plan uuid) returns timestamptz language sql stable
  return (select opened + d.days * interval '24 hours'
    from (values (coalesce(own_days, (select p.trial_days from control.plans p where p.id = plan)))) as d (days) where d.days > 0);
