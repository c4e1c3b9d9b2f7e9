-- For the user: long lists of contacts in one stage, from one source or of one owner come at once in every order.
-- Safe while old code runs: its statements find the same columns in front. Readers wait only for the renaming.

-- The columns behind the id answer a filter inside the index: only rows that fit are read from the table. That holds
-- for the source and the moment of creation too, so the index on both goes.
create index contacts_by_created_at_idx on contacts (created_at, id, stage, source, owner_id) where deleted_at is null;
create index contacts_by_updated_at_idx on contacts (updated_at, id, stage, source, owner_id) where deleted_at is null;
create index contacts_by_name_idx on contacts (name_key, id, stage, source, owner_id) where deleted_at is null;

drop index contacts_created_at_idx, contacts_updated_at_idx, contacts_name_idx, contacts_source_idx;
alter index contacts_by_created_at_idx rename to contacts_created_at_idx;
alter index contacts_by_updated_at_idx rename to contacts_updated_at_idx;
alter index contacts_by_name_idx rename to contacts_name_idx;
