-- For the user: a greeting goes to those who are in one of some segments, and to nobody who is in one of some others.
-- Safe while old code runs: columns with a default. It reads a greeting without its segments: nobody should narrow one by them
-- before the update has ended.

alter table greetings add column segments uuid[] not null default '{}';
alter table greetings add column excluded_segments uuid[] not null default '{}';
