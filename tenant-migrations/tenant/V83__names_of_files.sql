-- For the user: whoever is erased is found in names of files and in what became of tasks without reading all of them.
-- Safe while old code runs: indexes that it does not ask.

create index files_words_idx on files using gin (lower(name) gin_trgm_ops) with (gin_pending_list_limit = 512);

-- What was written when a task ended: without it no index helped to find the tasks that say a text.
create index tasks_outcome_idx on tasks using gin (lower(outcome) gin_trgm_ops) with (gin_pending_list_limit = 512)
  where outcome is not null;
