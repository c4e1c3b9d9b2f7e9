-- For the user: the search finds words of notes, of logged calls and messages, and of answers to forms.
-- Safe while old code runs: columns with a default. What old code writes meanwhile is found once somebody changes it.

-- Folded, with a space in front: a word of one or two letters is looked for where words begin.
alter table notes add column search text not null default '';
alter table activities add column search text not null default '';
alter table submissions add column search text not null default '';
update notes set search = ' ' || shared.fold(body);
update activities set search = ' ' || shared.fold(concat_ws(' ', title, body, outcome));
update submissions set search = ' ' || shared.fold(array_to_string(array(
  select a.value from jsonb_each_text(case jsonb_typeof(answers) when 'object' then answers else '{}' end) a), ' '));

-- A short pending list: a search reads it row by row.
create index notes_search_idx on notes using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512);
create index activities_search_idx on activities using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512);
create index submissions_search_idx on submissions using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512);
-- Frequent words are looked for among the newest.
create index notes_created_at_idx on notes (created_at, id);
