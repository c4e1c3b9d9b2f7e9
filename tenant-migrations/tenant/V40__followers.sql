-- For the user: contacts have pages in social networks; colleagues follow contacts, companies and deals and hear what happens there.
-- Safe while old code runs: a column with a default that it leaves alone, and a table that it does not know.

-- Addresses in the one form in which each is kept; they tell the network.
alter table contacts add column profiles text[] not null default '{}';

-- Who hears of a record. He follows it once, and hears of it only while he may see it.
create table followers (
  id uuid not null,
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  user_id uuid not null,
  added_by uuid,
  created_at timestamptz not null,
  constraint followers_pkey primary key (id),
  constraint followers_record_check check (num_nonnulls(contact_id, company_id, deal_id) = 1),
  constraint followers_contact_id_key unique (contact_id, user_id),
  constraint followers_company_id_key unique (company_id, user_id),
  constraint followers_deal_id_key unique (deal_id, user_id),
  constraint followers_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint followers_company_id_fkey foreign key (company_id) references companies (id) on delete cascade,
  constraint followers_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade
);
create index followers_user_id_idx on followers (user_id, contact_id) where contact_id is not null;
