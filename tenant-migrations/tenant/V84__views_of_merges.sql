-- For the user: views that name a contact name the one it becomes part of, and whoever is erased is found in what merges noted of views.
-- Safe while old code runs: indexes that it does not ask.

create index contact_merge_rows_views_idx on contact_merge_rows (merge_id) where table_name = 'saved_views';
create index company_merge_rows_views_idx on company_merge_rows (merge_id) where table_name = 'saved_views';
