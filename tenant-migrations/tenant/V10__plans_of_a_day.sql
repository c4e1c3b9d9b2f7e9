-- For the user: the overview and the line under every page show the calls and meetings of today.
-- Safe while old code runs: only one more index.

create index activities_occurred_at_idx on activities (occurred_at, id) where kind in ('call', 'meeting');
