-- For the user: every e-mail waits here until a mail server took it, with its state and its last error.
-- Safe while old code runs: only new objects.

-- `data` is what the template is filled with. It may hold links that sign somebody in, so it goes as soon as the mail
-- is sent; the address and subject go when the mail is old (ops.purge_mails).
create table ops.mails (
  id uuid not null,
  tenant text not null default current_user,
  brand_tenant uuid,
  recipient text,
  -- A member, whose address is looked up when the mail goes out.
  recipient_user uuid,
  recipient_name text,
  reply_to text,
  headers jsonb not null default '{}',
  template text not null,
  locale text not null,
  data jsonb,
  subject text,
  message_id text,
  contact_id uuid,
  notification_id uuid,
  dedupe_key text,
  state text not null default 'queued',
  attempts int not null default 0,
  next_at timestamptz not null,
  -- A mail server that does not take it is asked again until then.
  patient_until timestamptz not null,
  claimed_until timestamptz,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint mails_pkey primary key (id),
  constraint mails_state_check check (state in ('queued', 'sending', 'sent', 'failed')),
  -- What is not sent yet can still be sent.
  constraint mails_content_check check (state in ('sent', 'failed') or ((recipient is not null or recipient_user is not null) and data is not null))
);
create unique index mails_dedupe_key on ops.mails (tenant, dedupe_key) where dedupe_key is not null;
create index mails_tenant_idx on ops.mails (tenant, created_at desc, id desc);
create index mails_recipient_idx on ops.mails (tenant, lower(recipient)) where recipient is not null;
create index mails_contact_id_idx on ops.mails (tenant, contact_id) where contact_id is not null;
create index mails_notification_id_idx on ops.mails (tenant, notification_id) where notification_id is not null;
create index mails_created_at_idx on ops.mails (created_at);

grant select, insert, update on ops.mails to upzento_tenant;
grant select, insert, update, delete on ops.mails to upzento_ops, upzento_control;
-- The platform's administration sees how mail flows, not to whom or what.
grant select (id, tenant, template, state, attempts, next_at, last_error, created_at, sent_at) on ops.mails to upzento_admin;

alter table ops.mails enable row level security;
alter table ops.mails force row level security;
create policy tenant_own on ops.mails to upzento_tenant
  using (tenant = current_user::text) with check (tenant = current_user::text);
create policy owner_all on ops.mails to upzento_owner using (true) with check (true);
create policy ops_all on ops.mails to upzento_ops using (true) with check (true);
create policy control_own on ops.mails to upzento_control using (tenant = '') with check (tenant = '');
create policy admin_read on ops.mails for select to upzento_admin using (true);

-- Deletes mails older than a moment, a batch at a time; says how many. Runs as the owner: whoever calls it can clear
-- old mail of every tenant without being able to read any.
create function ops.purge_mails(before timestamptz, batch int) returns bigint
language sql security definer set search_path = '' as $$
  with old as (
    select id from ops.mails
    where created_at < before and state in ('sent', 'failed')
    order by created_at limit batch
  ), gone as (
    delete from ops.mails m using old where m.id = old.id returning m.id
  )
  select count(*) from gone;
$$;
revoke all on function ops.purge_mails(timestamptz, int) from public;
grant execute on function ops.purge_mails(timestamptz, int) to upzento_control;
