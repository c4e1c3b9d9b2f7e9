-- For the user: the forecast of a past day says what it said then: probabilities of stages and rates of exchange are kept as they were.
-- Safe while old code runs: new tables and a nullable column that it does not know. What it changes meanwhile counts as if it had
-- always been so.
-- append-only: stage_probabilities, exchange_rate_changes

-- A probability that a stage had until a moment; before the first of these moments it had that one, after the last it has its own.
-- It outlives its stage, as the history of deals does.
create table stage_probabilities (
  stage_id uuid not null,
  until timestamptz not null,
  probability smallint not null,
  constraint stage_probabilities_pkey primary key (stage_id, until)
);

-- What a rate was between two moments, when it became another one or was removed. `factor` as in `exchange_rates`.
create table exchange_rate_changes (
  home text not null,
  currency text not null,
  valid_from date not null,
  until timestamptz not null,
  since timestamptz not null,
  factor numeric not null,
  constraint exchange_rate_changes_pkey primary key (home, currency, valid_from, until)
);

-- What changed rates were before nobody knows: they count as if they had been so from the beginning.
insert into exchange_rate_changes (home, currency, valid_from, until, since, factor)
  select r.home, r.currency, r.valid_from, r.updated_at, r.created_at, r.factor from exchange_rates r where r.updated_at > r.created_at;

-- Since when these are kept; without a moment since the beginning.
alter table exchange_settings add column kept_since timestamptz;
update exchange_settings set kept_since = now() where exists (select from deal_history);
