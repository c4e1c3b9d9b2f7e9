-- For the user: people change the address they sign in with, and take it back when it was not them; mails about an account are
-- in the language of whoever reads them, before there is an account too.
-- Safe while old code runs: a new table, and columns with a default.

-- Somebody's wish for another address. It holds once the link that went there is followed; the link that went to the old one
-- brings that one back until `revert_until`, whatever happened since. Rows go when that is over: they hold addresses.
create table control.email_changes (
  id uuid not null,
  user_id uuid not null,
  -- Where the person worked when he asked: its log tells of it.
  tenant_id uuid not null,
  old_email text not null,
  new_email text not null,
  state text not null default 'pending',
  -- None until the mails with the links are written.
  token_hash bytea,
  revert_hash bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  confirmed_at timestamptz,
  revert_until timestamptz not null,
  constraint email_changes_pkey primary key (id),
  constraint email_changes_token_hash_key unique (token_hash),
  constraint email_changes_revert_hash_key unique (revert_hash),
  constraint email_changes_user_id_fkey foreign key (user_id) references control.users (id) on delete cascade,
  constraint email_changes_tenant_id_fkey foreign key (tenant_id) references control.tenants (id) on delete cascade,
  constraint email_changes_state_check check (state in ('pending', 'confirmed', 'cancelled', 'reverted'))
);
create unique index email_changes_pending_key on control.email_changes (user_id) where state = 'pending';
create index email_changes_user_id_idx on control.email_changes (user_id, created_at);
create index email_changes_tenant_id_idx on control.email_changes (tenant_id);
create index email_changes_revert_until_idx on control.email_changes (revert_until);

-- The language in which whoever signs up or is invited reads, BCP 47; an account begins with it.
alter table control.sign_ups add column locale text not null default 'en';
alter table control.invitations add column locale text not null default 'en';
