-- For the user: companies are kept with their people and roles, their hierarchy, tier, value and renewal dates.
-- Safe while old code runs: only new tables.

-- name_key, domain, tax_key and search are derived: the verbs write them with the row, so that lists, search and the hint
-- at duplicates touch one table. Amounts are in minor units of currency.
create table companies (
  id uuid not null,
  name text not null,
  legal_name text,
  industry text,
  size text,
  website text,
  profiles text[] not null default '{}',
  email text,
  phone text,
  address jsonb,
  tax_id text,
  description text,
  status text not null default 'prospect',
  tier text,
  parent_id uuid,
  owner_id uuid,
  annual_value bigint,
  monthly_revenue bigint,
  currency text,
  client_since date,
  renews_on date,
  cancel_by date,
  name_key text collate "C" not null,
  domain text collate "C",
  tax_key text collate "C",
  search text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint companies_pkey primary key (id),
  constraint companies_parent_id_fkey foreign key (parent_id) references companies (id) on delete set null,
  constraint companies_parent_id_check check (parent_id <> id),
  constraint companies_size_check check (size in ('1', '2-10', '11-50', '51-200', '201-500', '501-1000', '1001-5000', '5001+')),
  constraint companies_status_check check (status in ('prospect', 'active', 'inactive', 'former', 'blacklisted')),
  constraint companies_tier_check check (tier in ('bronze', 'silver', 'gold', 'platinum')),
  constraint companies_annual_value_check check (annual_value >= 0),
  constraint companies_monthly_revenue_check check (monthly_revenue >= 0),
  constraint companies_currency_check check (currency is not null or (annual_value is null and monthly_revenue is null)),
  constraint companies_cancel_by_check check (cancel_by <= renews_on)
);
create index companies_created_at_idx on companies (created_at, id) where deleted_at is null;
create index companies_updated_at_idx on companies (updated_at, id) where deleted_at is null;
create index companies_name_idx on companies (name_key, id) where deleted_at is null;
create index companies_status_idx on companies (status, created_at, id) where deleted_at is null;
create index companies_owner_id_idx on companies (owner_id, created_at, id) where deleted_at is null;
create index companies_annual_value_idx on companies (coalesce(annual_value, 0), id) where deleted_at is null;
create index companies_renews_on_idx on companies (coalesce(renews_on, '9999-12-31'::date), id) where deleted_at is null;
create index companies_parent_id_idx on companies (parent_id) where parent_id is not null;
create index companies_domain_idx on companies (domain) where domain is not null;
create index companies_tax_key_idx on companies (tax_key) where tax_key is not null;
-- A short pending list: a search reads it row by row.
create index companies_search_idx on companies using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512)
  where deleted_at is null;
create index companies_deleted_at_idx on companies (deleted_at, id) where deleted_at is not null;

-- Who a company's people are. At most one of them is asked first.
create table company_contacts (
  company_id uuid not null,
  contact_id uuid not null,
  roles text[] not null default '{}',
  is_primary boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint company_contacts_pkey primary key (company_id, contact_id),
  constraint company_contacts_company_id_fkey foreign key (company_id) references companies (id) on delete cascade,
  constraint company_contacts_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint company_contacts_roles_check check (roles <@ array['decision_maker', 'technical', 'billing'])
);
create unique index company_contacts_primary_key on company_contacts (company_id) where is_primary;
create index company_contacts_contact_id_idx on company_contacts (contact_id, company_id);
