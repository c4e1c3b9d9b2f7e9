-- For the user: boards and forecasts of past days cost what they show, not all that changed since.
-- Safe while old code runs: a new table that it does not know. What it changes meanwhile, past boards see from the deal's next change on.

-- How long an open deal stood as a line of history says; derived from `deal_history`, written with it. Empty when two lines are of one moment.
create table deal_spans (
  deal_id uuid not null,
  version bigint not null,
  pipeline_id uuid not null,
  stage_id uuid not null,
  amount bigint not null,
  currency text not null,
  expected_close date,
  owner_id uuid,
  stage_since timestamptz not null,
  since timestamptz not null,
  until timestamptz not null default 'infinity',
  constraint deal_spans_pkey primary key (deal_id, version),
  constraint deal_spans_until_check check (until >= since)
);
insert into deal_spans
  select h.deal_id, h.version, h.pipeline_id, h.stage_id, h.amount, h.currency, h.expected_close, h.owner_id, h.stage_since, h.occurred_at, h.until
  from (select m.deal_id, m.version, m.pipeline_id, m.stage_id, m.amount, m.currency, m.expected_close, m.owner_id, m.stage_since, m.occurred_at,
      m.status, m.is_deleted, coalesce(lead(m.occurred_at) over (partition by m.deal_id order by m.version), 'infinity') as until
    from deal_history m) h
  where h.status = 'open' and not h.is_deleted;
-- A deal stands in one place.
create unique index deal_spans_deal_id_key on deal_spans (deal_id) where until = 'infinity';
-- Sums are read from the index alone, cards in their order.
create index deal_spans_pipeline_id_idx on deal_spans (pipeline_id, until, since)
  include (stage_id, currency, amount, expected_close, owner_id, deal_id);
create index deal_spans_stage_id_idx on deal_spans (stage_id, stage_since desc, deal_id);
