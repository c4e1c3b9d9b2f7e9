-- For the user: boards and forecasts of past days cost what changed since, however many deals there ever were.
-- Safe while old code runs: an index of which it knows nothing.

-- Which deals changed since a moment, and which ended in a time; with the kind, so that no line is read for it.
create index deal_history_occurred_at_idx on deal_history (occurred_at, deal_id, kind);
