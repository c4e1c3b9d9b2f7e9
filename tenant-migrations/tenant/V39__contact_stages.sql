-- For the user: the stages of contacts are the account's own: made, named, coloured, ordered and taken away; contacts that gave
-- no answer have one.
-- Safe while old code runs: what it reads of a stage stays as it was; the new columns have defaults or may be empty.

-- `key` is what contacts carry and never changes. `entry` says which contacts come in by themselves. A stage that was taken
-- away stays, so that the past has its name; `moved_to` is the stage whose contacts its contacts became.
alter table contact_stages add column id uuid;
alter table contact_stages add column colour text;
alter table contact_stages add column entry text;
alter table contact_stages add column removed_at timestamptz;
alter table contact_stages add column moved_to text;
alter table contact_stages add column created_at timestamptz not null default '2026-01-01T00:00:00Z';
alter table contact_stages add column updated_at timestamptz not null default '2026-01-01T00:00:00Z';
alter table contact_stages add column version bigint not null default 1;

-- Nobody's stage changes: the one for contacts that gave no answer is new and empty.
update contact_stages set position = position + 1 where position >= 3;
insert into contact_stages (key, label, position, outcome) values ('not_answered', 'Not answered', 3, 'open')
  on conflict on constraint contact_stages_pkey do nothing;

-- The same ids in every tenant: nothing outside the schema names them.
update contact_stages s set id = n.id::uuid, colour = n.colour, entry = n.entry from (values
  ('new', '00000000-0000-7000-8000-0000000000e1', '#1378c7', 'new'),
  ('contacted', '00000000-0000-7000-8000-0000000000e2', '#7b5fd9', null),
  ('not_answered', '00000000-0000-7000-8000-0000000000e3', '#637185', null),
  ('qualified', '00000000-0000-7000-8000-0000000000e4', '#c72b6a', 'converted'),
  ('proposal', '00000000-0000-7000-8000-0000000000e5', '#d57a16', null),
  ('negotiation', '00000000-0000-7000-8000-0000000000e6', '#82641d', null),
  ('won', '00000000-0000-7000-8000-0000000000e7', '#13895f', null),
  ('lost', '00000000-0000-7000-8000-0000000000e8', '#c32641', null)) as n(key, id, colour, entry)
  where s.key = n.key;
update contact_stages set id = gen_random_uuid() where id is null;
alter table contact_stages alter column id set not null;
alter table contact_stages add constraint contact_stages_id_key unique (id);
alter table contact_stages add constraint contact_stages_entry_check check (entry in ('new', 'converted'));
create unique index contact_stages_entry_key on contact_stages (entry) where entry is not null and removed_at is null;
create unique index contact_stages_label_key on contact_stages (lower(label)) where removed_at is null;
