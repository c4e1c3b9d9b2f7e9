-- For the user: each reader of a scheduled report gets its file in his own language.
-- Safe while old code runs: columns with defaults, which nothing else reads; it makes one file, as before.

-- `content` is in the first language of the readers; these are the same in their others, one for each of `other_languages`.
alter table report_runs
  add column other_languages text[] not null default '{}',
  add column other_contents bytea[] not null default '{}',
  add constraint report_runs_other_contents_check check (cardinality(other_languages) = cardinality(other_contents));
