-- For the user: a stage may ask for the fields that the tenant defined itself.
-- Safe while old code runs: a column with a default, which nothing else reads.

-- Ids of fields, so that one that is deleted is asked for no longer, and another one of its key is not asked for instead.
alter table pipeline_stages add column requires_custom uuid[] not null default '{}';
