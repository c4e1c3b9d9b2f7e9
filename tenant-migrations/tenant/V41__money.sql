-- For the user: amounts of other currencies are told in the account's own by dated rates; what companies are worth is counted
--   from won deals; what was bought has terms; deals keep the campaign they came from.
-- Safe while old code runs: new tables, and columns with defaults that it does not know. A deal it closes has no day of closing
--   until it is changed again; its day in UTC counts meanwhile.

-- What one unit of `currency` is worth in units of `home`, from a day on until the next rate of the same currency. `factor` is
-- derived: it turns minor units into minor units. The verbs write it with the row.
create table exchange_rates (
  id uuid not null,
  currency text not null,
  home text not null,
  valid_from date not null,
  rate numeric not null,
  factor numeric not null,
  origin text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint exchange_rates_pkey primary key (id),
  constraint exchange_rates_currency_key unique (home, currency, valid_from),
  constraint exchange_rates_home_check check (home <> currency),
  constraint exchange_rates_rate_check check (rate > 0 and rate < 100000000),
  constraint exchange_rates_origin_check check (origin in ('manual', 'import', 'ecb'))
);
create index exchange_rates_valid_from_idx on exchange_rates (valid_from, id);

-- One row: where rates come from by themselves. Whoever changes rates locks it; whoever counts by them shares it.
create table exchange_settings (
  id smallint not null default 1,
  source text not null default 'none',
  url text,
  fetched_at timestamptz,
  fetched_for date,
  problem text,
  updated_at timestamptz,
  version bigint not null default 1,
  constraint exchange_settings_pkey primary key (id),
  constraint exchange_settings_id_check check (id = 1),
  constraint exchange_settings_source_check check (source in ('none', 'ecb'))
);
insert into exchange_settings default values;

-- `closed_on` is the day of closing in the account's zone as it was then. A won deal is a project between its days.
-- `first_…` and `last_…`: the campaigns of the first and the last touch of its contacts when it was made.
alter table deals
  add column closed_on date,
  add column starts_on date,
  add column ends_on date,
  add column step_told_on date,
  add column first_source text,
  add column first_campaign text,
  add column last_source text,
  add column last_campaign text,
  add constraint deals_days_check check (ends_on >= starts_on);
update deals set closed_on = (closed_at at time zone 'UTC')::date where closed_at is not null;
create index deals_won_idx on deals (company_id, closed_on) where status = 'won' and deleted_at is null;
create index deals_won_currency_idx on deals (currency, company_id) where status = 'won' and deleted_at is null;

-- How often the total of a line is paid, and from when until when (that day included).
alter table deal_items
  add column billing text not null default 'once',
  add column starts_on date,
  add column ends_on date,
  add constraint deal_items_billing_check check (billing in ('once', 'monthly', 'quarterly', 'yearly')),
  add constraint deal_items_days_check check (ends_on >= starts_on);
create index deal_items_ends_on_idx on deal_items (ends_on, deal_id) where ends_on is not null;

-- Counted from won deals, in minor units of `value_currency`; see deals/src/client_values. `value_missing` names currencies that
-- had no rate; `value_next` is the day on which another count is due.
alter table companies
  add column lifetime_value bigint not null default 0,
  add column contract_value bigint not null default 0,
  add column recurring_revenue bigint not null default 0,
  add column value_currency text,
  add column value_missing text[] not null default '{}',
  add column value_next date;
update companies c set value_next = date '1970-01-01' where exists
  (select from deals d where d.company_id = c.id and d.status = 'won' and d.deleted_at is null);
create index companies_lifetime_value_idx on companies (lifetime_value, id) where deleted_at is null;
create index companies_contract_value_idx on companies (contract_value, id) where deleted_at is null;
create index companies_recurring_revenue_idx on companies (recurring_revenue, id) where deleted_at is null;
create index companies_value_next_idx on companies (value_next, id) where value_next is not null;
create index companies_cancel_by_idx on companies (cancel_by, id) where cancel_by is not null and deleted_at is null;
