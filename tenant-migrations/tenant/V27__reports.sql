-- For the user: reports on what was closed, and on what was done, come at once however many deals and activities there are.
-- Safe while old code runs: only indexes, which it keeps up without knowing.

-- What closed deals add up to, without reading the deals themselves.
create index deals_closed_idx on deals (closed_at) include (status, currency, amount, owner_id, source, pipeline_id, created_at)
  where deleted_at is null and closed_at is not null;
-- All activities of some days, with any contact.
create index activities_occurred_idx on activities (occurred_at, id) include (kind, author_id, contact_id);
