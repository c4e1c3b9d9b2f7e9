-- For the user: an undo of an import also takes back what it did to contacts whose formulas were computed anew since.
-- Safe while old code runs: a column with a default of which it knows nothing.

-- How many of a contact's versions nobody made by an edit: a formula was computed, a field was taken away, a tag is called otherwise, a
-- stage was replaced. `version - derived` rises with edits alone.
alter table contacts add column derived bigint not null default 0;
