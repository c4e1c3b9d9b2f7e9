-- For the user: a deal belongs to a company and lists what is sold, line by line; boards of very many deals come at once.
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

-- What became of the deals that were in a stage, by the day (UTC) on which they were closed: how likely a stage wins is the
-- sum of a few rows, however many deals there were. Kept by the verbs that close, open again, delete and restore.
create table stage_outcomes (
  stage_id uuid not null,
  closed_on date not null,
  closed integer not null,
  won integer not null,
  constraint stage_outcomes_pkey primary key (stage_id, closed_on),
  constraint stage_outcomes_stage_id_fkey foreign key (stage_id) references pipeline_stages (id) on delete cascade
);
insert into stage_outcomes (stage_id, closed_on, closed, won)
  select h.stage_id, h.closed_on, count(*), count(*) filter (where h.status = 'won') from (
    select distinct m.deal_id, m.stage_id, (d.closed_at at time zone 'UTC')::date as closed_on, d.status
    from deals d join deal_history m on m.deal_id = d.id join pipeline_stages s on s.id = m.stage_id
    where d.closed_at is not null and d.deleted_at is null) h
  group by h.stage_id, h.closed_on;

-- What a board adds up, without reading the deals themselves.
create index deals_figures_idx on deals (pipeline_id, stage_id) include (currency, amount) where status = 'open' and deleted_at is null;
