-- For the user: forms, files and programs that name a tag as it was called before give its contacts the tag that it became.
-- Safe while old code runs: a table of which it knows nothing.

-- What a tag was called before, and what tags were called that became part of it: whoever names it so means this tag. No tag has
-- such a name; whoever gives one to a tag takes it from here.
create table tag_aliases (
  id uuid not null,
  name text not null,
  tag_id uuid not null,
  created_at timestamptz not null,
  constraint tag_aliases_pkey primary key (id),
  constraint tag_aliases_tag_id_fkey foreign key (tag_id) references tags (id) on delete cascade
);
create unique index tag_aliases_name_key on tag_aliases (lower(name));
create index tag_aliases_tag_id_idx on tag_aliases (tag_id);

-- Tags whose contacts are following them in this moment.
insert into tag_aliases (id, name, tag_id, created_at)
  select r.id, r.name, r.tag_id, r.created_at from tag_runs r
  where r.tag_id is not null and not exists (select from tags t where lower(t.name) = lower(r.name))
  on conflict (lower(name)) do nothing;
