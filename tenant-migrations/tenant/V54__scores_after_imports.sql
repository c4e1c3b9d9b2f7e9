-- For the user: while an import brings many people, scores of everybody else are counted at once; theirs follow when it ends.
-- Safe while old code runs: one more index on a small table.
create index score_dirty_one_by_one_idx on score_dirty (contact_id) where not is_quiet;
