-- For the user: contacts with whom nothing has happened for long are erased by themselves, if the tenant says after how many days.
-- Safe while old code runs: only a new table that it does not know; without a row nothing is erased.

-- One row at most. `version` is what the next round was planned with: one that was planned with another does nothing.
create table retention (
  key smallint not null default 1,
  contact_days integer,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint retention_pkey primary key (key),
  constraint retention_key_check check (key = 1),
  constraint retention_contact_days_check check (contact_days between 90 and 36500)
);
