-- For the user: what is still to come is read without all that came before it, and a member's own files without everybody's.
-- Safe while old code runs: indexes of which it knows nothing.

create index follow_ups_planned_idx on follow_ups (fire_at, id) where status in ('waiting', 'paused');
create index files_uploaded_by_idx on files (uploaded_by, created_at desc, id desc) where uploaded_by is not null;
