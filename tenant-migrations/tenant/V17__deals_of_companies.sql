-- For the user: a deal belongs to a company and lists what is sold, line by line.
-- Safe while old code runs: a nullable column and a new table that it does not know; amounts stay where they were.

alter table deals add column company_id uuid;
alter table deals add constraint deals_company_id_fkey foreign key (company_id) references companies (id) on delete set null;
create index deals_company_id_idx on deals (company_id, created_at, id) where company_id is not null and deleted_at is null;

-- What is sold: quantity in thousandths, discount in hundredths of a percent, money in minor units of the deal's currency.
-- The total is derived by the verbs, which keep the deal's amount equal to the sum of totals.
create table deal_items (
  deal_id uuid not null,
  position smallint not null,
  name text not null,
  quantity bigint not null,
  unit_price bigint not null,
  discount integer not null,
  total bigint not null,
  constraint deal_items_pkey primary key (deal_id, position),
  constraint deal_items_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade,
  constraint deal_items_quantity_check check (quantity between 1 and 1000000000),
  constraint deal_items_unit_price_check check (unit_price between 0 and 100000000000000),
  constraint deal_items_discount_check check (discount between 0 and 10000),
  constraint deal_items_total_check check (total between 0 and 100000000000000)
);
