-- For the user: the platform sees what its plans bring in a month, and which accounts came, went, took more or took less.
-- Safe while old code runs: a new table that triggers fill, whoever writes; functions that only read.

-- What an account pays a month from a moment on, until its next line: the price of a plan of its own while it is open. Prices are
-- kept as they were. The tenant is no foreign key: whoever changes a price writes lines of accounts that others hold.
create table control.plan_history (
  id bigint generated always as identity,
  tenant_id uuid not null,
  since timestamptz not null,
  -- Null: no plan of its own, or the account is stopped or gone.
  plan_id uuid,
  price_minor bigint not null,
  currency text,
  -- When its days to try the plan are over; null when there are none.
  pays_from timestamptz,
  -- From before this table was kept: the plan and the price of the day on which it was made.
  assumed boolean not null default false,
  constraint plan_history_pkey primary key (id)
);
create index plan_history_tenant_id_idx on control.plan_history (tenant_id, since desc, id desc);
-- append-only: plan_history

-- Whether an account in this state has what it pays for.
create function control.is_open(state text) returns boolean language sql immutable
  return state in ('active', 'read_only', 'moving', 'restoring');

create function control.keep_plan() returns trigger language plpgsql as $$
begin
  -- Whoever changes the price of one of these plans waits, or was waited for: of the two, the later one writes the last line.
  perform 1 from control.plans p where p.id in (old.plan_id, new.plan_id) order by p.id for share;
  insert into control.plan_history (tenant_id, since, plan_id, price_minor, currency, pays_from)
    -- Clocks of servers differ a little; lines of an account are in the order in which they were written.
    select new.id, greatest(new.updated_at, (select max(h.since) from control.plan_history h where h.tenant_id = new.id)),
      p.id, coalesce(p.price_minor, 0), p.currency, control.trial_end(new.activated_at, new.trial_days, p.id)
    from (values (case when control.is_open(new.state) then new.plan_id end)) as own (plan_id)
    left join control.plans p on p.id = own.plan_id;
  return null;
end $$;
create trigger tenants_plan_kept after update on control.tenants for each row
  when ((old.plan_id is not null or new.plan_id is not null) and
    (old.plan_id, control.is_open(old.state), old.trial_days, old.activated_at)
    is distinct from (new.plan_id, control.is_open(new.state), new.trial_days, new.activated_at))
  execute function control.keep_plan();

create function control.keep_price() returns trigger language plpgsql as $$
begin
  insert into control.plan_history (tenant_id, since, plan_id, price_minor, currency, pays_from)
    select t.id, greatest(new.updated_at, (select max(h.since) from control.plan_history h where h.tenant_id = t.id)),
      new.id, new.price_minor, new.currency, control.trial_end(t.activated_at, t.trial_days, new.id)
    from control.tenants t where t.plan_id = new.id and control.is_open(t.state);
  return null;
end $$;
create trigger plans_price_kept after update on control.plans for each row
  when ((old.price_minor, old.currency, old.trial_days) is distinct from (new.price_minor, new.currency, new.trial_days))
  execute function control.keep_price();

-- What is known of before: the plan of today, since it was last changed or the account was opened.
insert into control.plan_history (tenant_id, since, plan_id, price_minor, currency, pays_from, assumed)
  select t.id,
    coalesce(
      (select max(e.occurred_at) from control.audit_events e where e.tenant_id = t.id and e.kind = 'tenant.plan_changed'),
      t.activated_at, t.created_at),
    p.id, p.price_minor, p.currency, control.trial_end(t.activated_at, t.trial_days, p.id), true
  from control.tenants t join control.plans p on p.id = t.plan_id
  where t.kind is not null and control.is_open(t.state);

-- Who paid what a month just before a moment.
create function control.paying(moment timestamptz)
  returns table (tenant_id uuid, price_minor bigint, currency text, assumed boolean) language sql stable as $$
  select l.tenant_id, l.price_minor, l.currency, l.assumed
  from (
    select distinct on (h.tenant_id) h.tenant_id, h.price_minor, h.currency, h.pays_from, h.assumed
    from control.plan_history h where h.since < moment order by h.tenant_id, h.since desc, h.id desc
  ) l
  where l.price_minor > 0 and (l.pays_from is null or l.pays_from < moment)
$$;

-- What became of each account that paid at one of two moments. Another currency is the end of one sum and the beginning of another.
create function control.plan_moves(begins timestamptz, ends timestamptz)
  returns table (tenant_id uuid, currency text, before_minor bigint, after_minor bigint, change text, assumed boolean)
  language sql stable as $$
  select coalesce(b.tenant_id, a.tenant_id), coalesce(b.currency, a.currency), coalesce(b.price_minor, 0), coalesce(a.price_minor, 0),
    case when b.price_minor is null then 'new' when a.price_minor is null then 'lost'
      when a.price_minor > b.price_minor then 'expansion' when a.price_minor < b.price_minor then 'contraction' else 'kept' end,
    coalesce(b.assumed, false) or coalesce(a.assumed, false)
  from control.paying(begins) b
  full join control.paying(ends) a on a.tenant_id = b.tenant_id and a.currency = b.currency
$$;
