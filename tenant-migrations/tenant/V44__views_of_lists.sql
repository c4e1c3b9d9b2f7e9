-- For the user: lists of deals, companies and tasks are kept under a name like those of contacts, for oneself, one's teams or
-- everybody.
-- Safe while old code runs: its views are of contacts and for nobody's team, as the new columns say by themselves; unique
-- indexes keep their names and allow more than before.

-- `options` is what the dashboard's list is asked for besides filters, in its own words: a pipeline, days that move with today.
alter table saved_views add column list text not null default 'contacts';
alter table saved_views add column kind text not null default 'table';
alter table saved_views add column is_team boolean not null default false;
alter table saved_views add column options jsonb not null default '{}';
alter table saved_views add constraint saved_views_is_team_check check (not (is_team and is_shared));
drop index saved_views_own_name_key;
drop index saved_views_shared_name_key;
drop index saved_views_own_default_key;
drop index saved_views_shared_default_key;
drop index saved_views_position_idx;
create unique index saved_views_own_name_key on saved_views (list, owner_id, lower(name)) where not is_shared;
create unique index saved_views_shared_name_key on saved_views (list, lower(name)) where is_shared;
create unique index saved_views_own_default_key on saved_views (list, owner_id) where is_default and not is_shared;
create unique index saved_views_shared_default_key on saved_views (list, is_shared) where is_default and is_shared;
create index saved_views_position_idx on saved_views (list, position, id);
