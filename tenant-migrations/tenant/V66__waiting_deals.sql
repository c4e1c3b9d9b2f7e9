-- For the user: how many deals wait is counted at once, however many are open and however few of them wait.
-- Safe while old code runs: only indexes.

create index deals_overdue_idx on deals (expected_close, owner_id) where status = 'open' and deleted_at is null;
create index deals_touched_idx on deals (pipeline_id, touched_at, owner_id) where status = 'open' and deleted_at is null;
